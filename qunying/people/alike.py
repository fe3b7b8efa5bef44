"""Accounts that may be one person, found by what their cards share; a person decides.

Cards that are new or have changed are compared beside the pipeline, some at a time; of an account all cards together. What
more than a few accounts share (the phone of a shop, a card everybody copied) shows nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from qunying.people.models import Alike, Card, Membership
from qunying.people.models import Trait as TraitRow
from qunying.people.traits import LIKELY, SHARED_BY_AT_MOST, Told, Trait, likely, traits_of
from qunying.store import rows
from qunying.store.backlog import work_off

AT_ONCE = 500  # cards
BATCHES_A_STEP = 10

Pair = tuple[int, int]
Found = tuple[str, float, str]  # code, score, what is shared
_Card = tuple[int, int, Told]  # membership, account, what it says


def step(now: datetime) -> int:
    """Compares some of the cards that are new; answers how many."""
    return work_off(lambda: _do_batch(now), AT_ONCE, BATCHES_A_STEP)


def do_compare_new(now: datetime) -> int:
    """Compares every card that was not compared yet; answers how many."""
    return work_off(lambda: _do_batch(now), AT_ONCE)


def _do_batch(now: datetime) -> int:
    new = list(Card.objects.filter(is_compared=False).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not new:
        return 0
    for _pk, _account, told in _cards_of(_accounts_of(new)):
        traits_of(told)  # remembered, so that the transaction need not wait for it
    with transaction.atomic():
        rows.lock_table(TraitRow)
        rows.lock_rows(Membership, new)  # so that nobody reads their cards anew meanwhile
        accounts = _accounts_of(new)
        _do_keep_traits(accounts, _cards_of(accounts), now)
        Card.objects.filter(pk__in=rows.among(new)).update(is_compared=True)
        do_compare(accounts, now)
    return len(new)


def _accounts_of(membership_ids: Iterable[int]) -> list[int]:
    seats = Membership.objects.filter(pk__in=rows.among(membership_ids), identity__is_bot=False)
    return sorted(set(seats.values_list("identity_id", flat=True)))


def _cards_of(accounts: Sequence[int]) -> list[_Card]:
    cards = Card.objects.filter(membership__identity__in=rows.among(accounts)).order_by("pk")
    said = cards.values_list("pk", "membership__identity_id", "text", "city", "company", "job", "name")
    return [(pk, account, Told(*fields)) for pk, account, *fields in said]


def _do_keep_traits(accounts: Sequence[int], cards: Sequence[_Card], now: datetime) -> None:
    """Writes what the cards of these accounts show now in place of what they showed."""
    wanted = {(account, one.kind, one.value): one.beside for _pk, account, told in cards for one in traits_of(told)}
    kept = TraitRow.objects.filter(identity__in=rows.among(accounts), source="")
    known = {
        (row[1], row[2], row[3]): (row[0], row[4])
        for row in kept.values_list("pk", "identity_id", "kind", "value", "beside")
    }
    gone = [pk for key, (pk, beside) in known.items() if wanted.get(key) != beside]
    TraitRow.objects.filter(pk__in=rows.among(gone)).delete()
    fresh = [(*key, beside, "", now) for key, beside in wanted.items() if known.get(key, (0, None))[1] != beside]
    rows.insert(TraitRow, ["identity_id", "kind", "value", "beside", "source", "at"], fresh)


def do_compare(accounts: Collection[int], now: datetime) -> None:
    """Brings up to date with whom these accounts may be one person. Within the caller's transaction."""
    shared = _shared(accounts)
    together = _sitting_together({one for found in shared.values() for one in found})
    pairs: dict[Pair, Found] = {}
    touched = set(accounts)
    for (kind, value), found in shared.items():
        for one, other in _pairs(found, touched):
            score = likely(kind, value, found[one], found[other], sit_together=bool(together[one] & together[other]))
            if score >= LIKELY and score > pairs.get((one, other), ("", 0.0, ""))[1]:
                pairs[one, other] = (kind, score, _as_told(value))
    crowded = [key for key, found in shared.items() if len(found) > SHARED_BY_AT_MOST]
    _do_keep_pairs(accounts, pairs, crowded, now)


def _as_told(value: str) -> str:
    return value.replace("|", " · ")


def _pairs(found: Mapping[int, Trait], touched: Collection[int]) -> list[Pair]:
    if len(found) > SHARED_BY_AT_MOST:
        return []
    several = sorted(found)
    return [
        (one, other)
        for place, one in enumerate(several)
        for other in several[place + 1 :]
        if one in touched or other in touched
    ]


def _shared(accounts: Collection[int]) -> dict[tuple[str, str], dict[int, Trait]]:
    """Per value that one of these accounts has with others: the accounts that have it, as many as are needed to judge."""
    table = connection.ops.quote_name(TraitRow._meta.db_table)
    among = rows.among(accounts)
    sql = f"""
        SELECT t.kind, t.value, t.beside, t.source, t.identity_id
        FROM (SELECT DISTINCT kind, value FROM {table} WHERE identity_id IN ({among.sql})) w
        JOIN {table} t ON t.id IN (
            SELECT s.id FROM {table} s WHERE s.kind = w.kind AND s.value = w.value LIMIT {3 * SHARED_BY_AT_MOST}
        )
        """  # an account may have it twice, by card and by file
    with connection.cursor() as cursor:
        cursor.execute(sql, among.params)
        found: dict[tuple[str, str], dict[int, Trait]] = defaultdict(dict)
        for kind, value, beside, source, account in cursor.fetchall():
            held = found[kind, value].get(account)
            if held is None or source > held.source:
                found[kind, value][account] = Trait(kind, value, beside, source)
    return {key: held for key, held in found.items() if len(held) > 1}


def _sitting_together(accounts: Collection[int]) -> Mapping[int, set[int]]:
    """The groups where each of these sits now."""
    seats = Membership.objects.filter(identity__in=rows.among(accounts), is_present=True)
    found: dict[int, set[int]] = defaultdict(set)
    for account, group in seats.values_list("identity_id", "group_id"):
        found[account].add(group)
    return found


def _do_keep_pairs(
    accounts: Collection[int], pairs: Mapping[Pair, Found], crowded: Sequence[tuple[str, str]], now: datetime
) -> None:
    known: dict[Pair, Any] = {}
    for end in ("one", "other"):
        held = Alike.objects.filter(**{f"{end}__in": rows.among(accounts)})
        known |= {
            (row[1], row[2]): row for row in held.values_list("pk", "one_id", "other_id", "code", "score", "shared")
        }
    gone = [row[0] for pair, row in known.items() if pair not in pairs]
    Alike.objects.filter(pk__in=rows.among(gone)).delete()
    if crowded:
        common = {_as_told(value) for _kind, value in crowded}
        Alike.objects.filter(code__in={kind for kind, _value in crowded}, shared__in=common).delete()
    changed = [(*found, known[pair][0]) for pair, found in pairs.items() if pair in known and known[pair][3:] != found]
    rows.update(Alike, ["code", "score", "shared"], ["id"], changed)
    fresh = [(*pair, *found, now) for pair, found in sorted(pairs.items()) if pair not in known]
    rows.insert(Alike, ["one_id", "other_id", "code", "score", "shared", "found_at"], fresh)

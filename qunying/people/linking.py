"""Accounts that others vouch for: whoever has the same union id, verified phone or address is one person.

What is vouched for is kept, so that the next table joins with what this one told. Nothing is joined against anybody's word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db import transaction
from django.db.models import Q

from qunying.people.alike import do_compare
from qunying.people.merging import Contradiction, Doubtful, Evidence, do_merge_persons, kin_of
from qunying.people.models import Identity, Merge, Trait
from qunying.store import rows

AT_ONCE = 1000
SHARED_BY_AT_MOST = 6  # accounts; a phone that more have is no longer somebody's own
SCORES = {"union": 1.0, "phone": 0.97, "email": 0.95}

Value = tuple[str, str]  # kind, value


@dataclass(frozen=True, slots=True)
class Vouched:
    """A line of a table: this account has this union id, phone or address (as ``traits.plain`` writes it)."""

    place: int
    account_id: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Unjoined:
    """What was not done, and why: a code of ``REASONS``, the line, and who it is about."""

    reason: str
    place: int
    example: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of a table's lines: new facts about accounts, known ones, people joined, and what was left."""

    new: int
    known: int
    joined: int
    left: tuple[Unjoined, ...]


def do_link(told: Sequence[Vouched], source: str, at: datetime) -> Linked:
    """Keeps what is vouched for and joins who shares it; told again, nothing is doubled. ``source`` says who vouches.

    Each piece and each merge is a transaction of its own, so an interrupted run goes on where it is told again.
    """
    left: list[Unjoined] = []
    new = 0
    for start in range(0, len(told), AT_ONCE):
        new += _do_keep(told[start : start + AT_ONCE], source, at, left)
    places = {(one.account_id, one.kind, one.value): one.place for one in reversed(told)}
    joined = 0
    for value, accounts in _sharing({(one.kind, one.value) for one in told}):
        joined += _do_join(value, accounts, places, source, at, left)
    touched = sorted({one.account_id for one in told})
    for start in range(0, len(touched), AT_ONCE):
        with transaction.atomic():
            rows.lock_table(Trait)
            do_compare(touched[start : start + AT_ONCE], at)
    return Linked(new, len(told) - new - sum(one.reason == "two_unions" for one in left), joined, tuple(left))


@transaction.atomic
def _do_keep(told: Sequence[Vouched], source: str, at: datetime, left: list[Unjoined]) -> int:
    """Keeps what nobody vouched for yet; answers how much. An account that has another union id already keeps that one."""
    rows.lock_table(Trait)
    ids = {one.account_id for one in told}
    held = Trait.objects.filter(identity__in=rows.among(ids)).exclude(source="")
    known = set(held.values_list("identity_id", "kind", "value"))
    unions = {account: value for account, kind, value in known if kind == "union"}
    fresh: list[tuple[object, ...]] = []
    for one in told:
        key = (one.account_id, one.kind, one.value)
        if one.kind == "union" and unions.setdefault(one.account_id, one.value) != one.value:
            left.append(Unjoined("two_unions", one.place, one.value))
        elif key not in known:
            known.add(key)
            fresh.append((*key, "", source[:200], at))
    rows.insert(Trait, ["identity_id", "kind", "value", "beside", "source", "at"], fresh)
    return len(fresh)


def _sharing(values: Collection[Value]) -> Iterator[tuple[Value, list[int]]]:
    """The accounts for which each of these is vouched, where there are several; in a steady order."""
    wanted = sorted(values)
    for start in range(0, len(wanted), AT_ONCE):
        found: dict[Value, set[int]] = defaultdict(set)
        piece = wanted[start : start + AT_ONCE]
        for kind, value, account, source in rows.select(
            Trait, ["kind", "value", "identity_id", "source"], ["kind", "value"], piece
        ):
            if source:
                found[kind, value].add(account)
        yield from ((value, sorted(found[value])) for value in piece if len(found[value]) > 1)


def _do_join(
    value: Value,
    accounts: Sequence[int],
    places: Mapping[tuple[int, str, str], int],
    source: str,
    at: datetime,
    left: list[Unjoined],
) -> int:
    """Joins these accounts; answers how many people became fewer."""
    names = dict(Identity.objects.filter(pk__in=accounts).values_list("pk", "name"))
    if len(accounts) > SHARED_BY_AT_MOST:
        place = min(places[key] for key in places if key[1:] == value)
        left.append(Unjoined("too_many", place, "、".join(names[one] for one in accounts[:SHARED_BY_AT_MOST])))
        return 0
    joined = 0
    for one, other in combinations(accounts, 2):
        place = min((places[key] for end in (one, other) if (key := (end, *value)) in places), default=0)
        if not place:
            continue  # this table says nothing of either
        reason = _do_join_two(one, other, Evidence(value[0], SCORES[value[0]], value[1], source), at)
        joined += reason == ""
        if reason:
            left.append(Unjoined(reason, place, f"{names[one]} = {names[other]}"))
    return joined


def _do_join_two(one: int, other: int, why: Evidence, at: datetime) -> str | None:
    """«» where they became one person, None where they were, else why not."""
    ours, theirs = kin_of([one]), kin_of([other])
    if ours == theirs:
        return None
    if _was_taken_back(ours, theirs, why.code):
        return "taken_back"
    try:
        do_merge_persons(one, other, why, by=None, at=at)
    except Contradiction:
        return "contradiction"
    except Doubtful:
        return "doubtful"
    return ""


def _was_taken_back(ours: Collection[int], theirs: Collection[int], code: str) -> bool:
    """Whether somebody undid that once: a table does not know better."""
    ends = Q(one__in=ours, other__in=theirs) | Q(one__in=theirs, other__in=ours)
    return Merge.objects.filter(ends, code=code).exclude(undone_at=None).exists()

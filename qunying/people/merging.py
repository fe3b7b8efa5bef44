"""Accounts become one person by evidence, and are what they were when that is taken back.

A person is whoever the merges that count connect: the order in which they were made, and what was taken back meanwhile,
leaves no trace. Of several accounts the one that came to us first gives the person its id and its name; accounts with a shop
only where there is no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.ladder import do_ask_where_counted
from qunying.people.models import Apart, Identity, Membership, Merge
from qunying.store import rows

SHOP = (
    "shop"  # the carrier of accounts that people have with whoever told of their deeds; they name nobody who also talks
)
STRONG = frozenset({"union", "phone", "email"})  # what joins two people on its own; for anything else somebody answers


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two accounts are one person. ``score`` from 0 to 1; ``shared`` is what both have, ``source`` who says so."""

    code: str
    score: float = 1.0
    shared: str = ""
    source: str = ""


class Contradiction(BadUse):
    """Somebody has said otherwise; ``pair`` are the accounts it is about."""

    pair: tuple[int, int] = (0, 0)


class Doubtful(BadUse):
    """It looks like two people: both spoke in the same groups during the same time. A person may insist."""

    groups: tuple[int, ...] = ()


@transaction.atomic
def do_merge_persons(
    one: int, other: int, why: Evidence, *, by: int | None, at: datetime, is_confirmed: bool = False
) -> int:
    """The persons of these two accounts are one from now on; answers the merge's id, the old one's where it counts already.

    Raises ``Contradiction`` where somebody said that two of their accounts are different people, ``Doubtful`` where they
    look like two people and nobody ``is_confirmed`` it, ``BadUse`` for accounts that cannot be one person.
    """
    if by is None and why.code not in STRONG:
        raise ValueError(f"{why.code!r} joins nobody without a person who says so")
    rows.lock_table(Merge)
    one, other = sorted((one, other))
    old = Merge.objects.filter(one=one, other=other, undone_at=None).values_list("pk", flat=True).first()
    if old is not None:
        return old
    ours, theirs = _persons_of(one, other)
    _refuse_what_contradicts(ours, theirs)
    if not is_confirmed and (groups := find_doubts(ours, theirs)):
        raise _doubtful(groups)
    new = do_join(one, other, why, by=by, at=at, is_confirmed=is_confirmed)
    Identity.objects.filter(pk__in=[*ours, *theirs]).update(person_id=_first_of([*ours, *theirs]))
    _do_ask_to_count_anew(ours, theirs, at)
    return new


def do_join(one: int, other: int, why: Evidence, *, by: int | None, at: datetime, is_confirmed: bool) -> int:
    """Writes down that these accounts are one person, lower id first, with its fact; whose person they become is the caller's.
    Answers the merge's id. Within the caller's transaction."""
    new = Merge.objects.create(
        one_id=one,
        other_id=other,
        code=why.code,
        score=why.score,
        shared=why.shared[:300],
        source=why.source[:200],
        is_confirmed=is_confirmed,
        by_id=by,
        at=at,
    )
    do_record_facts(_facts("people.merged", new, by, at))
    return new.pk


@transaction.atomic
def do_undo_merge(merge_id: int, *, by: int | None, at: datetime) -> bool:
    """That merge counts no more: its accounts stay one person only where others still connect them. False if it did not."""
    rows.lock_table(Merge)
    merge = Merge.objects.filter(pk=merge_id, undone_at=None).first()
    if merge is None:
        return False
    merge.undone_at, merge.undone_by_id = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    do_settle_persons(kin_of([merge.one_id, merge.other_id]))
    _do_ask_to_count_anew(kin_of([merge.one_id]), kin_of([merge.other_id]), at)
    do_record_facts(_facts("people.unmerged", merge, by, at))
    return True


def _do_ask_to_count_anew(ours: Collection[int], theirs: Collection[int], at: datetime) -> None:
    """Who carries a community is counted by person: where both spoke, what was counted of either is of nobody any more."""
    spoke = Membership.objects.filter(identity__in=rows.among([*ours, *theirs])).exclude(first_spoke_at=None)
    of_ours, homes = set(ours), (set[int](), set[int]())
    for home, identity in spoke.values_list("community_id", "identity_id"):
        homes[identity in of_ours].add(home)
    both = homes[0] & homes[1]
    if both:
        do_ask_where_counted(both, at)


@transaction.atomic
def do_declare_apart(one: int, other: int, *, by: int | None, at: datetime) -> int:
    """These accounts are two people: they are suggested no more and not joined; answers the id of that word.

    Raises ``Contradiction`` where they are one person now, and ``BadUse`` for accounts that are not there.
    """
    rows.lock_table(Merge)
    one, other = sorted((one, other))
    persons = dict(Identity.objects.filter(pk__in=(one, other)).values_list("pk", "person_id"))
    if len(persons) < 2:
        raise BadUse(mark("有一个账号已经不在了"))
    if persons[one] == persons[other]:
        refusal = Contradiction(mark("他们现在是同一个人，先撤回把他们连在一起的合并"))
        refusal.pair = (one, other)
        raise refusal
    word, is_new = Apart.objects.get_or_create(
        one_id=one, other_id=other, undone_at=None, defaults={"by_id": by, "at": at}
    )
    if is_new:
        do_record_facts(_facts("people.apart", word, by, at))
    return word.pk


@transaction.atomic
def do_end_apart(apart_id: int, *, by: int | None, at: datetime) -> bool:
    """That two accounts are two people is said no more; False where it was not."""
    rows.lock_table(Merge)
    word = Apart.objects.filter(pk=apart_id, undone_at=None).first()
    if word is None:
        return False
    word.undone_at, word.undone_by_id = at, by
    word.save(update_fields=["undone_at", "undone_by"])
    do_record_facts(_facts("people.apart_ended", word, by, at))
    return True


def do_settle_persons(accounts: Collection[int]) -> None:
    """Gives these accounts the persons that the merges among them make. Every person of theirs must be whole among them."""
    if not accounts:
        return
    pairs = Merge.objects.filter(undone_at=None, one__in=rows.among(accounts), other__in=rows.among(accounts))
    shops = _shops(accounts)
    for members in connected(accounts, pairs.values_list("one_id", "other_id")):
        person = _first(members, shops)
        Identity.objects.filter(pk__in=rows.among(members)).exclude(person=person).update(person_id=person)


def connected(accounts: Iterable[int], pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The accounts that the pairs connect, in order; pairs that name others are ignored."""
    top = {account: account for account in accounts}

    def find(account: int) -> int:
        while top[account] != account:
            top[account] = account = top[top[account]]
        return account

    for one, other in pairs:
        if one in top and other in top:
            low, high = sorted((find(one), find(other)))
            top[high] = low
    found: dict[int, list[int]] = defaultdict(list)
    for account in sorted(top):
        found[find(account)].append(account)
    return list(found.values())


def _first_of(accounts: Collection[int]) -> int:
    return _first(accounts, _shops(accounts))


def _first(accounts: Collection[int], shops: Collection[int]) -> int:
    """Whose name and id a person with these accounts has."""
    return min(accounts, key=lambda account: (account in shops, account))


def _shops(accounts: Collection[int]) -> set[int]:
    return set(Identity.objects.filter(pk__in=rows.among(accounts), carrier=SHOP).values_list("pk", flat=True))


def find_doubts(ours: Collection[int], theirs: Collection[int]) -> tuple[int, ...]:
    """Groups in which accounts of both sides spoke, the one's time there overlapping the other's; ids in order."""
    spoken = Membership.objects.filter(identity__in=[*ours, *theirs]).exclude(first_spoke_at=None)
    spans: dict[int, list[tuple[bool, datetime, datetime]]] = defaultdict(list)
    for group, identity, first, last in spoken.values_list(
        "group_id", "identity_id", "first_spoke_at", "last_spoke_at"
    ):
        if first is not None:  # as the filter has it
            spans[group].append((identity in ours, first, last or first))
    return tuple(sorted(group for group, found in spans.items() if _overlap(found)))


def _overlap(spans: Sequence[tuple[bool, datetime, datetime]]) -> bool:
    ours = [(first, last) for is_ours, first, last in spans if is_ours]
    theirs = [(first, last) for is_ours, first, last in spans if not is_ours]
    return any(a <= d and c <= b for a, b in ours for c, d in theirs)


def _persons_of(one: int, other: int) -> tuple[list[int], list[int]]:
    """All accounts of the persons of these two. Raises ``BadUse`` where they cannot be one person."""
    if one == other:
        raise BadUse(mark("这是同一个账号，不用合并"))
    pair = dict(Identity.objects.filter(pk__in=(one, other)).values_list("pk", "is_bot"))
    if len(pair) < 2:
        raise BadUse(mark("有一个账号已经不在了"))
    if pair[one] != pair[other]:
        raise BadUse(mark("一个是机器人，一个是人，不能合成一个人"))
    return kin_of([one]), kin_of([other])


def kin_of(accounts: Collection[int]) -> list[int]:
    """All accounts of the persons of these, in order."""
    persons = Identity.objects.filter(pk__in=accounts).values("person_id")
    return list(Identity.objects.filter(person__in=persons).order_by("pk").values_list("pk", flat=True))


def _refuse_what_contradicts(ours: Collection[int], theirs: Collection[int]) -> None:
    said = Apart.objects.filter(undone_at=None).filter(
        Q(one__in=ours, other__in=theirs) | Q(one__in=theirs, other__in=ours)
    )
    word = said.select_related("one", "other", "by").order_by("pk").first()
    if word is None:
        return
    refusal = Contradiction(
        mark("%(who)s 在 %(day)s 说过「%(one)s」和「%(other)s」不是同一个人；要合并，先撤回那句话"),
        who=(word.by.first_name or word.by.username) if word.by else "—",
        day=word.at.date().isoformat(),
        one=word.one.name,
        other=word.other.name,
    )
    refusal.pair = (word.one_id, word.other_id)
    raise refusal


def _doubtful(groups: tuple[int, ...]) -> Doubtful:
    refusal = Doubtful(
        mark("两边在 %(n)d 个相同的群里、同一段时间都说过话，多半是两个人；确实是同一个人，要再确认一次"), n=len(groups)
    )
    refusal.groups = groups
    return refusal


def _facts(name: str, what: Merge | Apart, by: int | None, at: datetime) -> list[Fact]:
    """One for each community that knows either of them, so that everybody who counts them can read why; ids only."""
    ends = (what.one_id, what.other_id)
    seats = (
        Membership.objects.filter(identity__in=ends).order_by("-identity_id").values_list("community_id", "identity_id")
    )
    homes: Mapping[int | None, int] = dict(seats) or {None: what.one_id}
    words: dict[str, object] = {"accounts": list(ends), "id": what.pk}
    if isinstance(what, Merge):
        words |= {"code": what.code, "score": what.score, "confirmed": what.is_confirmed}
    return [
        Fact(
            name=name,
            at=at,
            community_id=home,
            actor=f"user:{by}" if by else "system",
            key=f"{name}:{what.pk}:{home or ''}",
            identity_id=identity,
            words=words,
        )
        for home, identity in sorted(homes.items(), key=str)
    ]

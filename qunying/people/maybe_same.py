"""Who may be one person, for those who decide it; and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from qunying.people.models import Alike, Apart, Identity, Membership, Merge
from qunying.people.roll import RollLine, lines_of

SEATS_SHOWN = 50  # of one person


@dataclass(frozen=True, slots=True)
class MaybeSame:
    """Two accounts that may be one human being: ``code`` and ``shared`` say why, ``score`` how likely."""

    id: int
    one_id: int
    other_id: int
    code: str
    score: float
    shared: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """A merge that counts: which accounts, why, by whom of us (None: a file), when."""

    id: int
    one_id: int
    other_id: int
    code: str
    score: float
    shared: str
    source: str
    is_confirmed: bool
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Somebody said that these accounts are two people."""

    id: int
    one_id: int
    other_id: int
    by_id: int | None
    at: datetime


_JOINED = ("pk", "one_id", "other_id", "code", "score", "shared", "source", "is_confirmed", "by_id", "at")
_APART = ("pk", "one_id", "other_id", "by_id", "at")
_MAYBE = ("pk", "one_id", "other_id", "code", "score", "shared", "found_at")


def list_maybe_same(
    community_ids: Collection[int] | None, now: datetime, *, skip: int = 0, limit: int
) -> list[MaybeSame]:
    """Who is to be asked about within these communities (None: everywhere), the likeliest first."""
    pairs = _open(community_ids, now).order_by("-score", "pk").values_list(*_MAYBE)
    return [MaybeSame(*row) for row in pairs[skip : skip + limit]]


def count_maybe_same(community_ids: Collection[int] | None, now: datetime, *, at_most: int) -> int:
    """How many such pairs there are; counting ends at ``at_most``."""
    return _open(community_ids, now).order_by()[:at_most].count()


def find_maybe_same(pair_id: int) -> MaybeSame | None:
    """That pair, decided or not; None where it is shown by nothing any more."""
    row = Alike.objects.filter(pk=pair_id).values_list(*_MAYBE).first()
    return MaybeSame(*row) if row else None


def list_maybe_same_of(
    accounts: Collection[int], community_ids: Collection[int] | None, now: datetime
) -> list[MaybeSame]:
    """Those of them in which one of these accounts is."""
    pairs = _open(community_ids, now).filter(Q(one__in=accounts) | Q(other__in=accounts))
    return [MaybeSame(*row) for row in pairs.order_by("-score", "pk").values_list(*_MAYBE)[:20]]


def do_lay_aside(pair_id: int, until: datetime | None) -> bool:
    """Nobody is asked about that pair before then, None: from now on again; False where it is not there any more."""
    return bool(Alike.objects.filter(pk=pair_id).update(later_until=until))


def _open(community_ids: Collection[int] | None, now: datetime) -> QuerySet[Alike]:
    """Neither one person already, nor said to be two, nor laid aside; both ends within reach."""
    ends = (OuterRef("one__person"), OuterRef("other__person"))
    said = Apart.objects.filter(undone_at=None)
    there, back = (said.filter(one__person=one, other__person=other) for one, other in (ends, reversed(ends)))
    pairs = Alike.objects.filter(Q(later_until=None) | Q(later_until__lte=now)).exclude(one__person=F("other__person"))
    pairs = pairs.filter(~Exists(there), ~Exists(back))
    if community_ids is None:
        return pairs
    here = Membership.objects.filter(community__in=community_ids)
    return pairs.filter(
        Exists(here.filter(identity=OuterRef("one_id"))), Exists(here.filter(identity=OuterRef("other_id")))
    )


def list_merges_among(accounts: Collection[int]) -> list[Joined]:
    """The merges that count between these accounts, oldest first."""
    merges = Merge.objects.filter(undone_at=None, one__in=accounts, other__in=accounts).order_by("at", "pk")
    return [Joined(*row) for row in merges.values_list(*_JOINED)]


def find_merge_ends(merge_id: int) -> tuple[int, int] | None:
    """The accounts of a merge, also of one that counts no more."""
    return Merge.objects.filter(pk=merge_id).values_list("one_id", "other_id").first()


def list_aparts_of(accounts: Collection[int]) -> list[ToldApart]:
    """Whom these accounts were told apart from, oldest first."""
    words = Apart.objects.filter(undone_at=None).filter(Q(one__in=accounts) | Q(other__in=accounts))
    return [
        ToldApart(*row) for row in words.order_by("at", "pk").values_list("pk", "one_id", "other_id", "by_id", "at")
    ]


def find_apart_ends(apart_id: int) -> tuple[int, int] | None:
    """The accounts of such a word, also of one that was taken back."""
    return Apart.objects.filter(pk=apart_id).values_list("one_id", "other_id").first()


def seats_of_persons(
    person_ids: Collection[int], community_ids: Collection[int] | None
) -> Mapping[int, Sequence[RollLine]]:
    """Where each of these sits or sat within those communities, the liveliest first, at most ``SEATS_SHOWN``. One query each."""
    found: dict[int, list[RollLine]] = {}
    for person in person_ids:
        seats = Membership.objects.filter(identity__person=person)
        if community_ids is not None:
            seats = seats.filter(community__in=community_ids)
        found[person] = lines_of(seats.order_by("-is_present", "-messages", "-id")[:SEATS_SHOWN])
    return found


def persons_of(account_ids: Collection[int]) -> dict[int, int]:
    """The person that each of these accounts is today; unknown ones are absent."""
    return dict(Identity.objects.filter(pk__in=account_ids, person__isnull=False).values_list("pk", "person_id"))


def list_decided_by(user_id: int, *, limit: int) -> tuple[list[Joined], list[ToldApart]]:
    """What that sign-in last said of accounts, the latest first: one person, or two. Two queries."""
    merges = Merge.objects.filter(undone_at=None, by=user_id).order_by("-pk").values_list(*_JOINED)
    words = Apart.objects.filter(undone_at=None, by=user_id).order_by("-pk").values_list(*_APART)
    return [Joined(*row) for row in merges[:limit]], [ToldApart(*row) for row in words[:limit]]


def is_within(account_ids: Collection[int], community_ids: Collection[int] | None) -> bool:
    """Whether each of these accounts sits or sat in one of those communities (None: anywhere, or nowhere at all)."""
    wanted = set(account_ids)
    if community_ids is None:
        return Identity.objects.filter(pk__in=wanted).count() == len(wanted)
    seats = Membership.objects.filter(identity__in=wanted, community__in=community_ids)
    return seats.values("identity").distinct().count() == len(wanted)

"""Who may be one person, for those who decide it; and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from qunying.people.models import Alike, Apart, Identity, Membership, Merge
from qunying.people.roll import Account, RollLine, lines_of
from qunying.store import rows

SEATS_SHOWN = 8  # of each account


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
    columns = ("pk", "one_id", "other_id", "code", "score", "shared", "source", "is_confirmed", "by_id", "at")
    return [Joined(*row) for row in merges.values_list(*columns)]


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


def accounts_with_seats(
    account_ids: Collection[int], community_ids: Collection[int] | None
) -> tuple[dict[int, Account], Mapping[int, Sequence[RollLine]]]:
    """These accounts, and where each sits or sat within those communities (the liveliest first). Two queries."""
    columns = ("id", "carrier", "ref", "name", "is_bot", "created_at")
    accounts = {row[0]: Account(*row) for row in Identity.objects.filter(pk__in=account_ids).values_list(*columns)}
    seats = Membership.objects.filter(identity__in=rows.among(account_ids))
    if community_ids is not None:
        seats = seats.filter(community__in=community_ids)
    found: dict[int, list[RollLine]] = defaultdict(list)
    for line in lines_of(seats.order_by("-is_present", "-messages", "-id")[: 50 * max(1, len(accounts))]):
        found[line.identity_id].append(line)
    return accounts, {account: lines[:SEATS_SHOWN] for account, lines in found.items()}


def find_person_of(account_id: int) -> int | None:
    """The person that an account is today."""
    return Identity.objects.filter(pk=account_id).values_list("person_id", flat=True).first()

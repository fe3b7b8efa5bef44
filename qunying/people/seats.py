"""The members of one group as its pages show them: found, ordered, counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from qunying.people.models import Membership
from qunying.store.rows import among


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Somebody in one group as its page shows them."""

    identity_id: int
    person_id: int
    name: str
    card: str
    role: str
    is_bot: bool
    is_present: bool
    joined_at: datetime | None
    left_at: datetime | None
    via: str
    inviter_id: int | None
    messages: int
    last_spoke_at: datetime | None
    seat_id: int


_SEAT_LINE = (
    "identity_id",
    "identity__person_id",
    "identity__name",
    "card",
    "role",
    "identity__is_bot",
    "is_present",
    "joined_at",
    "left_at",
    "via",
    "inviter_id",
    "messages",
    "last_spoke_at",
    "pk",
)
SEAT_ORDERS = {
    "talk": (F("messages").desc(), F("id").asc()),
    "joined": (F("joined_at").desc(nulls_last=True), F("id").desc()),
    "spoke": (F("last_spoke_at").desc(nulls_last=True), F("id").asc()),
    "name": (F("identity__name").asc(), F("id").asc()),
}


@dataclass(frozen=True, slots=True)
class SeatWish:
    """Which members of a group a list shows: words in name or card, and a state of ``SEAT_STATES``; how it is ordered.

    ``people`` are the persons it shows, None for all.
    """

    words: str = ""
    state: str = ""
    order: str = "talk"
    people: frozenset[int] | None = None


SEAT_STATES = {
    "": Q(is_present=True),
    "talking": Q(is_present=True, messages__gt=0),
    "silent": Q(is_present=True, messages=0),
    "staff": Q(is_present=True) & ~Q(role="member"),
    "left": Q(is_present=False),
}


def seats_of(group_id: int, identity_ids: Collection[int]) -> dict[int, SeatLine]:
    """These people as members of a group, in one query; who never was one is absent."""
    rows = Membership.objects.filter(group=group_id, identity__in=identity_ids).values_list(*_SEAT_LINE)
    return {line.identity_id: line for line in (SeatLine(*row) for row in rows)}


def seats_among(group_ids: Collection[int], identity_ids: Collection[int]) -> dict[tuple[int, int], SeatLine]:
    """These people as members of these groups, by (group, identity), in one query; who never was one is absent."""
    seats = Membership.objects.filter(group__in=among(group_ids), identity__in=among(identity_ids))
    return {(row[0], row[1]): SeatLine(*row[1:]) for row in seats.values_list("group_id", *_SEAT_LINE)}


def list_group_seats(group_id: int, wish: SeatWish, *, start: int, limit: int) -> list[SeatLine]:
    """A slice of the members of a group that the wish describes, in its order."""
    rows = _wished(group_id, wish).order_by(*SEAT_ORDERS[wish.order]).values_list(*_SEAT_LINE)
    return [SeatLine(*row) for row in rows[start : start + limit]]


def count_group_seats(group_id: int, wish: SeatWish) -> int:
    """How many members of a group the wish describes."""
    return _wished(group_id, wish).count()


def count_seats_by_state(group_id: int) -> dict[str, int]:
    """Members of a group per state of ``SEAT_STATES``, in one query."""
    counts = {state or "present": Count("pk", filter=which) for state, which in SEAT_STATES.items()}
    found = Membership.objects.filter(group=group_id).aggregate(**counts)
    return {state: found[state or "present"] for state in SEAT_STATES}


def ids_named(group_id: int, names: Collection[str]) -> dict[str, int]:
    """Members present in a group by exactly these names; of two with one name, who talks most."""
    rows = Membership.objects.filter(group=group_id, is_present=True, identity__name__in=names)
    return dict(rows.order_by("messages").values_list("identity__name", "identity_id"))


_SEATED = (
    "group_id",
    "identity_id",
    "identity__carrier",
    "identity__ref",
    "identity__name",
    "card",
    "role",
    "joined_at",
)


class Seated(NamedTuple):
    """Somebody in a group by the name of their account, whether or not they have left since."""

    group_id: int
    identity_id: int
    carrier: str
    ref: str
    name: str
    card: str
    role: str
    joined_at: datetime | None


def list_seated(group_ids: Collection[int]) -> list[Seated]:
    """Everybody who sits or sat in these groups."""
    rows = Membership.objects.filter(group__in=group_ids).values_list(*_SEATED)
    return [Seated(*row) for row in rows.iterator(chunk_size=5_000)]


def list_seats_in_community(identity_ids: Collection[int], community_id: int) -> list[Seated]:
    """Where these accounts sit now in a community."""
    seats = Membership.objects.filter(identity__in=identity_ids, community=community_id, is_present=True)
    return [Seated(*row) for row in seats.order_by("pk").values_list(*_SEATED)]


def _wished(group_id: int, wish: SeatWish) -> QuerySet[Membership]:
    rows = Membership.objects.filter(SEAT_STATES[wish.state], group=group_id)
    if wish.people is not None:
        rows = rows.filter(identity__person__in=among(wish.people))
    for word in wish.words.split():
        rows = rows.filter(Q(identity__name__icontains=word) | Q(card__icontains=word))
    return rows


def count_newcomers(group_id: int, since: datetime, until: datetime, spoke_since: datetime) -> tuple[int, int]:
    """Members who came into a group in that time, and how many of them are there and have spoken since that moment.

    Colleagues and programs are left out.
    """
    came = Membership.objects.filter(
        group=group_id, joined_at__gte=since, joined_at__lt=until, role="member", identity__is_bot=False
    )
    stayed = Q(is_present=True, last_spoke_at__gte=spoke_since)
    counts = came.aggregate(came=Count("pk"), stayed=Count("pk", filter=stayed))
    return counts["came"], counts["stayed"]


def count_came_by(group_id: int, since: datetime) -> dict[str, int]:
    """Members who came into a group since then, per way they came; colleagues and programs are left out."""
    came = Membership.objects.filter(group=group_id, joined_at__gte=since, role="member", identity__is_bot=False)
    return dict(came.order_by().values("via").annotate(people=Count("pk")).values_list("via", "people"))

"""Members over many groups, and one person with everything they belong to: for lists of half a million memberships."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from qunying.people.asked import read_terms
from qunying.people.models import Identity, Membership, Person
from qunying.people.search import PEOPLE_INDEX
from qunying.store.rows import among

FOUND_AT_ONCE = 2000
MERGED_AT_MOST = 16


@dataclass(frozen=True, slots=True)
class RollWish:
    """Which memberships a list shows, and in which order.

    ``community_ids`` None means everywhere, ``group_id`` None any group. ``presence`` is a key of ``PRESENCES``, ``talk``
    of ``TALKS``, ``order`` of ``ORDERS``; who never spoke is always in the order of joining. ``words`` must all occur in the
    name, the card, or the initials of either; where ``people`` are given, only they are shown. ``found`` are memberships that
    the index has for the words, ``matching`` those of them that the rest of the wish describes, in its order (``look_up``).
    """

    community_ids: Collection[int] | None = None
    group_id: int | None = None
    presence: str = "present"
    talk: str = ""
    words: str = ""
    order: str = "talk"
    people: Collection[int] | None = None
    found: tuple[int, ...] | None = None
    matching: tuple[int, ...] | None = None


PRESENCES = {"present": Q(is_present=True), "left": Q(is_present=False), "all": Q()}
TALKS = {"": Q(), "spoke": Q(first_spoke_at__isnull=False), "never": Q(first_spoke_at=None)}
ORDERS = {
    "talk": (F("messages").desc(), F("id").asc()),
    "joined": (F("joined_at").desc(nulls_last=True), F("id").asc()),
    "spoke": (F("last_spoke_at").desc(nulls_last=True), F("id").asc()),
}


@dataclass(frozen=True, slots=True)
class RollLine:
    """One membership as lists show it."""

    id: int
    identity_id: int
    person_id: int
    name: str
    card: str
    role: str
    carrier: str
    is_bot: bool
    community_id: int
    group_id: int
    is_present: bool
    joined_at: datetime | None
    left_at: datetime | None
    via: str
    inviter_id: int | None
    inviter: str
    messages: int
    first_spoke_at: datetime | None
    last_spoke_at: datetime | None


_ROLL_LINE = (
    "id",
    "identity_id",
    "identity__person_id",
    "identity__name",
    "card",
    "role",
    "identity__carrier",
    "identity__is_bot",
    "community_id",
    "group_id",
    "is_present",
    "joined_at",
    "left_at",
    "via",
    "inviter__person_id",
    "brought_by",
    "messages",
    "first_spoke_at",
    "last_spoke_at",
)


@dataclass(frozen=True, slots=True)
class Account:
    """One carrier account of a person."""

    id: int
    carrier: str
    ref: str
    name: str
    is_bot: bool
    created_at: datetime


def look_up(wish: RollWish) -> RollWish:
    """The wish with what the index finds for its words, so that it is asked, and what it found is sifted, once."""
    is_known = wish.found is not None or wish.matching is not None
    if is_known or not (wish.words.strip() or wish.people is not None):
        return wish
    if not wish.words.strip():
        return _sifted(wish)
    wish = replace(
        wish, found=tuple(PEOPLE_INDEX.find_any([term.ways for term in read_terms(wish.words)], limit=FOUND_AT_ONCE))
    )
    return wish if _is_cut(wish) and wish.people is None else _sifted(wish)


def _sifted(wish: RollWish) -> RollWish:
    return replace(wish, matching=tuple(_wished(wish).order_by(*_order(wish)).values_list("pk", flat=True)))


def list_roll(wish: RollWish, *, start: int, limit: int) -> list[RollLine]:
    """A slice of the memberships the wish describes, in its order; few queries however many there are."""
    ids = _ids(wish, start, limit)
    lines = {line.id: line for line in lines_of(Membership.objects.filter(pk__in=ids))}
    return [lines[pk] for pk in ids if pk in lines]


def list_persons(wish: RollWish, *, limit: int) -> list[int]:
    """The person of each of the first memberships the wish describes, in its order, as often as they sit there."""
    ids = _ids(wish, 0, limit)
    found = dict(Membership.objects.filter(pk__in=among(ids)).values_list("pk", "identity__person_id"))
    return [found[pk] for pk in ids if pk in found]


def _ids(wish: RollWish, start: int, limit: int) -> list[int]:
    """Walks along one index; for several communities along one per community, because no index orders them together."""
    if wish.matching is not None:
        return list(wish.matching[start : start + limit])
    name, *_ = order = _order(wish)
    several = wish.community_ids if wish.group_id is None and not wish.words.strip() else None
    if several is None or not 1 < len(several) <= MERGED_AT_MOST:
        return list(_wished(wish).order_by(*order).values_list("pk", flat=True)[start : start + limit])
    found: list[tuple[Any, int]] = []
    for community_id in several:
        rows = _wished(replace(wish, community_ids=[community_id])).order_by(*order)
        found += rows.values_list(name.expression, "pk")[: start + limit]
    found.sort(key=_descending)
    return [pk for _, pk in found[start : start + limit]]


def _order(wish: RollWish) -> tuple[OrderBy, ...]:
    return ORDERS["joined" if wish.talk == "never" else wish.order]


def _descending(row: tuple[Any, int]) -> tuple[bool, float, int]:
    value, pk = row
    if value is None:
        return True, 0.0, pk
    return False, -(value.timestamp() if isinstance(value, datetime) else value), pk


def count_roll(wish: RollWish, *, at_most: int) -> int:
    """How many memberships the wish describes; counting ends at ``at_most``."""
    if wish.matching is not None:
        return min(len(wish.matching), at_most)
    return _wished(wish).order_by()[:at_most].count()


def _wished(wish: RollWish) -> QuerySet[Membership]:
    rows = Membership.objects.filter(PRESENCES[wish.presence], TALKS[wish.talk])
    if wish.group_id is not None:
        rows = rows.filter(group=wish.group_id)
    if wish.people is not None:
        accounts = Identity.objects.filter(person__in=among(wish.people)).values("pk")
        rows = rows.filter(identity__in=accounts)
    is_sought = bool(wish.words.strip())
    if not is_sought and wish.people is None:
        return rows if wish.community_ids is None else rows.filter(community__in=wish.community_ids)
    if wish.community_ids is not None:  # wrapped, so that it sifts what was found and is not walked along
        rows = rows.annotate(home=F("community_id") + 0).filter(home__in=wish.community_ids)
    return _with_words(rows, wish) if is_sought else rows


def _with_words(rows: QuerySet[Membership], wish: RollWish) -> QuerySet[Membership]:
    """The index knows no groups: where it finds more than it may hand out, a single group's own rows are read instead."""
    wish = look_up(wish)
    if not _is_cut(wish):
        return rows.filter(pk__in=among(wish.found or ()))
    for word in wish.words.split():
        rows = rows.filter(Q(identity__name__icontains=word) | Q(card__icontains=word))
    return rows


def _is_cut(wish: RollWish) -> bool:
    return len(wish.found or ()) == FOUND_AT_ONCE and wish.group_id is not None


def lines_of(rows: QuerySet[Membership]) -> list[RollLine]:
    """These memberships as lists show them, in one query."""
    return [RollLine(*row) for row in _named(rows).values_list(*_ROLL_LINE)]


def _named(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    return rows.annotate(brought_by=Coalesce("inviter__name", Value("")))


def find_person_name(person_id: int) -> str | None:
    """What a person is called; None where there is no such person."""
    return Person.objects.filter(pk=person_id).values_list("name", flat=True).first()


def list_accounts_of(person_id: int) -> list[Account]:
    """The carrier accounts that are this person, oldest first."""
    rows = Identity.objects.filter(person=person_id).order_by("id")
    return [Account(*row) for row in rows.values_list("id", "carrier", "ref", "name", "is_bot", "created_at")]


def list_seats_of_person(
    person_id: int, community_ids: Collection[int] | None, *, limit: int
) -> tuple[str, list[RollLine]]:
    """What a person is called, and where they sit or sat within those communities (None: anywhere); where they talk most
    comes first. One query; no name where nothing of them is there."""
    seats = Membership.objects.filter(identity__person=person_id)
    if community_ids is not None:
        seats = seats.filter(community__in=community_ids)
    named = _named(seats).order_by("-is_present", "-messages", "-id")
    found = list(named.values_list("identity__person__name", *_ROLL_LINE)[:limit])
    return (found[0][0] if found else ""), [RollLine(*row[1:]) for row in found]

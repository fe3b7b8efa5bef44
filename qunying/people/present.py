"""Who sits in groups now, as those who must reach everybody need it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet

from qunying.people.models import Membership
from qunying.store.rows import among

Seats = QuerySet[Membership]


class PresentMember(NamedTuple):
    """Somebody who sits in a group and is neither an administrator of it nor a program."""

    group_id: int
    identity_id: int
    ref: str
    name: str
    joined_at: datetime | None


def list_present_members(group_ids: Iterable[int]) -> list[PresentMember]:
    """Who sits in these groups, without administrators and programs, in one query."""
    seats = Membership.objects.filter(
        group__in=among(group_ids), is_present=True, role="member", identity__is_bot=False
    ).order_by("group_id", "identity_id")
    columns = ("group_id", "identity_id", "identity__ref", "identity__name", "joined_at")
    return [PresentMember(*row) for row in seats.values_list(*columns)]


def list_seats_of(identity_ids: Collection[int], community_ids: Collection[int]) -> dict[int, set[int]]:
    """The groups of these communities in which each of these people sits now; one query."""
    seats = Membership.objects.filter(identity__in=among(identity_ids), community__in=community_ids, is_present=True)
    groups: dict[int, set[int]] = {}
    for member, group in seats.values_list("identity_id", "group_id"):
        groups.setdefault(member, set()).add(group)
    return groups


class Missed(NamedTuple):
    """Somebody who is still to be reached, and the groups of the community in which they sit."""

    identity_id: int
    person_id: int
    name: str
    ref: str
    group_ids: tuple[int, ...]


def members_of(community_id: int, but: Collection[int] = ()) -> Seats:
    """The seats of everybody who sits in a community now, without administrators, programs and these identities."""
    seats = Membership.objects.filter(
        community=community_id, is_present=True, role="member", identity__is_bot=False
    ).order_by()
    return seats.exclude(identity__in=but) if but else seats


def count_members(seats: Seats) -> int:
    """How many accounts sit there."""
    return seats.aggregate(people=Count("identity_id", distinct=True))["people"] or 0


def count_missed_by_group(seats: Seats, seen: QuerySet[Any, Any]) -> dict[int, int]:
    """How many in each group are not among those who have seen something; groups without any are absent."""
    missed = seats.exclude(identity__in=seen).values("group_id").annotate(people=Count("pk"))
    return dict(missed.values_list("group_id", "people"))


def list_missed(seats: Seats, seen: QuerySet[Any, Any], *, start: int, limit: int) -> list[Missed]:
    """A slice of those who are not among those who have seen something, whoever came first first; two queries."""
    missed = seats.exclude(identity__in=seen).values("identity_id").annotate(first=Min("pk")).order_by("first")
    ids = list(missed.values_list("identity_id", flat=True)[start : start + limit])
    columns = ("identity_id", "identity__person_id", "identity__name", "identity__ref", "group_id")
    people: dict[int, Missed] = {}
    for pk, person, name, ref, group in (
        seats.filter(identity__in=among(ids)).order_by("group_id").values_list(*columns)
    ):
        before = people.get(pk, Missed(pk, person or 0, name, ref, ()))
        people[pk] = before._replace(group_ids=(*before.group_ids, group))
    return [people[pk] for pk in ids if pk in people]


def list_groups_of(seats: Seats) -> dict[int, list[int]]:
    """The groups in which everybody of these seats sits; one query."""
    groups: dict[int, list[int]] = {}
    for member, group in seats.order_by("identity_id", "group_id").values_list("identity_id", "group_id"):
        groups.setdefault(member, []).append(group)
    return groups

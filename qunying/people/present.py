"""Who sits in groups now, as those who must reach everybody need it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Min

from qunying.people.models import Membership
from qunying.store.rows import among


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


def homes_of(identity_ids: Collection[int], community_ids: Collection[int]) -> dict[int, int]:
    """The first group of each of these people in which they sit now, within these communities; one query."""
    seats = Membership.objects.filter(identity__in=among(identity_ids), community__in=community_ids, is_present=True)
    return dict(seats.order_by().values_list("identity_id").annotate(first=Min("group_id")))

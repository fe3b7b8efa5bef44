"""Who waits to be welcomed, and who was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from qunying.capabilities.onboarding.models import Newcomer


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Somebody who waits to be welcomed."""

    group_id: int
    identity_id: int
    name: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait now, and how many were welcomed or left unwelcomed since a moment."""

    waiting: int
    greeted: int
    left: int


def list_waiting(community_ids: Collection[int] | None, limit: int) -> list[WaitingLine]:
    """Who waits in these communities (None: in all), by group, then in order of coming."""
    rows = _within(community_ids).filter(state="waiting").order_by("group_id", "joined_at", "id")
    values = rows.values_list("group_id", "identity_id", "identity__name", "joined_at")
    return [WaitingLine(*row) for row in values[:limit]]


def count_newcomers(community_ids: Collection[int] | None, since: datetime) -> Counts:
    """Counts for these communities (None: for all); ``since`` bounds the welcomed and those who left."""
    within = _within(community_ids)
    return Counts(
        waiting=within.filter(state="waiting").count(),
        greeted=within.filter(state="greeted", greeted_at__gte=since).count(),
        left=within.filter(state="left", joined_at__gte=since).count(),
    )


def _within(community_ids: Collection[int] | None) -> QuerySet[Newcomer]:
    rows = Newcomer.objects.all()
    return rows if community_ids is None else rows.filter(group__community__in=community_ids)

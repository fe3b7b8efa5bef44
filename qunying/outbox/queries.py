"""What is on its way out, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max, Min

from qunying.kernel.effects import EffectState
from qunying.outbox.models import OutboxItem

LIVE = (EffectState.WAITING, EffectState.SENDING, EffectState.SENT, EffectState.UNKNOWN, EffectState.UNDONE)


def last_replies(group_ids: Collection[int]) -> dict[int, datetime]:
    """When the system last answered somebody in each of these groups."""
    rows = (
        OutboxItem.objects.filter(group_id__in=group_ids, is_reply=True, state__in=LIVE)
        .values("group_id")
        .annotate(last=Max("queued_at"))
    )
    return {group_id: last for group_id, last in rows.values_list("group_id", "last") if group_id is not None}


def next_due_after(now: datetime) -> datetime | None:
    """The next moment after ``now`` at which a delivery is to be tried; None when none is planned."""
    first: datetime | None = OutboxItem.objects.filter(next_attempt_at__gt=now).aggregate(at=Min("next_attempt_at"))[
        "at"
    ]
    return first


def find_item_by_key(key: str) -> OutboxItem | None:
    """The effect of that key, None where there is none."""
    return OutboxItem.objects.filter(key=key).first()


def list_items(community_id: int) -> list[OutboxItem]:
    """Everything a community ever queued, in order."""
    return list(OutboxItem.objects.filter(community_id=community_id).order_by("id"))

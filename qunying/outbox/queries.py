"""What is on its way out, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Max, Min, Q

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


def list_waiting_until(community_ids: Collection[int], until: datetime, limit: int) -> list[OutboxItem]:
    """What will go out of these communities before ``until`` if nobody holds it, soonest first."""
    waiting = OutboxItem.objects.filter(
        state=EffectState.WAITING, next_attempt_at__lt=until, community_id__in=community_ids
    )
    return list(waiting.order_by("next_attempt_at", "id")[:limit])


def items_by_key(keys: Collection[str]) -> dict[str, OutboxItem]:
    """Effects by their keys; unknown keys are absent."""
    return {item.key: item for item in OutboxItem.objects.filter(key__in=keys)}


def items_by_result(group_id: int, refs: Collection[str]) -> dict[str, OutboxItem]:
    """Effects of a group by the message they became; messages nobody ordered are absent."""
    if not refs:
        return {}
    items = OutboxItem.objects.filter(group_id=group_id, result_ref__in=refs, undoes=None)
    return {item.result_ref: item for item in items.order_by("id")}


def list_in_doubt(community_ids: Collection[int], limit: int) -> list[OutboxItem]:
    """Effects of these communities of which nobody knows whether they happened, oldest first."""
    doubtful = OutboxItem.objects.filter(state=EffectState.UNKNOWN, community_id__in=community_ids)
    return list(doubtful.order_by("id")[:limit])


def find_item(item_id: int) -> OutboxItem | None:
    """That effect, None where there is none."""
    return OutboxItem.objects.filter(pk=item_id).first()


def count_done_by(community_ids: Collection[int], since: datetime) -> tuple[int, int]:
    """Effects of these communities that went out since then, and how many of those were taken back."""
    done = OutboxItem.objects.filter(
        finished_at__gte=since,
        community_id__in=community_ids,
        state__in=(EffectState.SENT, EffectState.UNDONE),
        undoes=None,
    )
    counts = done.aggregate(all=Count("pk"), undone=Count("pk", filter=Q(state=EffectState.UNDONE)))
    return counts["all"], counts["undone"]

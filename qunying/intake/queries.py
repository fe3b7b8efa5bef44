"""What waits in intake."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min

# the rows of a claim are read by the pipeline, which gets their types here
from qunying.intake.models import Envelope as Envelope
from qunying.intake.models import Lane as Lane
from qunying.intake.models import Timer as Timer
from qunying.kernel.keys import fitted
from qunying.store.rows import among
from qunying.store.rows import select as rows_of


def next_due_after(now: datetime) -> datetime | None:
    """The next moment after ``now`` at which a lane will be due; None when none is planned."""
    first: datetime | None = Lane.objects.filter(next_due_at__gt=now).aggregate(at=Min("next_due_at"))["at"]
    return first


def next_lease_end(now: datetime) -> datetime | None:
    """When the first lease of a due lane runs out, None when no due lane is held."""
    held = Lane.objects.filter(next_due_at__lte=now, lease_until__gt=now)
    first: datetime | None = held.aggregate(at=Min("lease_until"))["at"]
    return first


def count_waiting() -> int:
    """Envelopes not yet told."""
    return Envelope.objects.filter(state="waiting").count()


def find_oldest_waiting() -> datetime | None:
    """When the envelope that waits longest was accepted; None where none waits."""
    first: datetime | None = Envelope.objects.filter(state="waiting").aggregate(at=Min("accepted_at"))["at"]
    return first


def find_told(carrier: str, group_id: int, key: str) -> tuple[datetime, Any] | None:
    """When the envelope of that key in a group's lane happened and what it says; None where it was not told."""
    whole = fitted(f"{carrier}:group:{group_id}:{key}", 200)
    return Envelope.objects.filter(key=whole, state="done").values_list("at", "payload").first()


def list_told(carrier: str, group_id: int, keys: Collection[str]) -> dict[str, tuple[datetime, Any]]:
    """As ``find_told`` for many keys of one group; those that were not told are absent; one query, none for no keys."""
    whole = {fitted(f"{carrier}:group:{group_id}:{key}", 200): key for key in keys}
    found = rows_of(Envelope, ["key", "state", "at", "payload"], ["key"], [(key,) for key in whole])
    return {whole[key]: (at, payload) for key, state, at, payload in found if state == "done"}


def list_failed(limit: int = 50) -> list[Envelope]:
    """Envelopes that could not be told, newest first."""
    return list(Envelope.objects.filter(state="failed").order_by("-id")[:limit])


def list_timers(capability: str, group_ids: list[int]) -> list[Timer]:
    """Waiting timers of a capability in these groups, soonest first."""
    timers = Timer.objects.filter(capability=capability, lane__group_id__in=among(group_ids))
    return list(timers.select_related("lane").order_by("at"))


def count_failed_envelopes(community_ids: Collection[int] | None = None) -> int:
    """Envelopes of these communities that could not be told; None means of all."""
    failed = Envelope.objects.filter(state="failed")
    return (failed if community_ids is None else failed.filter(lane__community_id__in=community_ids)).count()


@dataclass(frozen=True, slots=True)
class FailedEnvelopes:
    """How many envelopes of a community could not be told, and since when the oldest waits."""

    community_id: int
    count: int
    oldest_at: datetime


def failed_by_community(community_ids: Collection[int]) -> list[FailedEnvelopes]:
    """What could not be told in these communities; communities without any are absent."""
    rows = (
        Envelope.objects.filter(state="failed", lane__community_id__in=community_ids)
        .values("lane__community_id")
        .annotate(count=Count("pk"), oldest_at=Min("at"))
        .order_by("oldest_at")
    )
    return [FailedEnvelopes(row["lane__community_id"], row["count"], row["oldest_at"]) for row in rows]


def list_timers_until(community_ids: Collection[int], until: datetime, limit: int) -> list[Timer]:
    """Timers standing in these communities that are due before ``until``, soonest first."""
    timers = Timer.objects.filter(at__lt=until, lane__community_id__in=community_ids)
    return list(timers.select_related("lane").order_by("at", "id")[:limit])


def find_timer(timer_id: int) -> Timer | None:
    """That timer with its lane; None once it went off or was forgotten."""
    return Timer.objects.select_related("lane").filter(pk=timer_id).first()


def find_lane(lane_id: int) -> Lane | None:
    """That lane, None where there is none."""
    return Lane.objects.filter(pk=lane_id).first()


def failed_ids(community_id: int, limit: int) -> list[int]:
    """Envelopes of a community that could not be told, oldest first."""
    failed = Envelope.objects.filter(state="failed", lane__community_id=community_id)
    return list(failed.order_by("id").values_list("pk", flat=True)[:limit])

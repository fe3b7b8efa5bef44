"""What waits in intake."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

# the rows of a claim are read by the pipeline, which gets their types here
from qunying.intake.models import Envelope as Envelope
from qunying.intake.models import Lane as Lane
from qunying.intake.models import Timer


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


def list_failed(limit: int = 50) -> list[Envelope]:
    """Envelopes that could not be told, newest first."""
    return list(Envelope.objects.filter(state="failed").order_by("-id")[:limit])


def list_timers(capability: str, group_ids: list[int]) -> list[Timer]:
    """Waiting timers of a capability in these groups, soonest first."""
    lanes = Lane.objects.filter(group_id__in=group_ids).values("pk")
    return list(Timer.objects.filter(capability=capability, lane__in=lanes).select_related("lane").order_by("at"))


def count_failed_envelopes() -> int:
    """Envelopes that could not be told."""
    return Envelope.objects.filter(state="failed").count()

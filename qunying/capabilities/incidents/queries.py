"""Incidents that are open or over, and what is noted of their course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qunying.capabilities.incidents.kinds import Severity
from qunying.capabilities.incidents.models import Incident, Moment

OPEN_AT_MOST = 200
RANK = {severity.value: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident as lists and pages show it."""

    id: int
    community_id: int
    group_id: int | None
    cause_key: str
    kind: str
    severity: str
    owner_ref: str
    owner_name: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by_id: int | None
    closing_words: str


@dataclass(frozen=True, slots=True)
class MomentLine:
    """One line of an incident's course."""

    id: int
    at: datetime
    kind: str
    params: dict[str, Any]
    member_id: int | None
    message_key: str
    text: str
    by_id: int | None


_INCIDENT = tuple("pk" if name == "id" else name for name in IncidentLine.__slots__)
_MOMENT = tuple("pk" if name == "id" else name for name in MomentLine.__slots__)


def list_open_incidents(community_ids: Collection[int] | None, limit: int = OPEN_AT_MOST) -> list[IncidentLine]:
    """Open incidents of these communities (None: of all), the most serious first, then the oldest."""
    found = _lines(_within(community_ids).filter(closed_at=None).order_by("opened_at", "id")[:limit])
    return sorted(found, key=lambda line: RANK.get(line.severity, len(RANK)))


def list_closed_incidents(community_ids: Collection[int] | None, limit: int) -> list[IncidentLine]:
    """Incidents of these communities (None: of all) that are over, the latest first."""
    over = _within(community_ids).filter(closed_at__isnull=False)
    return _lines(over.order_by("-closed_at", "-id")[:limit])


def list_incidents(community_id: int) -> list[IncidentLine]:
    """All that ever happened in a community, in order; for small worlds such as a drill's."""
    return _lines(_within([community_id]).order_by("id"))


def count_open_incidents(community_ids: Collection[int] | None) -> int:
    """Open incidents of these communities; None means of all."""
    return _within(community_ids).filter(closed_at=None).count()


def find_incident(incident_id: int) -> IncidentLine | None:
    """That incident, None where there is none."""
    return next(iter(_lines(Incident.objects.filter(pk=incident_id))), None)


def find_latest_open(community_id: int, kind: str = "", member_id: int | None = None) -> IncidentLine | None:
    """The latest open incident of a community, of that kind and about that member where they are named."""
    found = _within([community_id]).filter(closed_at=None)
    if kind:
        found = found.filter(kind=kind)
    if member_id is not None:
        found = found.filter(pk__in=Moment.objects.filter(member=member_id).values("incident"))
    return next(iter(_lines(found.order_by("-opened_at", "-id")[:1])), None)


def list_moments(incident_id: int, limit: int) -> list[MomentLine]:
    """The latest lines of its course, newest first: who came into it, what shows it, what people did."""
    moments = Moment.objects.filter(incident=incident_id).exclude(kind__in=("found", "task")).order_by("-at", "-id")
    return [MomentLine(*row) for row in moments.values_list(*_MOMENT)[:limit]]


def list_people_in(incident_ids: Collection[int]) -> dict[int, list[int]]:
    """Per incident the members it is about, in the order in which they came into it."""
    moments = Moment.objects.filter(incident__in=incident_ids, kind="member", member__isnull=False).order_by("id")
    return _gathered(moments, "member_id")


def list_messages_in(incident_ids: Collection[int]) -> dict[int, list[str]]:
    """Per incident the messages that show it, by their source keys, oldest first."""
    return _gathered(Moment.objects.filter(incident__in=incident_ids, kind="message").order_by("id"), "message_key")


def list_task_keys(incident_ids: Collection[int]) -> dict[int, list[str]]:
    """Per incident the keys of the tasks that came of it, in order."""
    return _gathered(Moment.objects.filter(incident__in=incident_ids, kind="task").order_by("id"), "params__task")


def _gathered(moments: QuerySet[Moment], column: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for incident, value in moments.values_list("incident_id", column):
        found[incident].append(value)
    return found


def _within(community_ids: Collection[int] | None) -> QuerySet[Incident]:
    return Incident.objects.all() if community_ids is None else Incident.objects.filter(community__in=community_ids)


def _lines(incidents: QuerySet[Incident]) -> list[IncidentLine]:
    return [IncidentLine(*row) for row in incidents.values_list(*_INCIDENT)]

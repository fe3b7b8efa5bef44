"""Keeps a small count per group and local day, so that pages over thousands of groups answer at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from qunying.communities.queries import list_counted_groups
from qunying.insights.engines import chosen
from qunying.insights.engines.base import Row
from qunying.insights.models import DayCount, Part
from qunying.insights.scope import Scope, local_day, midnight
from qunying.insights.world import see
from qunying.store import rows

DAY = timedelta(days=1)
SHOWN_DAYS = 63
MONTH = 31
ROWS_AT_ONCE = 100_000
_COLUMNS = (
    "community_id",
    "group_id",
    "day",
    "messages",
    "speakers",
    "joined",
    "gone",
    "hours",
    "counted_at",
)

Key = tuple[int, int, date]


def do_count_new(now: datetime) -> int:
    """Counts the days anew that parts of the lake brought something for since the last time; answers how many rows."""
    parts = list(Part.objects.filter(is_counted=False, retired_at=None))
    spans: dict[int, tuple[datetime, datetime]] = {}
    for part in parts:
        first, last = spans.get(part.community_id, (part.first_at, part.last_at))
        spans[part.community_id] = (min(first, part.first_at), max(last, part.last_at))
    together: dict[tuple[date, date], list[int]] = defaultdict(list)
    for community_id, (first, last) in spans.items():
        together[first.date(), last.date()].append(community_id)
    written = 0
    for homes in together.values():
        first, last = min(spans[home][0] for home in homes), max(spans[home][1] for home in homes)
        written += do_count_days(set(homes), first, last, now)
    Part.objects.filter(pk__in=[part.pk for part in parts]).update(is_counted=True)
    return written


def do_count_shown(community_ids: Iterable[int], now: datetime) -> int:
    """Counts the last nine weeks anew: staff, programs and merged persons may have become known since."""
    return do_count_days(set(community_ids), now - SHOWN_DAYS * DAY, now, now)


def do_count_days(community_ids: set[int], first_at: datetime, last_at: datetime, now: datetime) -> int:
    """Counts every local day from the one of ``first_at`` to the one of ``last_at`` anew, zone by zone."""
    groups = list_counted_groups(community_ids=community_ids)
    written = 0
    for zone in sorted({group.timezone for group in groups}):
        there = tuple(group for group in groups if group.timezone == zone)
        at_once = DAY * max(MONTH, ROWS_AT_ONCE // len(there))
        first, last = local_day(first_at, zone), local_day(last_at, zone)
        while first <= last:
            end = min(last, first + at_once - DAY)
            scope = Scope(there, midnight(first, zone), midnight(end + DAY, zone))
            written += _do_write(_counts(scope), scope, first, end, now)
            first = end + DAY
    return written


def _counts(scope: Scope) -> dict[Key, Row]:
    found: dict[Key, Row] = defaultdict(dict)
    with chosen.open(see(scope, ("messages", "events"))) as session:
        for name in ("days_of_groups", "moves_of_groups"):
            for row in session.run(name, {}):
                found[row["community_id"], row["group_id"], row["day"]] |= row
        hours = session.run("hours_of_days", {})
    for row in hours:
        found[row["community_id"], 0, row["day"]].setdefault("hours", [0] * 24)[row["hour"]] = row["messages"]
    return found


def _do_write(counts: Mapping[Key, Row], scope: Scope, first: date, last: date, now: datetime) -> int:
    new = [_row(key, row, now) for key, row in sorted(counts.items()) if first <= key[2] <= last]
    with transaction.atomic():
        DayCount.objects.filter(community_id__in=scope.community_ids, day__gte=first, day__lte=last).delete()
        rows.insert(DayCount, _COLUMNS, new)
    return len(new)


def _row(key: Key, row: Row, now: datetime) -> tuple[object, ...]:
    figures = (row.get(name, 0) for name in ("messages", "speakers", "joined", "gone"))
    community_id, group_id, day = key
    return (community_id, group_id, str(day), *figures, row.get("hours", []), now)

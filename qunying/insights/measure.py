"""Asks a metric of a scope, and fills in the days, hours and groups in which nothing was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

from qunying.insights.catalogue import CATALOGUE, Metric
from qunying.insights.engines import duck
from qunying.insights.engines.base import Row, Session
from qunying.insights.scope import Scope, monday_of
from qunying.insights.world import World, see
from qunying.kernel.errors import BadUse

Open = Callable[[World], AbstractContextManager[Session]]


def get_metric(name: str) -> Metric:
    """The metric of that name. Raises ``BadUse`` with the nearest ones."""
    found = next((metric for metric in CATALOGUE if metric.name == name), None)
    if found is None:
        raise BadUse(f"没有「{name}」这个指标；有这些：{'、'.join(metric.name for metric in CATALOGUE)}")
    return found


def measure(metric: Metric, scope: Scope, by: str = "", *, open_session: Open = duck.open) -> list[Row]:
    """The metric's rows, one per part of the breakdown ``by``; one row where nothing is broken down.

    Raises ``BadUse`` for a breakdown the metric does not have.
    """
    by = by or metric.always_by
    if by and by not in metric.by:
        raise BadUse(f"「{metric.name}」不能按 {by} 拆开；可以按 {'、'.join(metric.by)}")
    if metric.window:
        scope = replace(scope, since=scope.until - metric.window)
    with open_session(see(scope, metric.sources)) as session:
        rows = session.run(metric.sql, {"by": by})
    return _cells(metric, rows) if by == "weekday_hour" else _filled(metric, rows, by, scope)


def _cells(metric: Metric, rows: Iterable[Row]) -> list[Row]:
    found = {(row["weekday"], row["hour"]): row for row in rows}
    empty = dict(metric.empty)
    return [
        found.get((weekday, hour), {"weekday": weekday, "hour": hour, **empty})
        for weekday in range(1, 8)
        for hour in range(24)
    ]


def _filled(metric: Metric, rows: Iterable[Row], by: str, scope: Scope) -> list[Row]:
    found = {row.pop("slot"): row for row in rows}
    slots = {"": [""]}.get(by) or _slots(by, scope) or sorted(found)
    return [{**_named(by, slot, scope), **found.get(slot, metric.empty)} for slot in slots]


def _slots(by: str, scope: Scope) -> list[str]:
    """Every part there is, also those in which nothing was; empty where only the rows know (``source``)."""
    of_time: Mapping[str, Callable[[date], date]] = {
        "day": lambda day: day,
        "week": monday_of,
        "month": lambda day: day.replace(day=1),
    }
    if by in of_time:
        return [day.isoformat() for day in dict.fromkeys(of_time[by](day) for day in scope.days())]
    fixed = {
        "weekday": range(1, 8),
        "hour": range(24),
        "group": scope.group_ids,
        "community": sorted(scope.community_ids),
    }
    return [str(part) for part in fixed.get(by, ())]


def _named(by: str, slot: str, scope: Scope) -> Row:
    if not by:
        return {}
    if by == "group":
        group = next(group for group in scope.groups if group.id == int(slot))
        return {"group": group.name, "group_id": group.id}
    if by == "community":
        home = next(group for group in scope.groups if group.community_id == int(slot))
        return {"community": home.community, "community_id": home.community_id}
    return {by: int(slot) if by in {"weekday", "hour"} else slot}

"""Asks a metric of a scope, and fills in the days, hours and groups in which nothing was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

from qunying.insights.aside import Aside
from qunying.insights.catalogue import CATALOGUE
from qunying.insights.days_asked import give_days, params_of_days, seen_from
from qunying.insights.engines import chosen
from qunying.insights.engines.base import Row, Session
from qunying.insights.metric import BY_TRAIT, Metric
from qunying.insights.scope import Scope, monday_of
from qunying.insights.telling_apart import count_people
from qunying.insights.traits import table_of_traits
from qunying.insights.world import FEW_GROUPS, MOST_HERE, World, see
from qunying.kernel.errors import BadUse
from qunying.kernel.money import DECIMALS, PARTS
from qunying.kernel.texts import mark
from qunying.people.queries import names_of

Open = Callable[[World], AbstractContextManager[Session]]


def get_metric(name: str) -> Metric:
    """The metric of that name. Raises ``BadUse`` with the nearest ones."""
    found = next((metric for metric in CATALOGUE if metric.name == name), None)
    if found is None:
        raise BadUse(
            mark("没有「%(name)s」这个指标；有这些：%(known)s"), name=name, known=[metric.name for metric in CATALOGUE]
        )
    return found


def measure(
    metric: Metric,
    scope: Scope,
    by: str = "",
    *,
    open_session: Open = chosen.open,
    may_lag: bool = False,
    aside: Aside | None = None,
) -> list[Row]:
    """The metric's rows, one per part of the breakdown ``by``; one row where nothing is broken down.

    With ``may_lag`` memberships of many groups may be a quarter of an hour old (``seats_noted_at``).
    ``aside`` is who is told apart in these groups where that was read before. Raises ``BadUse`` for a breakdown the metric
    does not have.
    """
    by = _known(metric, by or metric.always_by)
    return _ask(metric, scope, (by,), open_session, may_lag=may_lag, aside=aside)[0]


def measure_with_total(
    metric: Metric, scope: Scope, by: str, *, open_session: Open = chosen.open, may_lag: bool = False
) -> tuple[list[Row], list[Row]]:
    """The metric's rows as of ``measure``, and its row where nothing is broken down, read once for both."""
    rows, total = _ask(metric, scope, (_known(metric, by), ""), open_session, may_lag=may_lag)
    return rows, total


def _known(metric: Metric, by: str) -> str:
    if by and by not in metric.by:
        raise BadUse(mark("「%(name)s」不能按 %(by)s 拆开；可以按 %(known)s"), name=metric.name, by=by, known=metric.by)
    return by


def _ask(
    metric: Metric, scope: Scope, bys: Sequence[str], open_session: Open, *, may_lag: bool, aside: Aside | None = None
) -> list[list[Row]]:
    if metric.window:
        scope = replace(scope, since=scope.until - metric.window)
    trait = next((by for by in bys if by in BY_TRAIT), "")
    traits = table_of_traits(trait, scope) if trait else None
    seen = replace(scope, since=seen_from(metric, scope, bys))
    world = see(seen, metric.sources, may_lag=may_lag, traits=traits, aside=aside)
    with open_session(world) as session:
        if len(bys) > 1 and len(scope.groups) <= FEW_GROUPS:
            session.keep()
        if metric.days:
            give_days(session, scope, bys)
        is_here = bool(metric.each) and session.is_near and world.is_large and world.rows <= MOST_HERE
        found = [_count(session, metric, by, is_here=is_here) for by in bys]
    return [
        _cells(metric, rows) if by == "weekday_hour" else _filled(metric, _in_units(metric, rows), by, scope)
        for by, rows in zip(bys, found, strict=True)
    ]


def _count(session: Session, metric: Metric, by: str, *, is_here: bool) -> list[Row]:
    """Rows of the metric; ``is_here``: counted here where that can be, because it is quicker."""
    found = count_people(session, metric.each, by, metric.things) if is_here else None
    return session.run(_sql(metric, by), _params(metric, by)) if found is None else found


def _sql(metric: Metric, by: str) -> str:
    return f"{metric.sql}_by_trait" if by in BY_TRAIT else metric.sql


def _params(metric: Metric, by: str) -> dict[str, object]:
    return params_of_days(metric, by) if metric.days else {"by": by}


def _in_units(metric: Metric, rows: Iterable[Row]) -> list[Row]:
    """Rows with their amounts in the currency's unit, to the ten-thousandth."""
    return [
        {**row, **{name: round(row[name] / PARTS, DECIMALS) for name in metric.money if row[name] is not None}}
        for row in rows
    ]


def _cells(metric: Metric, rows: Iterable[Row]) -> list[Row]:
    found = {(row["weekday"], row["hour"]): row for row in rows}
    empty = dict(metric.empty)
    return [
        found.get((weekday, hour), {"weekday": weekday, "hour": hour, **empty})
        for weekday in range(1, 8)
        for hour in range(24)
    ]


def _filled(metric: Metric, rows: Iterable[Row], by: str, scope: Scope) -> list[Row]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.pop("slot"), []).append(row)
    slots = {"": [""]}.get(by) or _slots(by, scope) or sorted(found)
    name, nothing = _naming(by, scope, found), [{**({metric.apart_by: ""} if metric.apart_by else {}), **metric.empty}]
    return [{**name(slot), **row} for slot in slots for row in found.get(slot, nothing)]


def _slots(by: str, scope: Scope) -> list[str]:
    """Every part there is, also those in which nothing was; empty where only the rows know (``source``, ``city`` …)."""
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


def _naming(by: str, scope: Scope, slots: Collection[str]) -> Callable[[str], Row]:
    """What tells a row of that breakdown from the others; ``slots`` are the parts that were found."""
    if not by:
        return lambda slot: {}
    if by == "group":
        names = {str(group.id): group.name for group in scope.groups}
        return lambda slot: {"group": names[slot], "group_id": int(slot)}
    if by == "community":
        homes = {str(home.id): home.name for home in scope.all_homes}
        return lambda slot: {"community": homes[slot], "community_id": int(slot)}
    if by == "inviter":
        people = {pk: one.name for pk, one in names_of([int(slot) for slot in slots if slot]).items()}
        return lambda slot: {"inviter": people.get(int(slot or 0), ""), "inviter_id": int(slot) if slot else None}
    if by in {"weekday", "hour"}:
        return lambda slot: {by: int(slot)}
    return lambda slot: {by: slot}

"""Counts what KPIs need of a community, span by span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from qunying.communities.queries import CountedGroup, CountedHome
from qunying.communities.queries_chain import list_openings
from qunying.insights.aside import read_aside
from qunying.insights.chain import CONSULTS, Span
from qunying.insights.columns import to_us
from qunying.insights.engines import chosen
from qunying.insights.engines.base import Row, Session
from qunying.insights.kpis.figures import KEPT_AFTER, Figures, Money, Ratio
from qunying.insights.kpis.topics import count_topics
from qunying.insights.layers import read_layers
from qunying.insights.measure import Open
from qunying.insights.scope import Scope, days_earlier
from qunying.insights.world import see
from qunying.kernel.money import DECIMALS, PARTS

SPANS = 8
REPURCHASE_DAYS = 90
LAYERED = 2  # spans whose layers are counted: they are dear
DAY, WEEK = timedelta(days=1), timedelta(days=7)
SOURCES = ("messages", "events", "memberships", "deeds")


def spans_of(until: datetime, days: int, timezone: str, count: int = SPANS) -> tuple[Span, ...]:
    """The last so many spans of so many days, oldest first, each on the same hours of the community's clock."""
    ends = [days_earlier(until, days * ago, timezone) for ago in range(count, -1, -1)]
    return tuple(pairwise(ends))


def count_figures(
    home: CountedHome, groups: Sequence[CountedGroup], spans: Sequence[Span], *, open_session: Open = chosen.open
) -> tuple[Figures, ...]:
    """The counts of each span; layers of the last two only."""
    longest = max(KEPT_AFTER[-1] * DAY, REPURCHASE_DAYS * DAY, WEEK)
    scope = Scope(tuple(groups), spans[0][0] - longest, spans[-1][1], (home,))
    opened = list_openings([home.id], spans[0][0], spans[-1][1])
    known = read_aside(scope, None)
    with open_session(see(scope, SOURCES, may_lag=True, aside=known)) as session:
        members = [_value(session, "members", (spans[0][0] - DAY, spans[0][0]))]
        found = []
        for since, until in spans:
            figures = _figures(session, (since, until), members[-1])
            members.append(figures.members)
            topics, took_part = count_topics(scope, (since, until), known, _members_of_groups(session, (since, until)))
            opens = sum(since <= at < until for _, at in opened)
            found.append(replace(figures, opened=opens, topics=topics, took_part=took_part))
    for place in range(max(0, len(spans) - LAYERED), len(spans)) if groups else ():
        layers = read_layers(groups, spans[place][1], may_lag=True)
        counts = {layer.value: len(people) for layer, people in layers.people.items()}
        found[place] = replace(found[place], layers=counts)
    return tuple(found)


def _figures(session: Session, span: Span, members_before: int) -> Figures:
    joins, leaves = _row(session, "joins", span), _row(session, "leaves", span)
    return Figures(
        joined=joins.get("value", 0),
        invited=joins.get("invited", 0),
        joined_by={row["slot"]: row["value"] for row in session.run("joins", {"by": "source"}, span)},
        left=leaves.get("value", 0),
        removed=leaves.get("removed", 0),
        members=_value(session, "members", span),
        members_before=members_before,
        active_day=_active(session, span, DAY),
        active_week=_active(session, span, WEEK),
        referrers=session.run("kpis/referrers", {}, span)[0]["value"],
        kept={days: _kept(session, span, days) for days in KEPT_AFTER},
        **_bought(session, span),
    )


def _bought(session: Session, span: Span) -> dict[str, Any]:
    back = (span[1] - timedelta(days=REPURCHASE_DAYS), span[1])
    again = _row(session, "repurchase_rate", back)
    (consults,) = session.run("kpis/consults", {"consults": list(CONSULTS)}, span)
    buyers = _row(session, "buyers", span)
    return {
        "buyers": buyers.get("value", 0),
        "orders": buyers.get("orders", 0),
        "revenue": tuple(
            Money(row["currency"], round(row["value"] / PARTS, DECIMALS), row["orders"])
            for row in session.run("revenue", {"by": ""}, span)
        ),
        "repeaters": Ratio(again.get("repeaters", 0), again.get("buyers", 0)),
        "consulted": Ratio(consults["paid"], consults["consulted"]),
    }


def _active(session: Session, span: Span, back: timedelta) -> Ratio:
    row = _row(session, "active_rate", (span[1] - back, span[1]))
    return Ratio(row.get("speakers", 0), row.get("members", 0))


def _kept(session: Session, span: Span, days: int) -> Ratio:
    after = timedelta(days=days)
    params = {"cohort_until_us": to_us(span[1] - after), "after_us": after // timedelta(microseconds=1)}
    (row,) = session.run("kpis/kept", params, (span[0] - after, span[1]))
    return Ratio(row["kept"], row["size"])


def _members_of_groups(session: Session, span: Span) -> dict[int, int]:
    return {int(row["slot"]): row["value"] for row in session.run("members", {"by": "group"}, span)}


def _row(session: Session, name: str, span: Span) -> Row:
    rows = session.run(name, {"by": ""}, span)
    return rows[0] if rows else {}


def _value(session: Session, name: str, span: Span) -> int:
    return int(_row(session, name, span).get("value", 0))

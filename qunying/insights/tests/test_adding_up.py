"""The parts of a breakdown add up to the whole, and days are the community's own, whatever was done and wherever it lies."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.communities.queries import list_counted_homes
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.insights.catalogue import BUYERS, DOERS, JOINS, LEAVES, MEMBERS, NET_JOINS, ORDERS, REVENUE, SPEAKERS
from qunying.insights.lake import flush
from qunying.insights.measure import measure, measure_with_total
from qunying.insights.metric import Metric
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import Home

pytestmark = pytest.mark.django_db
START = datetime(2024, 3, 8, tzinfo=UTC)  # clocks change in New York on 10 March, in Berlin on 31 March
LENGTH = timedelta(days=30)
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Shanghai")
HALF_HOURS = int(LENGTH / timedelta(minutes=30))
DEEDS = ("order", "refund", "visit")
FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that somebody did in one of two communities, so many half hours after the start."""

    what: str
    home: int
    name: str
    half_hours: int
    amount: int

    @property
    def at(self) -> datetime:
        """When."""
        return START + timedelta(minutes=30 * self.half_hours)


things = st.lists(
    st.builds(
        Thing,
        what=st.sampled_from(("order", "order", "refund", "visit", "join", "leave", "say")),
        home=st.integers(0, 1),
        name=st.sampled_from(("老周", "阿茗", "عمر")),
        half_hours=st.integers(-6, HALF_HOURS + 6),
        amount=st.integers(0, 10**9),
    ),
    min_size=1,
    max_size=24,
)


EVERY_HOUR = [Thing("order", n % 2, "阿茗", 26 * n, n) for n in range(48)]  # of a day, and every day of a week


def _happens(homes: list[Home], done: list[Thing], lake: Path) -> Scope:
    """Tells of it all; the first half of it lies in the lake."""
    half = len(done) // 2
    for first, some in ((0, done[:half]), (half, done[half:])):
        do_keep_deeds([_deed(homes[one.home], n, one) for n, one in enumerate(some, first) if one.what in DEEDS])
        for n, one in enumerate(some):
            home = homes[one.home]
            if one.what == "join":
                home.join(one.name, one.at, n % 2, via=("", "qr")[n % 2])
            elif one.what == "leave":
                home.leave(one.name, one.at, n % 2)
            elif one.what == "say":
                home.say(one.name, one.at, group=n % 2)
        if not first:
            flush(START, lake)
    whole = tuple(list_counted_homes([home.id for home in homes]))
    return Scope((*homes[0].counted, *homes[1].counted), START, START + LENGTH, whole)


def _deed(home: Home, n: int, one: Thing) -> NewDeed:
    money = {"amount": one.amount, "currency": ("CNY", "USD")[n % 2]} if one.what != "visit" else {}
    return NewDeed(home.id, home.who(one.name), ("shop", "o'shop")[n % 2], one.what, str(n), one.at, **money)  # type: ignore[arg-type]


def _summed(metric: Metric, rows: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    """Every figure of a metric added up, currencies apart."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        for name in metric.empty:
            found[row.get(metric.apart_by, ""), name] += row[name]
    return {key: round(value, 4) for key, value in found.items() if value}


@FEW
@given(things, st.permutations(ZONES))
def test_the_parts_of_a_breakdown_add_up_to_the_total(lake: Path, done: list[Thing], zones: list[str]) -> None:
    done = [*done, *EVERY_HOUR]
    scope = _happens([Home(timezone=zone, groups=("甲", "乙")) for zone in zones[:2]], done, lake)
    of_things = [(metric, by) for metric in (ORDERS, REVENUE) for by in metric.by]
    of_people = [(metric, "community") for metric in (SPEAKERS, JOINS, LEAVES, NET_JOINS, MEMBERS, BUYERS, DOERS)]
    for metric, by in (*of_things, *of_people):
        rows, total = measure_with_total(metric, scope, by)
        assert _summed(metric, rows) == _summed(metric, total), (metric.name, by)


@FEW
@given(things, st.sampled_from(ZONES))
def test_what_was_done_counts_on_the_communitys_own_day_and_hour(lake: Path, done: list[Thing], zone: str) -> None:
    done = [*done, *EVERY_HOUR]
    scope = _happens([Home(timezone=zone, groups=("甲", "乙")) for _ in range(2)], done, lake)
    inside = [one for one in done if one.what == "order" and scope.since <= one.at < scope.until]
    local = [one.at.astimezone(ZoneInfo(zone)) for one in inside]
    days = {row["day"]: row["value"] for row in measure(ORDERS, scope, "day") if row["value"]}
    assert days == Counter(at.date().isoformat() for at in local)
    hours = {row["hour"]: row["value"] for row in measure(ORDERS, scope, "hour") if row["value"]}
    assert hours == Counter(at.hour for at in local)

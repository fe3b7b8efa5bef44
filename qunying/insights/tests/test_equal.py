"""Lake and tail together answer what plain counting answers, for any talk, zone and moment of flushing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.insights.catalogue import ACTIVE_HOURS, MESSAGES, SPEAKERS, TOP_SHARE
from qunying.insights.lake import compact, flush
from qunying.insights.measure import measure
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import Home

pytestmark = pytest.mark.django_db
START = datetime(2024, 3, 29, tzinfo=UTC)  # two days before clocks change in Europe
LENGTH = timedelta(days=8)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
DATABASE = duckdb.connect()


@dataclass(frozen=True, slots=True)
class Line:
    """A message of somebody, recalled a minute later or not, with or without a flush after it."""

    minute: int
    name: str
    group: int
    is_recalled: bool
    then_flush: bool

    @property
    def at(self) -> datetime:
        """When."""
        return START + timedelta(minutes=self.minute)


lines = st.builds(
    Line,
    minute=st.integers(0, int(LENGTH / timedelta(minutes=1)) + 600),
    name=st.sampled_from(["老周", "阿茗", "👩‍👩‍👧", "عمر", "陳曉"]),
    group=st.integers(0, 1),
    is_recalled=st.booleans(),
    then_flush=st.integers(0, 5).map(lambda n: n == 0),
)


def _tell(home: Home, said: list[Line], lake: Path) -> None:
    late = []
    for line in said:
        key = home.say(line.name, line.at, group=line.group)
        if line.then_flush:
            flush(START, lake)
        if line.is_recalled:
            late.append((key, line))
    for key, line in late:
        home.recall(key, line.at, line.group)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, max_size=12), st.sampled_from(ZONES), st.booleans())
def test_counts_equal_plain_counting_when_some_rows_are_in_the_lake(
    lake: Path, said: list[Line], zone: str, compacts: bool
) -> None:
    home = Home(timezone=zone, groups=("甲", "乙"))
    _tell(home, said, lake)
    if compacts:
        flush(START, lake)
        compact(START, lake)
    scope = Scope(home.counted, START, START + LENGTH)
    inside = [line for line in said if START <= line.at < START + LENGTH]
    local = [(line, line.at.astimezone(ZoneInfo(zone))) for line in inside]
    days = Counter(at.date().isoformat() for _, at in local)
    cells = Counter((at.isoweekday(), at.hour) for _, at in local)
    total = measure(MESSAGES, scope)[0]
    assert (total["value"], total["recalled"]) == (len(inside), sum(line.is_recalled for line in inside))
    assert {row["day"]: row["value"] for row in measure(MESSAGES, scope, "day") if row["value"]} == days
    assert {
        (row["weekday"], row["hour"]): row["value"] for row in measure(ACTIVE_HOURS, scope) if row["value"]
    } == cells
    assert measure(SPEAKERS, scope)[0]["value"] == len({line.name for line in inside})
    counts = sorted(Counter(line.name for line in inside).values(), reverse=True)
    assert measure(TOP_SHARE, scope)[0]["by_three"] == sum(counts[:3])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, min_size=1, max_size=10), st.sampled_from(ZONES))
def test_breakdowns_add_up_to_the_total_when_messages_are_counted(lake: Path, said: list[Line], zone: str) -> None:
    home = Home(timezone=zone, groups=("甲", "乙"))
    _tell(home, said, lake)
    scope = Scope(home.counted, START, START + 2 * LENGTH)
    total: dict[str, Any] = measure(MESSAGES, scope)[0]
    for by in MESSAGES.by:
        rows = measure(MESSAGES, scope, by)
        for name, value in total.items():
            assert sum(row[name] for row in rows) == value, by


@settings(deadline=None)
@given(
    st.datetimes(datetime(2010, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)),
    st.sampled_from((*ZONES, "Australia/Lord_Howe", "America/Sao_Paulo")),
)
def test_local_time_equals_the_engines_own_when_offsets_are_added(moment: datetime, zone: str) -> None:
    from qunying.insights.scope import stretches

    offset = next(one.offset for one in stretches(zone, moment, moment + timedelta(days=1)))
    found = DATABASE.execute(
        "SELECT $moment::TIMESTAMPTZ AT TIME ZONE $zone", {"moment": moment, "zone": zone}
    ).fetchall()[0][0]
    assert found == moment.replace(tzinfo=None) + offset

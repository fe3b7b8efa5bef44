"""Counts over columns say what the catalogue's questions say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.insights.catalogue import ACTIVE_HOURS, JOINS, LEAVES, MESSAGES, SPEAKERS, TOP_SHARE
from qunying.insights.looking import look_at
from qunying.insights.measure import measure
from qunying.insights.scope import Scope, scope_of
from qunying.insights.tests.rows import NOON, Home

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SPAN = (NOON - 2 * DAY, NOON + 8 * DAY)
ZONES = ("Asia/Shanghai", "America/St_Johns")
said = st.lists(
    st.tuples(st.sampled_from(["老周", "阿茗", "عمر", "陳曉", "苏念"]), st.integers(0, 8 * 24 * 60)), max_size=40
)
moved = st.lists(
    st.tuples(st.sampled_from(["老周", "新人", "过客"]), st.integers(0, 8 * 24), st.sampled_from(["qr", "invite", ""])),
    max_size=12,
    unique_by=lambda move: move[1],
)


def _scope(home: Home) -> Scope:
    return scope_of(home.group_ids, *SPAN)


@pytest.mark.parametrize("zone", ZONES)
@given(lines=said, moves=moved)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_columns_agree_with_the_catalogue_for_any_talk(
    zone: str, lines: list[tuple[str, int]], moves: list[tuple[str, int, str]], lake: Path
) -> None:
    home = Home(zone)
    for name, minute in lines:
        home.say(name, NOON + timedelta(minutes=minute))
    for place, (name, hour, via) in enumerate(sorted(moves, key=lambda move: move[1])):
        at = NOON + timedelta(hours=hour)
        home.leave(name, at) if place % 3 == 2 else home.join(name, at, via=via)
    scope = _scope(home)
    look = look_at(scope)
    days = {day.day.isoformat(): day for day in look.by_day(scope.since)}
    for metric, name in ((MESSAGES, "messages"), (SPEAKERS, "speakers"), (JOINS, "joined"), (LEAVES, "left")):
        rows = {str(row["day"]): row["value"] for row in measure(metric, scope, "day")}
        assert rows == {day: getattr(one, name) for day, one in days.items()}
    now, _ = look.said(scope.since, *SPAN)
    assert now.top_share == pytest.approx(measure(TOP_SHARE, scope, "")[0]["value"])
    cells = {(row["weekday"] - 1, row["hour"]): row["value"] for row in measure(ACTIVE_HOURS, scope, "weekday_hour")}
    assert {(d, h): n for d, row in enumerate(look.heat(scope.since)) for h, n in enumerate(row)} == cells
    assert look.moved(scope.since).joined == measure(JOINS, scope, "")[0]["value"]
    assert look.moved(scope.since).left == measure(LEAVES, scope, "")[0]["value"]


def test_what_was_not_read_is_empty(lake: Path) -> None:
    home = Home()
    home.say("老周", NOON)
    look = look_at(_scope(home), ("messages",))
    assert look.moved(SPAN[0]).joined == 0
    assert look.silent(SPAN[0]) == (0, 0, 0)
    assert look_at(_scope(Home())).said(*SPAN[:1], *SPAN)[0].messages == 0

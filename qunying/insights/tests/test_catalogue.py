"""Every metric against numbers counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qunying.insights.catalogue import CATALOGUE
from qunying.insights.engines.views import read_sql
from qunying.insights.lake import flush
from qunying.insights.measure import get_metric, measure
from qunying.insights.metric import Metric
from qunying.insights.scope import Scope, midnight
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.kernel.errors import BadUse

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(params=["database", "lake", "both"])
def keep(request: pytest.FixtureRequest, lake: Path) -> Any:
    """Where the rows are when they are counted: nowhere in the lake, all there, or half and half."""
    calls = {"n": 0}

    def maybe() -> None:
        calls["n"] += 1
        if request.param == "lake" or (request.param == "both" and calls["n"] == 1):
            flush(NOON, lake)

    return maybe


def _ask(home: Home, name: str, by: str = "", days: int = 7) -> list[dict[str, Any]]:
    since = midnight(NOON.date(), "Asia/Shanghai")
    return measure(get_metric(name), Scope(home.counted, since, since + timedelta(days=days)), by)


def _tea(keep: Any) -> Home:
    """Seven members in two groups, a colleague, a bot and our account, talking from Monday to Wednesday."""
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",))
    home.sit("机器人", is_bot=True)
    for n in range(5):
        home.say("老周", NOON + hours(n))
    for n in range(3):
        home.say("阿茗", NOON + hours(24 + n))
    home.say("老周", NOON + hours(24), group=1)
    keep()
    home.recall(home.say("陆小满", NOON + hours(48)), NOON + hours(49))
    home.say("简一", NOON + hours(48), group=1)
    for name in ("林晚", "林晚", "机器人"):
        home.say(name, NOON + hours(1))
    home.say("", NOON + hours(2), is_own=True)
    home.say("", NOON + hours(3), kind="notice")
    home.sit("潜水员")
    keep()
    return home


def test_messages_tell_recalled_and_ours_apart_when_counted(keep: Any) -> None:
    assert _ask(_tea(keep), "messages") == [{"value": 11, "recalled": 1, "by_staff": 2, "by_bots": 2}]


def test_messages_add_up_when_broken_down(keep: Any) -> None:
    home = _tea(keep)
    assert [row["value"] for row in _ask(home, "messages", "day")] == [5, 4, 2, 0, 0, 0, 0]
    assert [row["value"] for row in _ask(home, "messages", "weekday")] == [5, 4, 2, 0, 0, 0, 0]
    assert [(row["group"][:2], row["value"]) for row in _ask(home, "messages", "group")] == [("茶友", 9), ("品鉴", 2)]
    assert [row["value"] for row in _ask(home, "messages", "week")] == [11]
    assert {row["hour"]: row["value"] for row in _ask(home, "messages", "hour") if row["value"]} == {
        12: 5, 13: 2, 14: 2, 15: 1, 16: 1
    }  # fmt: skip


def test_a_person_counts_once_when_they_speak_in_two_groups(keep: Any) -> None:
    home = _tea(keep)
    assert _ask(home, "speakers") == [{"value": 4}]
    assert [row["value"] for row in _ask(home, "speakers", "group")] == [3, 2]
    assert [row["value"] for row in _ask(home, "speakers_by_day")] == [1, 2, 2, 0, 0, 0, 0]


def test_members_leave_out_staff_and_bots_when_counted(keep: Any) -> None:
    assert _ask(_tea(keep), "members") == [{"value": 5, "staff": 1, "bots": 1}]


def test_share_of_the_top_three_when_four_speak(keep: Any) -> None:
    found = _ask(_tea(keep), "top_share")[0]
    assert (found["by_three"], found["messages"], found["speakers"]) == (10, 11, 4)
    assert found["value"] == pytest.approx(10 / 11)


def test_active_rates_when_some_were_silent_in_the_window(keep: Any) -> None:
    home = _tea(keep)
    week = _ask(home, "active_rate_week", days=3)[0]
    assert (week["speakers"], week["members"], week["value"]) == (4, 5, pytest.approx(0.8))
    assert _ask(home, "active_rate_day", days=3)[0]["speakers"] == 2
    assert _ask(home, "active_rate_day", days=4)[0]["value"] == 0
    assert _ask(home, "active_rate_month", days=20)[0]["speakers"] == 4


def test_168_hours_when_active_hours_are_asked(keep: Any) -> None:
    rows = _ask(_tea(keep), "active_hours")
    assert len(rows) == 168
    assert sum(row["value"] for row in rows) == 11
    assert {(row["weekday"], row["hour"]): row["value"] for row in rows if row["value"]} == {
        (1, 12): 1, (1, 13): 1, (1, 14): 1, (1, 15): 1, (1, 16): 1, (2, 12): 2, (2, 13): 1, (2, 14): 1, (3, 12): 2
    }  # fmt: skip


def test_joins_and_leaves_when_somebody_comes_twice_and_somebody_is_removed(keep: Any) -> None:
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",))
    home.join("苏念", NOON, via="qr")
    home.join("苏念", NOON + hours(1), group=1, via="invite", inviter="老周")
    home.join("禾生", NOON + hours(24), via="qr")
    keep()
    home.join("林晚", NOON)
    home.leave("禾生", NOON + hours(30))
    home.leave("广告哥", NOON + hours(31), operator="林晚")
    home.join("禾生", NOON + hours(40), via="invite")
    keep()
    assert _ask(home, "joins") == [{"value": 2, "invited": 1}]
    assert [row["value"] for row in _ask(home, "joins", "day")] == [1, 1, 1, 0, 0, 0, 0]
    assert {row["source"]: row["value"] for row in _ask(home, "joins", "source")} == {"qr": 2, "invite": 2}
    assert _ask(home, "leaves") == [{"value": 2, "removed": 1}]
    assert _ask(home, "net_joins") == [{"value": 0, "joined": 2, "gone": 2}]


def test_members_are_those_of_that_day_when_the_span_ended_long_ago() -> None:
    home = Home()
    home.join("苏念", NOON - timedelta(days=3))
    home.join("禾生", NOON + timedelta(days=10))
    home.leave("苏念", NOON + timedelta(days=20))
    home.say("老周", NOON - timedelta(days=9))
    assert _ask(home, "members")[0]["value"] == 2
    assert _ask(home, "members", days=15)[0]["value"] == 3
    assert _ask(home, "members", days=40)[0]["value"] == 2


def test_gini_when_one_says_as_much_as_all_others() -> None:
    home = Home()
    for n, name in enumerate(["a", "b", "c", "c"]):
        home.say(name, NOON + hours(n))
    mean_difference = (0 + 0 + 1 + 0 + 0 + 1 + 1 + 1 + 0) / 9
    assert _ask(home, "gini")[0]["value"] == pytest.approx(mean_difference / (2 * 4 / 3))


def test_nothing_is_zero_and_no_share_when_nobody_is_there() -> None:
    home = Home()
    for metric in CATALOGUE:
        rows = measure(metric, Scope(home.counted, NOON, NOON + WEEK))
        expected = {None} if metric.empty["value"] is None else {0}
        assert {row["value"] for row in rows} == expected, metric.name


def test_a_day_is_cut_at_local_midnight_when_clocks_are_elsewhere() -> None:
    home = Home(timezone="America/New_York")
    home.say("Ann", datetime(2024, 3, 10, 4, 59, tzinfo=UTC))
    home.say("Ann", datetime(2024, 3, 10, 5, 0, tzinfo=UTC))
    home.say("Ann", datetime(2024, 3, 11, 3, 59, tzinfo=UTC))
    home.say("Ann", datetime(2024, 3, 11, 4, 0, tzinfo=UTC))
    since, until = midnight(datetime(2024, 3, 9).date(), "America/New_York"), datetime(2024, 3, 12, 4, tzinfo=UTC)
    rows = measure(get_metric("messages_by_day"), Scope(home.counted, since, until))
    assert [(row["day"], row["value"]) for row in rows] == [("2024-03-09", 1), ("2024-03-10", 2), ("2024-03-11", 1)]


def test_the_merged_person_counts_once_when_two_accounts_are_one() -> None:
    from qunying.people.models import Identity

    home = Home()
    home.say("老周", NOON)
    home.say("老周小号", NOON)
    Identity.objects.filter(pk=home.who("老周小号")).update(person_id=home.who("老周"))
    assert _ask(home, "speakers") == [{"value": 1}]
    assert _ask(home, "members")[0]["value"] == 1


def test_a_breakdown_is_refused_when_the_metric_has_no_such() -> None:
    home = Home()
    with pytest.raises(BadUse, match="不能按 group"):
        _ask(home, "messages_by_day", "group")


def test_all_names_are_told_when_a_metric_is_unknown() -> None:
    with pytest.raises(BadUse, match="net_joins"):
        get_metric("net")


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
def test_a_metric_is_whole_when_it_is_in_the_catalogue(metric: Metric) -> None:
    assert read_sql(metric.sql)
    assert metric.definition.endswith("。")
    assert set(metric.sources) <= {"messages", "events", "memberships", "deeds", "acts"}
    assert all(caveat.endswith("。") for caveat in metric.caveats)
    assert len({one.name for one in CATALOGUE}) == len(CATALOGUE)

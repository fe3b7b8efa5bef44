"""Who is active by day, week and month, and members by what their cards say: counted by hand, and by slow plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.insights.lake import flush
from qunying.insights.measure import get_metric, measure, measure_with_total
from qunying.insights.metric import BY_TRAIT
from qunying.insights.scope import Scope, midnight
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.people.actions import Seat, SeatNews, do_seat
from qunying.people.cards import do_read_new
from qunying.people.correcting import do_correct_card
from qunying.people.models import Identity, Membership

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SHANGHAI = "Asia/Shanghai"
SPRING = datetime(2024, 3, 29, tzinfo=UTC)  # two days before clocks change in Europe


def _scope(home: Home, first: date, days: int, zone: str = SHANGHAI) -> Scope:
    return Scope(home.counted, midnight(first, zone), midnight(first + days * DAY, zone))


def _ask(scope: Scope, name: str, by: str = "") -> list[dict[str, Any]]:
    return measure(get_metric(name), scope, by)


def _talk() -> Home:
    """Monday to Wednesday of one week, and some of the weeks before; a colleague and a bot beside three members."""
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",))
    for day in (-29, -7, -6, 0, 1):
        home.say("老周", NOON + day * DAY)
    for day in (-30, 0):
        home.say("阿茗", NOON + day * DAY, group=1)
    home.say("老周", NOON, group=1)
    home.say("简一", NOON + 2 * DAY)
    home.say("林晚", NOON)
    home.sit("机器人", is_bot=True)
    home.say("机器人", NOON + hours(1))
    return home


def test_active_people_are_those_of_the_days_that_end_with_each_day() -> None:
    scope = _scope(_talk(), NOON.date(), 3)
    assert [row["value"] for row in _ask(scope, "dau", "day")] == [2, 1, 1]
    assert [row["value"] for row in _ask(scope, "wau", "day")] == [2, 2, 3]
    assert [row["value"] for row in _ask(scope, "mau", "day")] == [2, 2, 3]
    assert _ask(scope, "dau", "day")[0] == {"day": "2024-03-04", "value": 2, "staff": 1, "bots": 1}


def test_without_days_the_last_one_is_told_and_everybody_counts_once() -> None:
    home = _talk()
    assert _ask(_scope(home, NOON.date(), 3), "wau") == [{"value": 3, "staff": 1, "bots": 1}]
    assert _ask(_scope(home, NOON.date(), 1), "dau") == [{"value": 2, "staff": 1, "bots": 1}]
    by_group = _ask(_scope(home, NOON.date(), 1), "mau", "group")
    assert [row["value"] for row in by_group] == [1, 2]
    assert _ask(_scope(home, NOON.date() + 40 * DAY, 1), "mau")[0]["value"] == 0
    assert _ask(_scope(home, NOON.date() - DAY, 1), "mau")[0]["value"] == 2  # 阿茗's thirtieth day
    assert _ask(_scope(home, NOON.date() - DAY, 1), "wau")[0]["value"] == 1


def test_stickiness_is_the_average_day_against_the_month() -> None:
    found = _ask(_scope(_talk(), NOON.date(), 1), "stickiness")[0]
    assert found["monthly"] == 2
    assert found["daily"] == pytest.approx(5 / 30)  # 老周 on four of the thirty days, 阿茗 on one
    assert found["value"] == pytest.approx(5 / 60)
    nothing = _ask(_scope(_talk(), NOON.date() + 90 * DAY, 2), "stickiness", "day")
    assert [row["value"] for row in nothing] == [None, None]


def test_half_a_day_counts_up_to_its_moment_when_the_span_ends_in_it() -> None:
    home = _talk()
    home.say("晚到", NOON + hours(3))
    scope = Scope(home.counted, NOON - DAY, NOON + hours(2))
    assert [row["value"] for row in _ask(scope, "dau", "day")] == [0, 2]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 45 * 24), st.sampled_from("甲乙丙"), st.integers(0, 1), st.booleans()), max_size=14
    ),
    st.sampled_from((SHANGHAI, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")),
    st.integers(1, 12),
)
def test_active_people_equal_plain_counting_when_clocks_change(
    lake: Path, said: list[tuple[int, str, int, bool]], zone: str, length: int
) -> None:
    home = Home(timezone=zone, groups=("甲", "乙"))
    days: dict[str, set[date]] = defaultdict(set)
    for hour, name, group, then_flush in said:
        at = SPRING - 33 * DAY + hours(hour)
        home.say(name, at, group=group)
        days[name].add(at.astimezone(ZoneInfo(zone)).date())
        if then_flush:
            flush(SPRING, lake)
    scope = _scope(home, SPRING.date(), length, zone)
    asked = [SPRING.date() + n * DAY for n in range(length)]
    for name, window in (("dau", 1), ("wau", 7), ("mau", 30)):
        expected = [sum(any(0 <= (day - one).days < window for one in seen) for seen in days.values()) for day in asked]
        rows, total = measure_with_total(get_metric(name), scope, "day")
        assert [row["value"] for row in rows] == expected, name
        assert total[0]["value"] == expected[-1]
        assert _ask(scope, name, "community")[0]["value"] == expected[-1]
    spoken = [sum(sum(0 <= (day - one).days < 30 for one in seen) for seen in days.values()) for day in asked]
    months = _ask(scope, "mau", "day")
    for row, month, count in zip(_ask(scope, "stickiness", "day"), months, spoken, strict=True):
        assert row["value"] == (pytest.approx(count / 30 / month["value"]) if month["value"] else None)
        assert row["monthly"] == month["value"]


def _carded() -> Home:
    """Two groups; what people wrote on their cards says where they are from, and who brought them is known of some."""
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",))
    home.sit("林晚")
    for name, card, group, inviter in (
        ("老周", "上海-互联网-老周", 0, ""),
        ("老周", "杭州-互联网-老周", 1, "阿茗"),
        ("阿茗", "杭州-教育-阿茗", 0, "老周"),
        ("简一", "杭州-教育-简一", 0, "老周"),
        ("没写", "", 0, "没写"),
    ):
        seat = Seat(home.group_ids[group], home.who(name))
        do_seat({seat: SeatNews(home.id, name, card, "member", is_present=True)})
        home.join(name, NOON + hours(group), group, via="invite", inviter=inviter)
    do_read_new()
    return home


def _parts(home: Home, name: str, by: str) -> dict[object, int]:
    return {row[by]: row["value"] for row in _ask(_scope(home, NOON.date(), 1), name, by)}


def test_members_stand_in_the_city_of_their_newest_card_once_each() -> None:
    home = _carded()
    assert _parts(home, "members", "city") == {"杭州": 3, "": 1}
    assert _parts(home, "joins", "city") == {"杭州": 3, "": 1}
    assert _parts(home, "members", "industry") == {"互联网": 1, "教育": 2, "": 1}


def test_what_one_of_us_corrected_is_believed_more_than_a_newer_card() -> None:
    home = _carded()
    old = Membership.objects.get(group_id=home.group_ids[0], identity_id=home.who("老周"))
    do_correct_card([old.pk], "city", "苏州", at=NOON, user_id=User.objects.create_user("lin").pk)
    assert _parts(home, "members", "city") == {"苏州": 1, "杭州": 2, "": 1}


def test_members_stand_with_whoever_brought_them_first() -> None:
    home = _carded()
    assert _parts(home, "members", "inviter") == {"": 1, "老周": 2, "阿茗": 1}
    found = {row["inviter"]: row["inviter_id"] for row in _ask(_scope(home, NOON.date(), 1), "joins", "inviter")}
    assert found == {"": None, "老周": home.who("老周"), "阿茗": home.who("阿茗")}


def test_members_stand_in_their_layer() -> None:
    home = _carded()
    for n in range(3):
        home.say("阿茗", NOON + hours(n))
    assert _parts(home, "members", "layer") == {"follower": 1, "lurker": 3, "": 0}  # colleagues stand in none


@pytest.mark.parametrize("by", BY_TRAIT)
def test_parts_add_up_to_the_total_when_people_have_two_accounts_and_two_cards(by: str) -> None:
    home = _carded()
    home.join("老周小号", NOON, 1, via="qr", inviter="简一")
    Identity.objects.filter(pk=home.who("老周小号")).update(person_id=home.who("老周"))
    other = Home(groups=("别处",))
    other.join("阿茗", NOON)
    scope = Scope(
        (*home.counted, *other.counted), midnight(NOON.date(), SHANGHAI), midnight(NOON.date() + DAY, SHANGHAI)
    )
    for name in ("members", "joins"):
        rows, total = measure_with_total(get_metric(name), scope, by)
        for column in total[0]:
            assert sum(row[column] for row in rows) == total[0][column], (name, column)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 20 * 24), st.sampled_from("甲乙"), st.booleans()), min_size=1, max_size=10))
def test_communities_add_up_to_the_total_when_their_days_end_at_different_moments(
    lake: Path, said: list[tuple[int, str, bool]]
) -> None:
    homes = [Home(timezone=SHANGHAI), Home(timezone="America/New_York")]
    for hour, name, is_far in said:
        homes[is_far].say(name, SPRING - 10 * DAY + hours(hour))
    until = SPRING + 7 * DAY + hours(20)  # a day further in Shanghai than in New York
    scope = Scope((*homes[0].counted, *homes[1].counted), SPRING, until)
    days = {home.id: until.astimezone(ZoneInfo(home.timezone)).date() for home in homes}
    for name, window in (("dau", 1), ("wau", 7), ("mau", 30)):
        rows, total = measure_with_total(get_metric(name), scope, "community")
        assert sum(row["value"] for row in rows) == total[0]["value"]
        for home, row in zip(homes, rows, strict=True):
            active = set()
            for hour, who, is_far in said:
                at = SPRING - 10 * DAY + hours(hour)
                day = at.astimezone(ZoneInfo(home.timezone)).date()
                if homes[is_far] is home and at < until and 0 <= (days[home.id] - day).days < window:
                    active.add(who)
            assert row["value"] == len(active), name

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation

from qunying.ui.moments import show_moment, tell_moment


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=14), "14 分钟前"),
        (timedelta(minutes=59, seconds=59), "59 分钟前"),
        (timedelta(hours=1), "今天 19:14"),
        (timedelta(hours=23, minutes=6), "昨天 21:08"),
        (timedelta(days=2), "前天 20:14"),
        (timedelta(days=7), "11 月 14 日"),
        (timedelta(days=400), "2025 年 10 月 17 日"),
        (timedelta(seconds=-30), "马上"),
        (timedelta(minutes=-16), "16 分钟后"),
        (-timedelta(hours=12, minutes=16), "明天 08:30"),
    ],
)
def test_moment_is_told_as_people_say_it_when_in_shanghai(now: datetime, ago: timedelta, shown: str) -> None:
    with timezone.override("Asia/Shanghai"):
        assert tell_moment(now - ago, now).text == shown


def test_day_follows_the_active_zone_when_it_is_another(now: datetime) -> None:
    with timezone.override("America/Los_Angeles"):
        assert tell_moment(now - timedelta(hours=5), now).text == "昨天 23:14"


def test_moment_carries_exact_and_machine_time_when_shown(now: datetime) -> None:
    with timezone.override("Asia/Shanghai"):
        html = show_moment(now - timedelta(minutes=14), now)
    assert html == (
        '<time datetime="2026-11-21T12:00:00+00:00" title="2026 年 11 月 21 日 20:00" data-when="今天 20:00">14 分钟前</time>'
    )


def test_moment_is_a_dash_when_unknown(now: datetime) -> None:
    assert show_moment(None, now) == "–"


def test_moment_is_refused_when_its_zone_is_missing(now: datetime) -> None:
    with pytest.raises(ValueError, match="time zone"):
        tell_moment(datetime(2026, 11, 21, 20, 0), now)


def test_dates_take_english_order_when_english(now: datetime) -> None:
    with timezone.override("Asia/Shanghai"), translation.override("en"):
        assert tell_moment(now - timedelta(days=7), now).text == "14 Nov"
        assert tell_moment(now - timedelta(minutes=14), now).text == "14 min ago"

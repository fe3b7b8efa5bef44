from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import npgettext

from qunying.ui import figures


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (6214, "6,214"),
        (99_999, "99,999"),
        (100_000, "10 万"),
        (1_914_300, "191.4 万"),
        (99_999_999, "1 亿"),
        (123_456_789, "1.2 亿"),
        (-412, "−412"),
        (-250_000, "−25 万"),
        (Decimal("5742.00"), "5,742"),
        (17.256, "17.26"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_number_counts_in_wan_when_chinese(value: figures.Number | None, shown: str) -> None:
    assert figures.number(value) == shown


def test_number_keeps_every_digit_when_english() -> None:
    with translation.override("en"):
        assert figures.number(1_914_300) == "1,914,300"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(-0.38, "−38%"), (0.04, "+4%"), (0, "±0%"), (0.004, "±0%"), (-0.005, "−1%"), (12, "+1,200%"), (None, "–")],
)
def test_change_always_has_a_sign_when_known(share: float | None, shown: str) -> None:
    assert figures.change(share) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.26, "26%"), (0.125, "13%"), (0, "0%"), (0.0004, "<1%"), (1, "100%"), (None, "–")]
)
def test_percent_never_shows_nought_when_there_is_something(share: float | None, shown: str) -> None:
    assert figures.percent(share) == shown


def test_percent_keeps_places_when_asked() -> None:
    assert figures.percent(0.0625, 1) == "6.3%"
    assert figures.percent(0.0001, 1) == "<0.1%"


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (0.4, "不到 1 秒"),
        (-5, "不到 1 秒"),
        (9, "9 秒"),
        (69, "1 分 9 秒"),
        (14 * 60 + 20, "14 分钟"),
        (360, "6 分钟"),
        (3600, "1 小时"),
        (3 * 3600 + 20 * 60, "3 小时 20 分"),
        (timedelta(days=2, hours=3), "2 天 3 小时"),
        (timedelta(days=11, hours=5), "11 天"),
        (None, "–"),
    ],
)
def test_duration_uses_two_units_when_long_enough(length: timedelta | float | None, shown: str) -> None:
    assert figures.duration(length) == shown


def test_duration_is_english_when_the_reader_is() -> None:
    with translation.override("en"):
        assert figures.duration(69) == "1 min 9 s"


def test_units_are_whole_words_in_english() -> None:
    with translation.override("en"):
        assert [npgettext("unit", "人", "人", n) for n in (1, 2)] == ["person", "people"]

"""What rises must be more than chance, and the interval must hold what was put in."""

from __future__ import annotations

import random

import pytest

from qunying.judgement.themes.lines import Trend
from qunying.judgement.themes.trend import moved, strength


@pytest.mark.parametrize(
    ("voices", "before", "trend"),
    [
        (12, 0, Trend.RISING),
        (4, 0, Trend.RISING),
        (3, 0, Trend.STEADY),  # three may be chance
        (13, 12, Trend.RISING),
        (5, 12, Trend.STEADY),
        (0, 60, Trend.FADING),
        (2, 20, Trend.STEADY),
    ],
)
def test_it_rises_or_fades_when_chance_would_hardly_do_that(voices: int, before: int, trend: Trend) -> None:
    assert moved((voices, 100), (before, 400)).trend is trend


def test_nothing_is_said_when_there_is_hardly_a_past() -> None:
    found = moved((9, 20), (0, 29))
    assert (found.trend, found.expected, found.ratio, found.low, found.high) == (Trend.UNKNOWN, None, None, None, None)


def test_more_talk_alone_makes_nothing_rise() -> None:
    assert moved((40, 400), (40, 400)).trend is Trend.STEADY
    assert moved((40, 400), (40, 400)).expected == 40


def test_a_small_change_is_nothing_to_tell_however_certain() -> None:
    assert moved((13_000, 100_000), (40_000, 400_000)).trend is Trend.STEADY


def test_strength_is_the_root_of_the_likelihood_ratio_when_reckoned_by_hand() -> None:
    assert strength(5, 100, 0, 400) == pytest.approx((2 * 5 * 1.6094379) ** 0.5)
    assert strength(0, 100, 5, 400) == pytest.approx(-((2 * 5 * 0.2231436) ** 0.5))
    assert strength(0, 100, 0, 400) == 0


def test_the_interval_holds_the_true_ratio_about_as_often_as_it_says() -> None:
    chance = random.Random(5)
    held = 0
    for _ in range(400):
        now, before = (sum(chance.random() < rate for _ in range(of)) for rate, of in ((0.06, 400), (0.02, 1600)))
        found = moved((now, 400), (before, 1600))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 3 <= found.high
    assert held >= 400 * 0.92


def test_what_has_just_come_up_rises_though_the_week_does_not_show_it_yet() -> None:
    week, before = (8, 140), (14, 560)
    assert moved(week, before).trend is Trend.STEADY
    found = moved(week, before, (6, 20))
    assert (found.trend, found.lately) == (Trend.RISING, 6)
    assert found.lately_expected == pytest.approx(16 * 20 / 680)
    assert moved(week, before, (3, 20)).trend is Trend.STEADY
    assert moved(week, before, (4, 40)).trend is Trend.STEADY

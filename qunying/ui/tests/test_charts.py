from __future__ import annotations

import re

import pytest
from django.utils import translation

from qunying.ui import charts
from qunying.ui.charts import Hours, Layer, Week

NIGHT_TO_NIGHT = tuple(float(hour) for hour in range(24))


def _hours(values: tuple[float, ...] = NIGHT_TO_NIGHT, **more: object) -> Hours:
    return Hours("八点最热闹", "每小时", "条", values, "昨天", **more)  # type: ignore[arg-type]


def test_spark_runs_from_bottom_to_top_when_values_rise() -> None:
    html = charts.draw_spark([3, 4, 3, 5, 6, 5, 7], "老周")
    assert 'd="M0.0,24.0 10.7,18.5 21.3,24.0 32.0,13.0 42.7,7.5 53.3,13.0 64.0,2.0"' in html
    assert '<circle cx="64.0" cy="2.0" r="2.5"/>' in html
    assert 'aria-label="老周：从 3 到 7"' in html


def test_spark_lies_in_the_middle_when_nothing_changes() -> None:
    assert "M0.0,13.0 32.0,13.0 64.0,13.0" in charts.draw_spark([5, 5, 5], "平")


def test_spark_skips_gaps_when_values_are_unknown() -> None:
    assert "M0.0,24.0 64.0,2.0" in charts.draw_spark([1, None, float("nan"), 2], "走势")
    assert charts.draw_spark([None, None], "走势") == ""
    assert charts.draw_spark([], "走势") == ""


def test_spark_escapes_its_label_when_a_name_is_hostile() -> None:
    assert "<script>" not in charts.draw_spark([1, 2], '"><script>alert(1)</script>')


def test_highest_hour_is_lit_when_none_is_named() -> None:
    assert [bar.hour for bar in charts.lay_bars(_hours()) if bar.css == "now"] == [23]
    named = charts.lay_bars(_hours(highlighted=(20, 21)))
    assert [bar.hour for bar in named if bar.css == "now"] == [20, 21]


def test_bars_stay_flat_when_the_day_is_empty() -> None:
    bars = charts.lay_bars(_hours((0.0,) * 24))
    assert {bar.height for bar in bars} == {"0.0"}
    assert {bar.css for bar in bars} == {"soft"}
    assert charts.lay_gridline(_hours((0.0,) * 24)) is None


def test_scale_covers_both_when_the_past_was_higher() -> None:
    bars = charts.lay_bars(_hours(past=(46.0,) * 24))
    assert bars[23].height == "53.7"
    assert bars[0].tick_y == "8.6"


def test_bars_are_refused_when_hours_are_missing() -> None:
    with pytest.raises(ValueError, match="24"):
        charts.lay_bars(_hours((1.0, 2.0)))


@pytest.mark.parametrize(("value", "below"), [(351, 300), (1, 1), (9.99, 5), (0.4, 0.3), (1000, 1000), (0, 0), (-3, 0)])
def test_gridline_stands_at_a_round_figure_when_scaled(value: float, below: float) -> None:
    assert charts.round_below(value) == pytest.approx(below)


@pytest.mark.parametrize(("value", "level"), [(0, 0), (1, 0), (2, 1), (6, 2), (11, 3), (18, 4), (27, 5), (34, 5)])
def test_heat_level_matches_the_drawing_when_34_is_the_peak(value: int, level: int) -> None:
    assert charts.heat_level(value, 34) == level


def test_exactly_one_peak_is_outlined_when_two_hours_tie() -> None:
    grid = [[0.0] * 24 for _day in range(7)]
    grid[2][20] = grid[5][21] = 34
    rows = charts.lay_week(Week("周三晚八点", "每小时", "条", tuple(map(tuple, grid))))
    cells = [cell for _name, row in rows for cell in row]
    assert [cell.words for cell in cells if "peak" in cell.css] == ["周三 20 点：34 条"]
    assert [name for name, _row in rows] == list("一二三四五六日")


def test_no_peak_is_outlined_when_the_week_is_silent() -> None:
    rows = charts.lay_week(Week("没人说话", "每小时", "条", ((0.0,) * 24,) * 7))
    assert {cell.css for _name, row in rows for cell in row} == {"h0"}


def test_weekdays_are_short_when_english() -> None:
    with translation.override("en"):
        assert [charts.short_day(day) for day in (0, 6)] == ["Mon", "Sun"]


def test_layers_fill_the_width_when_one_is_empty() -> None:
    parts = charts.lay_layers([Layer("开口", 14), Layer("跟话", 0), Layer("潜水", 98)])
    assert [part.css for part in parts] == ["l1", "l2", "l3"]
    assert float(parts[2].x) + float(parts[2].width) == pytest.approx(100, abs=0.02)
    assert parts[1].width == "0.00"


def test_layers_have_no_width_when_nobody_is_there() -> None:
    assert {part.width for part in charts.lay_layers([Layer("开口", 0), Layer("沉睡", 0)])} == {"0.00"}


@pytest.mark.parametrize(("score", "width"), [(0.94, "94%"), (1.7, "100%"), (-1, "0%")])
def test_gauge_stays_inside_when_a_score_is_out_of_range(score: float, width: str) -> None:
    assert re.search(r'width="([^"]+)" height', charts.draw_gauge(score))[1] == width  # type: ignore[index]


def test_weeks_tell_kept_missed_and_nothing_promised_when_drawn() -> None:
    assert charts.draw_weeks([True, False, None], "8 周").count("<i") == 3
    assert '<i class="h5"></i><i></i><i class="none"></i>' in charts.draw_weeks([True, False, None], "8 周")

"""The measures of themes tell a perfect finder from one that is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from qunying.judgement.themes import Line, Names
from training.themes.measure import Found, Way, measure, topic_of
from training.themes.streams import DAY, DAYS, FIRST, Stream


def stream() -> Stream:
    """One topic that rises from the first day on, among lines of chat."""
    planted = [Line(n, (FIRST + n / 10) * DAY + 1, n % 5, n, "a") for n in range(30)]
    chat = [Line(1000 + n, n * DAY / 2, 9, 1000 + n, "b") for n in range(2 * DAYS)]
    lines = sorted([*planted, *chat], key=lambda line: line.at)
    return Stream("s", tuple(lines), {line.id: "card" for line in planted}, {"card": FIRST}, Names(), {})


def finder(text: str, title: str = "a card") -> Way:
    """Takes every line of the week with this text for one rising theme."""

    def way(lines: Sequence[Line], until: float) -> list[Found]:
        found = frozenset(line.id for line in lines if line.text == text and line.at >= until - 7 * DAY)
        return [Found(1, title, found, is_rising=True)] if found else []

    return way


def test_a_finder_that_is_right_is_told_so() -> None:
    row = measure(stream(), finder("a"))
    assert (row["within_1_day"], row["precision_at_5"], row["wrong_a_day"]) == (1.0, 1.0, 0.0)
    assert (row["same_lines"], row["same_title"], row["covered"]) == (1.0, 1.0, 1.0)


def test_a_finder_that_is_wrong_is_told_so() -> None:
    row = measure(stream(), finder("b"))
    assert (row["within_4_days"], row["precision_at_5"], row["covered"]) == (0.0, 0.0, 0.0)


def test_a_theme_is_on_a_topic_when_half_of_its_lines_are() -> None:
    half, less = frozenset({0, 1000}), frozenset({0, 1000, 1001})
    assert topic_of(Found(1, "", half, is_rising=True), stream()) == "card"
    assert topic_of(Found(1, "", less, is_rising=True), stream()) == ""

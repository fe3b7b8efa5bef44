"""Shares of questions that were asked of several banks are only as sure as the questions are many."""

from __future__ import annotations

import numpy as np

from training.answer_worlds import other_world, read_labelled
from training.answers import redrawn


def test_the_interval_is_that_of_questions_when_each_was_asked_of_many_banks() -> None:
    hits = np.tile([True, False, True, True], 10)
    once = [f"q{number}" for number in range(40)]
    often = [f"q{number % 4}" for number in range(40)]
    low, high = redrawn(once, lambda some: float(hits[some].mean()))
    lower, higher = redrawn(often, lambda some: float(hits[some].mean()))
    assert lower < low < 0.75 < high < higher


def test_nothing_that_is_only_measured_is_learnt() -> None:
    other = other_world()
    entries, outside = read_labelled()
    learnt = {*outside, *(way for entry in entries for way in (*entry.ways, *entry.far))}
    assert not learnt & {text for text, _ in other.asked}
    assert {entry for _, entry in other.asked} == {row.entry for row in other.rows}

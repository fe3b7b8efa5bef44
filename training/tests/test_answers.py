"""Shares of questions that were asked of several banks are only as sure as the questions are many."""

from __future__ import annotations

import numpy as np

from qunying.judgement.answers import BankRow
from training.answer_floor import floor_hits
from training.answer_worlds import World, other_world, read_labelled
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


def test_the_floor_finds_an_entry_by_its_answer_too_and_nothing_where_no_letter_is_shared() -> None:
    rows = (BankRow("refund", "押金什么时候退", "原路退回"), BankRow("replay", "课程有回放吗", "在主页看"))
    asked = (("押金退吗", "refund"), ("主页", "replay"), ("zzz", "refund"), ("押金", "replay"), ("早", None))
    told = floor_hits([World("course", rows, asked)])
    assert told == {"course": [("押金退吗", True), ("主页", True), ("zzz", False), ("押金", False)]}

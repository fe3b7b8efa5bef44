"""The page of figures says of every number whether it is met, from the records, and nothing else."""

from __future__ import annotations

import json
import re

import pytest

from training.figures.again import measured
from training.figures.page import KEPT, WORDS, missed_list, render, shown, targets_table
from training.figures.records import Figure, calibration, head, of_source
from training.figures.targets import Target, targets
from training.records import DATA, is_here
from training.texts.sets import COLD

MEASURED = json.loads(KEPT.read_text(encoding="utf-8"))


def target(reached: float, *, must: float = 0.5, aim: float | None = 0.7, is_limit: bool = False) -> Target:
    return Target("task", "what", "home", must, aim, Figure(reached), is_limit=is_limit)


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (target(0.49), "**missed**"),
        (target(0.5), "met, aim **missed**"),
        (target(0.7), "met, aim met"),
        (target(0.6, aim=None), "met"),
        (target(0.6, must=0.7, aim=0.5, is_limit=True), "met, aim **missed**"),
        (target(0.8, must=0.7, aim=0.5, is_limit=True), "**missed**"),
        (Target("task", "what", "away", None, None, Figure(0.1)), "no target"),
    ],
)
def test_a_number_is_met_or_missed_by_itself_when_compared(one: Target, verdict: str) -> None:
    assert one.verdict == verdict


def test_every_task_of_the_table_is_there_when_rows_are_made() -> None:
    tasks = {row.task for row in targets(MEASURED["machine"])}
    assert {"questions, Chinese, no question mark", "threads", "memory"} < tasks
    assert {row.place for row in targets({})} == {"home", "away", "simulated"}


def test_a_missed_number_is_told_again_when_the_page_is_written() -> None:
    rows = [target(0.1), target(0.9)]
    assert missed_list(rows) == "- task, what: missed"
    assert targets_table(rows).count("**missed**") == 1


def test_no_table_is_forgotten_when_the_page_is_written() -> None:
    assert re.findall(r"\{\{\w+\}\}", WORDS.read_text(encoding="utf-8"))
    page = render(MEASURED)
    assert "{{" not in page
    for verdict, language, *_ in calibration():
        assert f"| {verdict} | {language} |" in page


def test_what_the_record_says_stands_on_the_page_when_it_is_written() -> None:
    found = of_source("ad_zh", "telegram_zh", "f1")
    low, high = head("ad_zh")["unseen"]["telegram_zh"]["f1_interval"]
    assert shown(found, "") == f"{found.value:.3f} ({low:.3f}–{high:.3f})"
    assert f"{found.value:.3f} ({low:.3f}–{high:.3f})" in render(MEASURED)


def test_a_page_can_be_made_when_little_was_measured() -> None:
    assert render({"comments": MEASURED["comments"], "machine": {"memory": 100.0, "load": 1.0}})


@pytest.mark.skipif(not is_here(COLD[1]), reason="the public sets are not here: set QUNYING_DATA")
def test_the_page_can_be_made_of_what_is_measured_quickly() -> None:
    told = measured(DATA, is_quick=True)
    assert 0 < told["machine"]["memory"] < 300
    assert all(0 <= one["low"] <= one["value"] <= one["high"] <= 1 for one in told["comments"].values())
    assert render(told)

"""The labelled cards lie beside the training scripts, in a checkout only."""

from __future__ import annotations

import json

import pytest

training = pytest.importorskip("training.cards", reason="training scripts are not part of the wheel")


def test_the_table_of_confidences_is_of_these_cards_when_it_is_shipped() -> None:
    model = json.loads(training.MODEL.read_text(encoding="utf-8"))
    assert model["confidence"] == training.confidences(), "run python -m training.cards"


def test_cards_are_read_well_when_the_parser_was_written_after_them() -> None:
    reached = training.measure("test")
    assert reached["wholly_right"] >= 0.94
    assert reached["calibration_error"] <= 0.06
    assert all(each["precision"] >= 0.93 and each["recall"] >= 0.93 for each in reached["fields"].values())

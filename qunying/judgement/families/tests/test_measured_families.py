"""Families on real messages: these lie beside the project, not in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

training = pytest.importorskip("training.families", reason="training scripts are not part of the wheel")
DATA = Path(os.environ.get("QUNYING_DATA", Path(training.__file__).parent.parent.parent / "shared" / "data"))
needs_data = pytest.mark.skipif(
    not (DATA / "telegram_spam_zh").exists(), reason="QUNYING_DATA holds no telegram_spam_zh"
)


@needs_data
def test_reworded_ads_stay_together_when_they_are_placed_among_talk() -> None:
    ads = training.adverts(DATA)[:300]
    table = list(training.measure(ads, training.telegram(DATA, "0")[:500]))
    assert [row["with_talk"] for row in table] == [0] * 5
    assert table[0]["recall"] >= 0.93
    assert table[2]["recall"] >= 0.75
    assert table[4]["recall"] >= 0.35


@needs_data
def test_ordinary_messages_are_hardly_ever_joined_when_they_only_sound_alike() -> None:
    assert training.false_joins("home", training.telegram(DATA, "0")[:9000])["false_share"] <= 0.001

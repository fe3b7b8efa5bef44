from __future__ import annotations

from pathlib import Path

import numpy as np

from qunying.judgement.form import SIGNS
from qunying.judgement.grams import PLACES, dress, places_of
from qunying.judgement.linear import Curve, Heads, read_heads, write_heads


def heads_of(*columns: dict[str, int]) -> Heads:
    """Heads «a», «b» … that weigh the runs of these texts."""
    weights = np.zeros((PLACES + SIGNS, len(columns)), dtype=np.int16)
    for column, texts in enumerate(columns):
        for text, weight in texts.items():
            weights[places_of(dress(text).views), column] = weight
    names = tuple("abc"[: len(columns)])
    curves = {name: Curve(2.0, -0.5) for name in names}
    return Heads(names, weights, np.full(len(names), 0.02), np.zeros(len(names)), curves)


def test_a_head_sees_what_it_learnt_when_the_text_is_like_it() -> None:
    heads = heads_of({"加我微信领资料": 100}, {"今天天气真好": 100})
    found = heads.probabilities(dress("加我微信领资料吧"))
    assert found["a"] > found["b"]  # which knows the shape of Chinese words, and little else of it


def test_heads_say_the_same_when_they_were_written_and_read(tmp_path: Path) -> None:
    heads = heads_of({"加我微信": 100, "早上好": -90}, {"几点开始": 127})
    write_heads("some", heads, {"seed": 1}, tmp_path)
    again = read_heads("some", tmp_path)
    assert again.names == heads.names
    assert np.array_equal(again.weights, heads.weights)
    for text in ("加我微信", "早上好", "几点开始", "", "🎉"):
        assert again.probabilities(dress(text)) == heads.probabilities(dress(text))


def test_a_probability_is_between_nought_and_one_when_the_score_is_extreme() -> None:
    assert 0 < Curve(9.0, 0.0).probability(-1e9) < Curve(9.0, 0.0).probability(1e9) < 1

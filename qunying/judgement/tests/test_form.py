from __future__ import annotations

import numpy as np
import pytest

from qunying.judgement.folding import folded
from qunying.judgement.form import SIGNS, form_of
from qunying.judgement.grams import PLACES, dress
from qunying.judgement.linear import Curve, Heads

TEXTS = (
    "",
    "吗",
    "怎么报名",
    "报名怎么弄啊",
    "今天去茶山，几点都行",
    "去不去",
    "🎉",
    "python 报错了怎么办？",
    "长" * 3_000,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("课程开始了吗", "课程开始了"),
        ("去不去茶山", "不去茶山"),
        ("怎么去茶山", "茶山怎么去"),
        ("茶山好玩", "茶山的早上真的特别好玩"),
        ("装django", "装茶山"),
    ],
)
def test_signs_differ_when_a_text_is_put_otherwise(one: str, other: str) -> None:
    assert not np.array_equal(form_of(folded(one)), form_of(folded(other)))


@pytest.mark.parametrize(
    ("one", "other"), [("茶山怎么去", "校门怎么去"), ("去了吗", "去了吗。"), ("有人知道么", "有人知道吗")]
)
def test_signs_are_the_same_when_only_the_theme_is_another(one: str, other: str) -> None:
    first, second = form_of(folded(one)), form_of(folded(other))
    assert (first != second).sum() <= 1  # how it ends with a mark is one of them


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_has_as_many_signs_when_it_is_read(text: str) -> None:
    assert form_of(folded(text)).shape == (SIGNS,)


def test_a_head_that_heeds_form_says_the_same_when_many_are_read_at_once() -> None:
    weights = np.zeros((PLACES + SIGNS, 2), dtype=np.int16)
    weights[PLACES:, 1] = np.arange(SIGNS)
    weights[:PLACES:7] = 3
    heads = Heads(("a", "b"), weights, np.full(2, 0.01), np.zeros(2), {"a": Curve(1.0, 0.0), "b": Curve(1.0, 0.0)})
    alone = [heads.probabilities(dress(text)) for text in TEXTS]
    assert heads.probabilities_of_many([dress(text) for text in TEXTS]) == alone
    assert alone[1]["a"] != alone[1]["b"]

"""The guard of what is learnt belongs to the heads and the lines it was made of."""

from __future__ import annotations

import json

from qunying.judgement.learning.guard import GUARD, shipped_guard
from qunying.judgement.learning.likeness import pairs_of
from qunying.judgement.linear import MODELS
from qunying.judgement.texts import MODEL, VERDICTS
from training.guard import learnt_without_test
from training.labelled.lines import read_lines
from training.records import hash_of
from training.texts.recipes import Recipe
from training.texts.sets import ours


def test_the_guard_is_of_the_heads_that_are_shipped_when_it_is_read() -> None:
    told = json.loads((MODELS / f"{GUARD}.json").read_text(encoding="utf-8"))
    assert told["heads"] == hash_of(MODELS / f"{MODEL}.npz"), "heads were trained anew; run python -m training.guard"


def test_every_verdict_is_guarded_in_both_scripts_when_lines_are_ours() -> None:
    guard = shipped_guard()
    lines = [line for line in read_lines() if line.split == "test"]
    assert set(guard.verdicts) == set(VERDICTS)
    assert len(guard.pairs) == len(lines)
    assert all((kept == pairs_of(line.text)).all() for kept, line in zip(guard.pairs, lines, strict=True))
    for verdict, scripts in guard.verdicts.items():
        assert sorted(n for script in scripts for n in script.texts.tolist()) == list(range(len(lines)))
        assert sum(int(s.truth.sum()) for s in scripts) == sum(verdict in line.verdicts for line in lines)


def test_no_line_of_the_test_themes_is_learnt_when_a_head_guards() -> None:
    recipe = Recipe("ad_zh", asked=ours("ad", is_chinese=True), ordinary={"ours": ours("ad", is_chinese=True)})
    learnt = learnt_without_test(recipe)
    assert {text.source for text in learnt} == {"ours_train"}

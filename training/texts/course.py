"""From a recipe to a head that can be shipped, and from all of them to the model and its record."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from qunying.judgement.linear import MODELS, Curve, Heads, read_heads, write_heads
from qunying.judgement.texts import MODEL
from training.records import hashes_of
from training.texts import measure
from training.texts.fit import (
    SEED,
    Floats,
    Head,
    Kept,
    Lesson,
    curve_of,
    fit,
    folds_of,
    lesson_of,
    quantised,
    together,
    unseen_scores,
)
from training.texts.recipes import Recipe
from training.texts.sets import OURS, PUBLIC

MOST_WEIGHTS = 250_000


@dataclass(frozen=True, slots=True)
class Made:
    """A head with its curve, the probability from which it says yes, and what was measured."""

    kept: Kept
    curve: Curve
    threshold: float
    figures: Mapping[str, object]


def make(recipe: Recipe, most: int = MOST_WEIGHTS) -> Made:
    """Measures with machines that have not seen what they are asked, then learns everything."""
    learn = partial(lesson_of, reads_form=recipe.reads_form)
    asked, always = learn(recipe.asked), learn(recipe.always)
    scores = unseen_scores(asked, folds_of(recipe.asked, recipe.parts), always, recipe.strength)
    others = {name: learn(texts) for name, texts in recipe.ordinary.items()}
    # the head that meets other talk has seen none of it, and has its weights as they are shipped
    blind = quantised(fit(together(asked, always) if recipe.parts > 1 else always, recipe.strength), most).head
    ordinary = {name: blind.scores(lesson.runs) for name, lesson in others.items()}
    threshold = _threshold(recipe, asked, scores, ordinary)
    said = np.array([not text.source.endswith(measure.RENAMED) for text in asked.texts])
    curve = curve_of(scores[said], asked.truth[said])
    told: dict[str, object] = {
        "unseen": measure.by_source(recipe.asked, scores, threshold),
        "elsewhere": _elsewhere(recipe, blind, threshold),
        "left_out": _left_out(recipe, asked, always, others, threshold),
        "ordinary": measure.alarms(ordinary, threshold),
        "calibration_error": measure.calibration_error(scores[said], asked.truth[said], curve),
    }
    if recipe.is_disguised:
        meant = [text for text in recipe.asked if text.source in recipe.measured]
        told["disguised"] = measure.under_disguise(blind, meant, threshold)
    return Made(_last(recipe, asked, always, others, most), curve, curve.probability(threshold), told)


def _elsewhere(recipe: Recipe, blind: Head, threshold: float) -> dict[str, measure.Figures]:
    lessons = {name: lesson_of(texts, reads_form=recipe.reads_form) for name, texts in recipe.elsewhere.items()}
    return {name: measure.figures(blind.scores(one.runs), one.truth, threshold) for name, one in lessons.items()}


def _left_out(
    recipe: Recipe, asked: Lesson, always: Lesson, others: Mapping[str, Lesson], level: float
) -> dict[str, measure.Figures]:
    """Each of these sources by a machine that learnt the others only, where there are parts with a threshold of its own."""
    told = {}
    for name in recipe.left_out:
        known = [always, asked] if recipe.parts > 1 else [always]
        rest = [
            one.only(np.array([n for n, text in enumerate(one.texts) if not text.source.startswith(name)]))
            for one in known
        ]
        left = asked.only(np.array([n for n, text in enumerate(asked.texts) if text.source == name]))
        head = fit(together(*rest), recipe.strength)
        if recipe.parts > 1:
            scores = unseen_scores(rest[1], folds_of(rest[1].texts, recipe.parts), rest[0], recipe.strength)
            level = _threshold(recipe, rest[1], scores, {each: head.scores(one.runs) for each, one in others.items()})
        told[name] = measure.figures(head.scores(left.runs), left.truth, level)
    return told


def _threshold(recipe: Recipe, asked: Lesson, scores: Floats, ordinary: Mapping[str, Floats]) -> float:
    if recipe.budget is not None:
        level = measure.budget_threshold(list(ordinary.values()), recipe.budget)
        own = scores[~asked.truth]
        return max(level, measure.budget_threshold([own], recipe.budget)) if recipe.counts_own else level
    among = np.array([not recipe.measured or text.source in recipe.measured for text in asked.texts])
    best = measure.best_threshold(scores[among], asked.truth[among], recipe.given)
    if recipe.ceiling is None:
        return best
    return max(best, *(measure.budget_threshold([one], recipe.ceiling) for one in ordinary.values()))


def _last(recipe: Recipe, asked: Lesson, always: Lesson, others: Mapping[str, Lesson], most: int) -> Kept:
    """The machine that is shipped: it has learnt all, also what was ordinary and is known to be false."""
    against = list(others.values()) if recipe.learns_ordinary else []
    return quantised(fit(together(asked, always, *against), recipe.strength), most)


def as_shipped(names: Collection[str], folder: Path = MODELS) -> dict[str, Made]:
    """These heads as they were written: writing them again changes nothing. Only right while what they learn is the same."""
    record = json.loads((folder / f"{MODEL}.json").read_text(encoding="utf-8"))
    heads = read_heads(MODEL, folder)
    told = {}
    for column, name in enumerate(heads.names):
        if name in names:
            kept = Kept(heads.weights[:, column], float(heads.steps[column]), float(heads.biases[column]))
            told[name] = Made(kept, heads.curves[name], record["thresholds"][name], record["metrics"][name])
    return told


def write(made: Mapping[str, Made], data: Path, folder: Path = MODELS) -> None:
    """Keeps all heads with their record."""
    names = tuple(sorted(made))
    heads = Heads(
        names=names,
        weights=np.stack([made[name].kept.weights for name in names], axis=1),
        steps=np.array([made[name].kept.step for name in names]),
        biases=np.array([made[name].kept.bias for name in names]),
        curves={name: made[name].curve for name in names},
    )
    record = {
        "made_by": "python -m training.texts",
        "data": hashes_of((*PUBLIC, *OURS), data),
        "seed": SEED,
        "thresholds": {name: round(made[name].threshold, 6) for name in names},
        "metrics": {name: made[name].figures for name in names},
    }
    write_heads(MODEL, heads, record, folder)

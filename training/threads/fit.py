"""A small network that gives each earlier line a number, fitted so that the softmax over them falls on the right ones.

numpy only: one hidden layer with a linear way past it, Adam (Kingma and Ba 2015), weight decay, dropout. The loss of a line is
−log of the probability that falls on any of its right answers, so truth about links and about conversations fits the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Lines to learn from: what they look like from each earlier line, padded on the old side, and which ones are right."""

    columns: Floats  # (lines, window + 1, features)
    query: Floats  # (lines, queries)
    there: npt.NDArray[np.bool_]  # (lines, window + 1)
    right: npt.NDArray[np.bool_]  # (lines, window + 1)
    weight: Floats  # (lines,)

    def pick(self, which: npt.NDArray[np.int64]) -> Lesson:
        """Some of the lines."""
        return Lesson(self.columns[which], self.query[which], self.there[which], self.right[which], self.weight[which])


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fit."""

    hidden: int = 32
    epochs: int = 14
    batch: int = 48
    rate: float = 3e-3
    decay: float = 3e-3
    dropout: float = 0.3
    feature_dropout: float = 0.05


def together(lessons: list[Lesson]) -> Lesson:
    """Several lessons as one."""
    parts = [(lesson.columns, lesson.query, lesson.there, lesson.right, lesson.weight) for lesson in lessons]
    return Lesson(*[np.concatenate(part) for part in zip(*parts, strict=True)])


def fit(lesson: Lesson, seed: int, recipe: Recipe) -> dict[str, Floats]:
    """One network: ``from_line``, ``from_query``, ``bias``, ``out``, ``straight``."""
    rng = np.random.default_rng(seed)
    net = _fresh(lesson, rng, recipe.hidden)
    moments = {name: (np.zeros_like(value), np.zeros_like(value)) for name, value in net.items()}
    lines = len(lesson.query)
    steps = recipe.epochs * -(-lines // recipe.batch)
    step = 0
    for _ in range(recipe.epochs):
        order = rng.permutation(lines)
        for begin in range(0, lines, recipe.batch):
            step += 1
            rate = recipe.rate * min(1.0, step / 50) * 0.5 * (1 + np.cos(np.pi * step / steps))
            slopes = _slopes(net, lesson.pick(order[begin : begin + recipe.batch]), rng, recipe)
            _adam(net, slopes, moments, step, rate, recipe.decay)
    return net


def _fresh(lesson: Lesson, rng: np.random.Generator, hidden: int) -> dict[str, Floats]:
    features, queries = lesson.columns.shape[2], lesson.query.shape[1]
    wide = (2.0 / (features + queries)) ** 0.5
    net = {
        "from_line": rng.normal(0, wide, (features, hidden)),
        "from_query": rng.normal(0, wide, (queries, hidden)),
        "bias": np.zeros(hidden),
        "out": rng.normal(0, 0.1, hidden),
        "straight": np.zeros(features),
    }
    return {name: value.astype(np.float32) for name, value in net.items()}


def scores(net: dict[str, Floats], lesson: Lesson) -> Floats:
    """The number of each earlier line (−inf where none is)."""
    hidden = lesson.columns @ net["from_line"] + (lesson.query @ net["from_query"] + net["bias"])[:, None, :]
    out = np.maximum(hidden, 0) @ net["out"] + lesson.columns @ net["straight"]
    return np.where(lesson.there, out, -np.inf)


def softmax(out: Floats) -> Floats:
    """Probabilities over the last axis."""
    power = np.exp(out - out.max(axis=-1, keepdims=True))
    return np.asarray(power / power.sum(axis=-1, keepdims=True), dtype=np.float32)


def _slopes(net: dict[str, Floats], part: Lesson, rng: np.random.Generator, recipe: Recipe) -> dict[str, Floats]:
    lines, places, features = part.columns.shape
    kept = np.asarray(rng.random(features) >= recipe.feature_dropout, dtype=np.float32)
    kept[0] = 1.0
    columns = part.columns * kept
    hidden = columns @ net["from_line"] + (part.query @ net["from_query"] + net["bias"])[:, None, :]
    open_ = (hidden > 0) * ((rng.random((lines, 1, hidden.shape[2])) >= recipe.dropout) / (1 - recipe.dropout))
    active = (hidden * open_).astype(np.float32)
    out = np.where(part.there, active @ net["out"] + columns @ net["straight"], -np.inf)
    all_of_them = softmax(out)
    right = np.where(part.right, all_of_them, 0)
    wish = right / np.maximum(right.sum(axis=1, keepdims=True), 1e-9)
    slope = ((all_of_them - wish) * (part.weight / part.weight.sum())[:, None]).astype(np.float32)
    to_hidden = (slope[:, :, None] * (open_ * net["out"])).astype(np.float32)
    flat, flat_columns = to_hidden.reshape(lines * places, -1), columns.reshape(lines * places, features)
    by_line = to_hidden.sum(axis=1)
    return {
        "from_line": flat_columns.T @ flat,
        "from_query": part.query.T @ by_line,
        "bias": by_line.sum(axis=0),
        "out": active.reshape(lines * places, -1).T @ slope.ravel(),
        "straight": flat_columns.T @ slope.ravel(),
    }


def _adam(
    net: dict[str, Floats],
    slopes: dict[str, Floats],
    moments: dict[str, tuple[Floats, Floats]],
    step: int,
    rate: float,
    decay: float,
) -> None:
    for name, slope in slopes.items():
        first, second = moments[name]
        first += 0.1 * (slope - first)
        second += 0.001 * (slope * slope - second)
        move = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        net[name] -= (rate * (move + (decay * net[name] if name != "bias" else 0.0))).astype(np.float32)

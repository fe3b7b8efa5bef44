"""Linear models over the runs of signs of a text: many heads that look at it once.

A head's score is the sum of the weights of the text's runs over the square root of how many there are, plus those of its signs of
form (``form.py``), which stand behind the places of runs, times their loudness, plus a bias; its
probability a logistic curve of the score (Platt, 1999), fitted on texts that the weights were not trained on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.form import SIGNS, Form, form_of, forms_of, loudness
from qunying.judgement.grams import PLACES, Dressed, Places, places_of, places_of_many

MODELS = Path(__file__).parent / "models"
STEPS = 63  # as many of a head's own steps is a weight that one in a hundred exceeds; weights are whole steps


@dataclass(frozen=True, slots=True)
class Curve:
    """From score to probability: ``1 / (1 + exp(-(slope * score + shift)))``."""

    slope: float
    shift: float

    def probability(self, score: float) -> float:
        """0 … 1, never quite either."""
        return 1 / (1 + exp(-min(max(self.slope * score + self.shift, -30.0), 30.0)))


@dataclass(frozen=True, slots=True)
class Heads:
    """Models that read the same runs. ``weights`` is places, and signs of form behind them, × heads."""

    names: tuple[str, ...]
    weights: NDArray[np.int16]
    steps: NDArray[np.float64]
    biases: NDArray[np.float64]
    curves: Mapping[str, Curve]

    def scores(self, places: Places, form: Form) -> NDArray[np.float64]:
        """One score per head."""
        # a row per head lies in one piece, which is summed up four times as fast as a column
        wide = np.int32 if len(places) < 1 << 16 else np.int64  # a weight has 16 bits, so no sum is too large for it
        sums = np.ascontiguousarray(self.weights.take(places, axis=0).T).sum(axis=1, dtype=wide)
        scores: NDArray[np.float64] = sums * self.steps / np.sqrt(len(places)) + self.biases
        return scores + self._of_form(form) * loudness(len(places))

    def scores_of_many(self, places: Places, starts: NDArray[np.int64], forms: Form) -> NDArray[np.float64]:
        """One score per text and head, for places that begin with each text at ``starts``, and a row of signs for each."""
        sums = np.add.reduceat(self.weights.take(places, axis=0), starts, axis=0, dtype=np.int64)
        counts = np.diff(starts, append=len(places))
        scores: NDArray[np.float64] = sums * self.steps / np.sqrt(counts)[:, None] + self.biases
        return scores + self._of_form(forms) * loudness(counts)[:, None]

    def _of_form(self, forms: Form) -> NDArray[np.float64]:
        sums = forms.astype(np.int64) @ self.weights[PLACES:].astype(np.int64)
        said: NDArray[np.float64] = sums * self.steps
        return said

    def probabilities(self, dressed: Dressed) -> dict[str, float]:
        """One probability per head for a text."""
        return self._told(self.scores(places_of(dressed.views), form_of(dressed.folded.text)).tolist())

    def probabilities_of_many(self, texts: Sequence[Dressed]) -> list[dict[str, float]]:
        """The same for each of these texts (``TOGETHER`` at most), several times as fast."""
        forms = forms_of([text.folded.text for text in texts])
        found = self.scores_of_many(*places_of_many([text.views for text in texts]), forms)
        return [self._told(scores) for scores in found.tolist()]

    def _told(self, scores: Sequence[float]) -> dict[str, float]:
        return {name: self.curves[name].probability(s) for name, s in zip(self.names, scores, strict=True)}


def write_heads(name: str, heads: Heads, record: Mapping[str, object], folder: Path = MODELS) -> None:
    """Keeps heads as ``NAME.npz``, where most weights are nought and not kept, and what is told of them as ``NAME.json``."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for column, head in enumerate(heads.names):
        kept = np.flatnonzero(heads.weights[:, column]).astype(np.uint32)
        arrays[f"{head}_gaps"] = np.diff(kept, prepend=np.uint32(0)).astype(np.uint32)
        arrays[f"{head}_weights"] = heads.weights[kept, column]
    np.savez_compressed(folder / f"{name}.npz", allow_pickle=False, **arrays)
    told = {
        head: {"step": step, "bias": bias, "slope": heads.curves[head].slope, "shift": heads.curves[head].shift}
        for head, step, bias in zip(heads.names, heads.steps.tolist(), heads.biases.tolist(), strict=True)
    }
    text = json.dumps({"heads": told, **record}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


@cache
def read_heads(name: str, folder: Path = MODELS, only: tuple[str, ...] = ()) -> Heads:
    """Heads as they were written, all or those named, in that order; read once per process."""
    told = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["heads"]
    names = only or tuple(sorted(told))
    weights = np.zeros((PLACES + SIGNS, len(names)), dtype=np.int16)
    with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
        for column, head in enumerate(names):
            weights[np.cumsum(arrays[f"{head}_gaps"], dtype=np.int64), column] = arrays[f"{head}_weights"]
    return Heads(
        names=names,
        weights=weights,
        steps=np.array([told[head]["step"] for head in names]),
        biases=np.array([told[head]["bias"] for head in names]),
        curves={head: Curve(told[head]["slope"], told[head]["shift"]) for head in names},
    )

"""The learned part: how likely each earlier line is the one that a new line answers.

Several small networks (one hidden layer and a straight way past it) voting by the mean of their numbers, kept as one wider
network. ``training/threads`` fits them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from qunying.judgement.threads.window import FEATURES, QUERIES, Floats, Sight

MODEL = Path(__file__).parent.parent / "models" / "threads.npz"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights: ``from_line`` (hidden × features), ``from_query`` (hidden × queries), ``bias``, ``out``, ``straight``."""

    from_line: Floats
    from_query: Floats
    bias: Floats
    out: Floats
    straight: Floats

    def raw(self, sight: Sight) -> Floats:
        """A number per column of the sight; the softmax of them are probabilities."""
        asked = self.from_query @ sight.query + self.bias
        hidden = self.from_line @ sight.columns
        hidden += asked[:, None]
        np.maximum(hidden, 0.0, out=hidden)
        return np.asarray(self.out @ hidden + self.straight @ sight.columns)

    def chances(self, sight: Sight) -> Floats:
        """Probabilities: one for each earlier line, oldest first, and the last for «begins something»."""
        raw = self.raw(sight)
        power = np.exp(raw - raw.max())
        return np.asarray(power / power.sum())


@cache
def shipped() -> Scorer:
    """The model that comes with the package."""
    with np.load(MODEL, allow_pickle=False) as kept:
        parts = {name: kept[name].astype(np.float32) for name in kept.files}
    scorer = Scorer(**parts)
    if scorer.from_line.shape[1] != FEATURES or scorer.from_query.shape[1] != QUERIES:
        raise ValueError(f"{MODEL.name} was fitted for other features: run training.threads again")
    return scorer

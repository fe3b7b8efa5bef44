"""How often a head is right: shares with 95 % intervals, from scores of texts that were not learnt from."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np

from qunying.judgement.linear import Curve
from training.families import interval
from training.texts.disguise import TRICKS
from training.texts.fit import Flags, Floats, Head, runs_of
from training.texts.sets import Text

SEED = 20240306
_DRAWS = 1_000
MARKED, RENAMED = ", marked", ", renamed"  # endings of sources: the same with question marks, said of other things

Figures = dict[str, object]


def best_threshold(scores: Floats, truth: Flags, given: float = 0.0) -> float:
    """The score from which on saying yes has the best F1, or the lowest with so much less; half way to the next lower score."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    reached = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    best = int(np.flatnonzero(reached >= reached.max() - given)[-1 if given else 0])
    lower = scores[order[min(best + 1, len(order) - 1)]]
    return float((scores[order[best]] + lower) / 2)


def budget_threshold(ordinary: Sequence[Floats], budget: float) -> float:
    """The lowest score at which the mean share of false alarms over these sets is within the budget."""
    levels = np.unique(np.concatenate(ordinary))
    alarms = np.mean([1 - np.searchsorted(np.sort(one), levels, "right") / len(one) for one in ordinary], axis=0)
    return float(levels[np.flatnonzero(alarms <= budget)[0]]) + 1e-9


def by_source(texts: Sequence[Text], scores: Floats, threshold: float) -> dict[str, Figures]:
    """What is reached on each source, and on ours together."""
    sources = np.array([text.source for text in texts])
    truth = np.array([text.is_true for text in texts], dtype=bool)
    found = {
        str(name): figures(scores[sources == name], truth[sources == name], threshold) for name in np.unique(sources)
    }
    for whole in ("ours", "cold"):
        among = np.char.startswith(sources, f"{whole}_") & (np.char.find(sources, ", ") < 0)
        if among.any():
            found[whole] = figures(scores[among], truth[among], threshold)
    return found


def figures(scores: Floats, truth: Flags, threshold: float) -> Figures:
    """Precision, recall, F1 with its interval, accuracy, false alarms among what is not so."""
    said = scores > threshold
    counts = np.array([(said & truth).sum(), (said & ~truth).sum(), (~said & truth).sum(), (~said & ~truth).sum()])
    hit, false, missed, left = map(int, counts)
    drawn = np.random.default_rng(SEED).multinomial(len(truth), counts / len(truth), _DRAWS)
    spread = 2 * drawn[:, 0] / np.maximum(1, 2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2])
    return {
        "texts": len(truth),
        "true": hit + missed,
        "precision": _share(hit, hit + false),
        "recall": _share(hit, hit + missed),
        "f1": _share(2 * hit, 2 * hit + false + missed),
        "f1_interval": [round(float(one), 4) for one in np.percentile(spread, (2.5, 97.5))],
        "accuracy": _share(hit + left, len(truth)),
        "accuracy_interval": list(interval(hit + left, len(truth))),
        "false_alarms": _share(false, false + left),
    }


def alarms(ordinary: Mapping[str, Floats], threshold: float) -> dict[str, Figures]:
    """The share of each set of ordinary talk that is called so, with Wilson's interval."""
    told = {}
    for name, scores in ordinary.items():
        said = int((scores > threshold).sum())
        told[name] = {
            "texts": len(scores),
            "share": _share(said, len(scores)),
            "interval": list(interval(said, len(scores))),
        }
    return told


def calibration_error(scores: Floats, truth: Flags, curve: Curve) -> float:
    """The mean distance of promised and seen shares over ten equal steps of probability."""
    sure = 1 / (1 + np.exp(-(curve.slope * scores + curve.shift)))
    step = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[step == one].sum() - truth[step == one].sum()) for one in np.unique(step)]
    return round(float(np.sum(gaps)) / len(truth), 4)


def under_disguise(head: Head, texts: Sequence[Text], threshold: float) -> dict[str, Figures]:
    """Recall and false alarms on the same texts after each trick, which no head has learnt from; with what recall loses."""
    chance = random.Random(SEED)
    truth = np.array([text.is_true for text in texts], dtype=bool)
    plain = head.scores(runs_of([text.text for text in texts])) > threshold
    told: dict[str, Figures] = {}
    for name, trick in TRICKS.items():
        said = head.scores(runs_of([trick(text.text, chance) for text in texts])) > threshold
        told[name] = {
            "recall": _share(int((said & truth).sum()), int(truth.sum())),
            "recall_lost": round(float(plain[truth].mean() - said[truth].mean()), 4),
            "false_alarms": _share(int((said & ~truth).sum()), int((~truth).sum())),
        }
    lost = [float(str(each["recall_lost"])) for each in told.values()]
    return {
        **told,
        "mean": {
            "recall": round(float(plain[truth].mean()) - float(np.mean(lost)), 4),
            "recall_lost": round(float(np.mean(lost)), 4),
        },
    }


def _share(some: int, of: int) -> float:
    return round(some / of, 4) if of else 0.0

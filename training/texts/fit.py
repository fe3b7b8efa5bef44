"""From texts to a head: weights by a linear support vector machine, a curve from scores of texts that were not learnt from.

The machine is liblinear's (Fan et al., 2008) over the runs of a text, each 1 / √(runs of the text), and its signs of form, as
``linear.Heads`` adds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from qunying.judgement.form import SIGNS, forms_of, loudness
from qunying.judgement.grams import PLACES, Dressed, dress, places_of
from qunying.judgement.linear import STEPS, Curve
from training.texts.sets import Text

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SEED = 20240306
SEEN_IN = 2  # runs that only one text has are not kept: half of all weights, and no loss on unseen texts
_MOST_STEPS = 32_767
# percentile of the sizes of weights that is STEPS steps; the few larger ones are kept too, they matter most
_LARGE = 99


@dataclass(frozen=True, slots=True)
class Head:
    """What one machine learnt."""

    weights: Floats
    bias: float

    def scores(self, runs: csr_matrix) -> Floats:
        """One score per text."""
        return np.asarray(runs @ self.weights) + self.bias


@dataclass(frozen=True, slots=True)
class Kept:
    """A head as it is shipped: whole numbers and the size of their step."""

    weights: NDArray[np.int16]
    step: float
    bias: float

    @property
    def head(self) -> Head:
        """The same with weights as fractions."""
        return Head(self.weights.astype(np.float64) * self.step, self.bias)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Texts with their runs."""

    texts: Sequence[Text]
    runs: csr_matrix

    @property
    def truth(self) -> Flags:
        """What is true of each text."""
        return np.array([text.is_true for text in self.texts], dtype=bool)

    @property
    def weights(self) -> Floats:
        """How much each text counts."""
        return np.array([text.weight for text in self.texts])

    def only(self, rows: NDArray[np.int64]) -> Lesson:
        """The texts of these rows."""
        kept = rows.astype(np.int64)
        return Lesson([self.texts[row] for row in kept], self.runs[kept])


def lesson_of(texts: Sequence[Text], *, reads_form: bool = False) -> Lesson:
    """The texts with their runs, and with their signs of form where they are read."""
    return Lesson(texts, runs_of([text.text for text in texts], reads_form=reads_form))


def together(*lessons: Lesson) -> Lesson:
    """One lesson after the other."""
    whole = [text for lesson in lessons for text in lesson.texts]
    return Lesson(whole, csr_matrix(vstack([lesson.runs for lesson in lessons])))


def runs_of(texts: Sequence[str], *, reads_form: bool = False) -> csr_matrix:
    """A row per text, each of its runs 1 / √(how many it has), and each sign of its form as loud as it is."""
    dressed = [dress(text) for text in texts]
    runs = _of_runs(dressed)
    if not (reads_form and dressed):
        return csr_matrix(hstack([runs, csr_matrix((len(dressed), SIGNS))]))
    loud = diags(loudness(np.diff(runs.indptr)))
    return csr_matrix(hstack([runs, loud @ csr_matrix(forms_of([one.folded.text for one in dressed]))]))


def _of_runs(dressed: Sequence[Dressed]) -> csr_matrix:
    found = [places_of(one.views) for one in dressed]
    sizes = np.array([len(places) for places in found], dtype=np.int64)
    values = np.repeat(1 / np.sqrt(sizes), sizes)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    columns = np.concatenate(found).astype(np.int32) if found else np.zeros(0, dtype=np.int32)
    return csr_matrix((values, columns, ends), shape=(len(found), PLACES))


def fit(lesson: Lesson, strength: float) -> Head:
    """A machine that learnt all these texts; only runs that at least two of them have get a weight."""
    runs = lesson.runs
    kept = np.flatnonzero(np.bincount(runs.indices, minlength=runs.shape[1]) >= SEEN_IN)
    machine = LinearSVC(C=strength, random_state=SEED)
    machine.fit(runs[:, kept], lesson.truth, sample_weight=lesson.weights)
    weights = np.zeros(runs.shape[1])
    weights[kept] = machine.coef_[0]
    return Head(weights, float(machine.intercept_[0]))


def quantised(head: Head, most: int) -> Kept:
    """At most that many weights, the largest, as whole steps."""
    sizes = np.abs(head.weights)
    step = float(np.percentile(sizes[sizes > 0], _LARGE)) / STEPS if sizes.any() else 1.0
    whole = np.clip(np.rint(head.weights / step), -_MOST_STEPS, _MOST_STEPS)
    whole[np.argsort(-sizes, kind="stable")[most:]] = 0
    return Kept(whole.astype(np.int16), step, head.bias)


def curve_of(scores: Floats, truth: Flags) -> Curve:
    """Platt's curve through scores of texts that were not learnt from."""
    found = LogisticRegression(C=1e4).fit(scores[:, None], truth)
    return Curve(float(found.coef_[0, 0]), float(found.intercept_[0]))


def folds_of(texts: Sequence[Text], folds: int) -> NDArray[np.int64]:
    """The fold of each text; a group is wholly in one, folds are about equally large."""
    sizes: dict[str, int] = {}
    for text in texts:
        sizes[text.group] = sizes.get(text.group, 0) + 1
    names = sorted(sizes)
    np.random.default_rng(SEED).shuffle(names)
    names.sort(key=lambda name: -sizes[name])
    filled = [0] * folds
    at = {}
    for name in names:
        at[name] = int(np.argmin(filled))
        filled[at[name]] += sizes[name]
    return np.array([at[text.group] for text in texts], dtype=np.int64)


def unseen_scores(asked: Lesson, folds: NDArray[np.int64], always: Lesson, strength: float) -> Floats:
    """The score of each text asked for, by a machine that learnt ``always`` and the other folds."""
    scores = np.zeros(len(asked.texts))
    for fold in np.unique(folds):
        held = np.flatnonzero(folds == fold)
        head = fit(together(asked.only(np.flatnonzero(folds != fold)), always), strength)
        scores[held] = head.scores(asked.runs[held])
    return scores

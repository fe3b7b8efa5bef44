"""A linear classifier over the entries of a bank that are asked in several ways: ridge regression on hashed pieces.

Solved in closed form when the bank is built (a second at most), so nothing has to be trained or kept. In the small bank the
kernel form is used, in the large one the primal form; both give the same kind of answer (Hastie et al., Elements of Statistical
Learning, 3.4.1 and 12.3.7; signs and hashes as in Weinberger et al. 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.answers.index import Asked, Field, Floats

SMALL = 1500  # rows up to which the kernel form is quicker
WIDE, NARROW = 4096, 1024  # hashed dimensions of small and large banks
RIDGE = 0.7
_LEAST_VARIANTS = 3
_MOST_ENTRIES = 600


@dataclass(frozen=True)
class Votes:
    """How strongly the classifier votes for each entry it knows; ``entries`` are their numbers."""

    entries: NDArray[np.int64]
    places: tuple[NDArray[np.int64], ...]
    signs: tuple[Floats, ...]
    matrix: Floats
    base: Floats

    def of(self, asked: Sequence[Asked]) -> Floats:
        """About 1 for the entry that is meant, about 0 for the others."""
        width = self.matrix.shape[0]
        vector = np.zeros(width, dtype=np.float32)
        for question, places, signs in zip(asked, self.places, self.signs, strict=True):
            values = question.weights * signs[question.known] / question.mass
            vector += np.bincount(places[question.known], values, minlength=width).astype(np.float32)
        return np.asarray((vector / np.sqrt(len(asked))) @ self.matrix + self.base, dtype=np.float32)


def train_votes(fields: Sequence[Field], entry_of_row: NDArray[np.int64], *, seed: int = 7) -> Votes | None:
    """A classifier over the entries with three variants or more; None when fewer than two have so many."""
    found = np.bincount(entry_of_row)
    entries = np.flatnonzero(found >= _LEAST_VARIANTS)
    if len(entries) < 2 or len(entries) > _MOST_ENTRIES:
        return None
    rows = len(entry_of_row)
    width = WIDE if rows <= SMALL else NARROW
    rng = np.random.default_rng(seed)
    places = tuple(rng.integers(0, width, len(field.numbers)) for field in fields)
    signs = tuple(rng.choice(np.array([-1, 1], dtype=np.float32), len(field.numbers)) for field in fields)
    hashed = _hashed(fields, places, signs, width)
    wanted = (entry_of_row[:, None] == entries[None, :]).astype(np.float32)
    base = wanted.mean(axis=0)
    return Votes(entries, places, signs, _solve(hashed, wanted - base), base)


def _hashed(
    fields: Sequence[Field], places: Sequence[NDArray[np.int64]], signs: Sequence[Floats], width: int
) -> Floats:
    """Every row as one dense vector of about unit length."""
    rows = fields[0].size
    out = np.zeros(rows * width, dtype=np.float32)
    for field, place, sign in zip(fields, places, signs, strict=True):
        values = field.weights[field.pieces] * sign[field.pieces] / field.lengths[field.owners]
        out += np.bincount(field.owners * width + place[field.pieces], values, minlength=len(out)).astype(np.float32)
    return out.reshape(rows, width) / np.float32(np.sqrt(len(fields)))


def _solve(hashed: Floats, wanted: Floats) -> Floats:
    """The weights of ridge regression, by the smaller of the two systems of equations."""
    rows, width = hashed.shape
    if rows <= width:
        kernel = hashed @ hashed.T
        kernel[np.diag_indices(rows)] += RIDGE
        return np.asarray(hashed.T @ np.linalg.solve(kernel, wanted), dtype=np.float32)
    gram = hashed.T @ hashed
    gram[np.diag_indices(width)] += RIDGE
    return np.asarray(np.linalg.solve(gram, hashed.T @ wanted), dtype=np.float32)

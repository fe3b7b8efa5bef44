"""Which rows of a bank look like a question: cosines of the weighted pieces, one field at a time, by an inverted index.

A piece weighs ``log((N + M) / (df + M·share + ½))``: rare in the bank and rare in ordinary talk counts much. The pretended M texts
of ordinary talk (``background``) make this sensible for banks of a handful of rows; for large banks the bank decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
Share = Callable[[str], float]

MANY, COMMON = 1000, 0.15  # in a bank of so many rows, a piece that so large a share of them has says nothing
PRETENDED = 150.0  # texts of ordinary talk that stand behind every bank


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one field sees it: the known pieces, and the weight of all, known or not."""

    known: Whole
    weights: Floats
    mass: float
    covered: float


class _Outside(dict[float, float]):
    """What a piece weighs that no row has, by its share of ordinary talk; there are few different shares."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __missing__(self, share: float) -> float:
        weight = self[share] = max(0.05, math.log((self._size + PRETENDED) / (PRETENDED * share + 0.5)))
        return weight


class Field:
    """The inverted index of one kind of pieces over all rows."""

    def __init__(self, rows: Sequence[Sequence[str]], share: Share) -> None:
        self.numbers: dict[str, int] = {}
        self.size = len(rows)
        self._share = share
        numbers = self.numbers
        flat = [numbers.setdefault(piece, len(numbers)) for row in rows for piece in row]
        self.pieces = np.array(flat, dtype=np.int64)
        self.owners = np.repeat(np.arange(self.size), [len(row) for row in rows])
        found = np.bincount(self.pieces, minlength=len(numbers))
        shares = np.array([share(piece) for piece in numbers], dtype=np.float64)
        self.weights = (
            np.log((self.size + PRETENDED) / (found + PRETENDED * shares + 0.5)).clip(0.05).astype(np.float32)
        )
        if self.size >= MANY:
            self.weights[found > COMMON * self.size] = 0.0
        self.lengths = self._lengths_of_rows()
        order = np.argsort(self.pieces, kind="stable")
        self.postings = self.owners[order].astype(np.int32)
        self.starts = np.concatenate([[0], np.cumsum(found)])
        self._outside = _Outside(self.size)

    def _lengths_of_rows(self) -> Floats:
        squares = np.bincount(self.owners, self.weights[self.pieces] ** 2, minlength=self.size)
        return np.sqrt(squares).clip(1e-6).astype(np.float32)

    def weight(self, piece: str) -> float:
        """How much a piece weighs, also one that no row has."""
        number = self.numbers.get(piece)
        if number is not None:
            return float(self.weights[number])
        return self._outside[self._share(piece)]

    def ask(self, pieces: Sequence[str]) -> Asked:
        """The question as numbers of pieces and their weights."""
        numbers = [self.numbers.get(piece) for piece in pieces]
        known = np.array([number for number in numbers if number is not None], dtype=np.int64)
        known = known[self.weights[known] > 0]
        weights = self.weights[known]
        covered = float((weights**2).sum())
        share, outside = self._share, self._outside
        strange = sum(
            [outside[share(piece)] ** 2 for piece, number in zip(pieces, numbers, strict=True) if number is None]
        )
        return Asked(known, weights, math.sqrt(covered + strange) or 1e-6, covered)

    def explained(self, asked: Asked) -> Floats:
        """The share of the question that each row has."""
        return self.cosines(asked) * self.lengths / asked.mass

    def cosines(self, asked: Asked) -> Floats:
        """How alike the question and each row are, 0 to 1."""
        if not len(asked.known):
            return np.zeros(self.size, dtype=np.float32)
        starts, ends = self.starts[asked.known], self.starts[asked.known + 1]
        rows = np.concatenate(
            [self.postings[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        )
        dots = np.bincount(rows, np.repeat(asked.weights**2, ends - starts), minlength=self.size)
        return (dots / (self.lengths * asked.mass)).astype(np.float32)

"""What speaks for a likely entry besides likeness: what its question and its answer explain together, and what they leave open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qunying.judgement.answers.background import letters_share
from qunying.judgement.answers.index import Field, Floats, Whole
from qunying.judgement.answers.words import Pieces, is_single

_HEAVY = 5.0  # about what a rare piece weighs


class Evidence:
    """The questions and the answers of a bank, side by side; ``meanings`` and ``told`` are their fields of meanings."""

    def __init__(self, meanings: Field, told: Field, questions: Sequence[Pieces], answers: Sequence[Pieces]) -> None:
        self._meanings, self._told = meanings, told
        self._letters = Field([one.letters for one in answers], letters_share)
        self._denies = np.array([one.denies for one in questions], dtype=bool)
        self.in_rows = _singles(meanings, questions)
        self._in_answers = _singles(told, answers)

    def of(self, asked: Pieces, entries: Whole, rows: Whole) -> Floats:
        """For each likely entry with its row, one line each: the share of the letters that its answer explains, the heaviest meaning
        that its row shares, the heaviest that neither has, and whether just one of question and row denies."""
        out = np.empty((4, len(rows)), dtype=np.float32)
        out[0] = self._letters.explained(self._letters.ask(asked.letters))[entries]
        out[1:3] = self._heaviest(asked, entries, rows)
        out[3] = self._denies[rows] != asked.denies
        return out

    def _heaviest(self, asked: Pieces, entries: Whole, rows: Whole) -> Floats:
        numbers, told = self._meanings.numbers, self._told.numbers
        weights = {one: self._meanings.weight(one) for one in asked.meaning if is_single(one)}
        heaviest_first = sorted(weights, key=lambda one: -weights[one])
        known = [(weights[one], numbers.get(one), told.get(one)) for one in heaviest_first]
        shared, left = [], []
        for entry, row in zip(entries.tolist(), rows.tolist(), strict=True):
            there, here = self.in_rows[row], self._in_answers[entry]
            shared.append(next((weight for weight, one, _ in known if one in there), 0.0) / _HEAVY)
            open_ones = (weight for weight, one, other in known if one not in there and other not in here)
            left.append(next(open_ones, 0.0) / known[0][0] if known else 0.0)
        return np.array([shared, left], dtype=np.float32)


def _singles(field: Field, texts: Sequence[Pieces]) -> list[frozenset[int]]:
    return [frozenset(field.numbers[one] for one in text.meaning if is_single(one)) for text in texts]

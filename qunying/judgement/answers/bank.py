"""A bank of questions with their answers, which answers, suggests, or refuses.

    bank = Bank.of([BankRow("refund", "押金什么时候退", "结营后三个工作日内原路退回。")])
    bank.answer("啥时候退押金啊").entry        # "refund"

A wrong answer is the worst outcome, a question for a person the second best one: hence the thresholds. They are higher for a bank
that knows one or two ways to ask for each entry, where the only evidence is one sentence, than for one that knows many.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qunying.judgement.answers.model import load_model, probability
from qunying.judgement.answers.shelf import Embedder, Shelf, signs_of

SHOWN = 5
Decision = Literal["answer", "suggest", "refuse"]


class BadRow(ValueError):
    """A row of a bank that cannot be used; the message names its number, from 1."""


@dataclass(frozen=True, slots=True)
class BankRow:
    """One way to ask for an entry; several rows may share the entry. The answer of an entry may stand in any of its rows."""

    entry: str
    question: str
    answer: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be meant; ``score`` 0 to 1, comparable only among the candidates of one question."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do with a question. ``entry`` is None when refused; ``confidence`` is the probability that the first is right."""

    decision: Decision
    entry: str | None
    confidence: float
    candidates: tuple[Candidate, ...]


NOTHING = Answer("refuse", None, 0.0, ())


class Bank:
    """Rows that can be asked; made by ``Bank.of``, never changed."""

    def __init__(self, entries: Sequence[str], shelf: Shelf | None) -> None:
        self.entries = tuple(entries)
        self._shelf = shelf

    @classmethod
    def of(cls, rows: Iterable[BankRow], embed: Embedder | None = None) -> Bank:
        """A bank of these rows. Raises BadRow for a row without entry or question. An empty bank refuses everything.

        ``embed`` turns texts into vectors; how alike they are counts as one more score.
        """
        checked = [_checked(number, row) for number, row in enumerate(rows, start=1)]
        if not checked:
            return cls((), None)
        entries = list(dict.fromkeys(row.entry for row in checked))
        numbers = {entry: number for number, entry in enumerate(entries)}
        checked.sort(key=lambda row: numbers[row.entry])
        entry_of_row = np.array([numbers[row.entry] for row in checked], dtype=np.int64)
        return cls(entries, Shelf([row.question for row in checked], entry_of_row, _answers(entries, checked), embed))

    def answer(self, text: str) -> Answer:
        """Which entry answers the text, and whether to say so. Never raises."""
        likely = self._shelf.look(text) if self._shelf else None
        if self._shelf is None or likely is None:
            return NOTHING
        model = load_model()
        scores = likely.scores(model.ranking)
        order = np.argsort(-scores, kind="stable")
        sure = probability(model, signs_of(self._shelf, likely, scores, order))
        falling = sure * np.exp(scores[order] - scores[order[0]])
        candidates = tuple(
            Candidate(self.entries[int(entry)], round(float(score), 4))
            for entry, score in zip(likely.entries[order][:SHOWN], falling, strict=False)
        )
        kind = int(self._shelf.has_many_ways)
        decision = _decide(sure, answer_from=model.answer_from[kind], suggest_from=model.suggest_from[kind])
        return Answer(decision, None if decision == "refuse" else candidates[0].entry, round(sure, 4), candidates)


def _decide(sure: float, *, answer_from: float, suggest_from: float) -> Decision:
    if sure >= answer_from:
        return "answer"
    return "suggest" if sure >= suggest_from else "refuse"


def _checked(number: int, row: BankRow) -> BankRow:
    for name in ("entry", "question"):
        if not getattr(row, name).strip():
            raise BadRow(f"row {number}: the {name} is empty")
    return row


def _answers(entries: Sequence[str], rows: Sequence[BankRow]) -> list[str]:
    """What is known of each entry besides its questions: its name, category and answers."""
    texts: dict[str, dict[str, None]] = {entry: {entry.replace("_", " "): None} for entry in entries}
    for row in rows:
        texts[row.entry].update(dict.fromkeys((row.category, row.answer)))
    return [" ".join(texts[entry]) for entry in entries]

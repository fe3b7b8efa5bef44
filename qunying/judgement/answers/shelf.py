"""The rows of a bank made ready for questions, and what can be said about the likely entries for one.

Everything here is counting; what the counts are worth was learned and stands in ``model``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.answers.background import letters_share, meaning_share, words_share
from qunying.judgement.answers.evidence import Evidence
from qunying.judgement.answers.index import Asked, Field, Floats, Whole
from qunying.judgement.answers.votes import Votes, train_votes
from qunying.judgement.answers.words import Pieces, asked_for, is_single, pieces_of, pieces_of_answer

CANDIDATES = 8
EMBEDDING_WEIGHT = 4.0
TRAITS = (
    "alike", "letters", "words", "meaning", "crowd", "vote", "asks_letters", "asks_meaning",
    "row_letters", "row_meaning", "answer", "variants", "same_kind", "other_kind",
    "explained", "heaviest_shared", "heaviest_open", "denies_otherwise",
)  # fmt: skip
SIGNS = (
    *TRAITS, "margin", "certainty", "second_alike", "second_vote", "agreement", "unexplained", "strange", "length",
    "rows", "entries", "variants_of_bank", "is_chinese", "has_votes", "mean_alike", "exact",
)  # fmt: skip


class Embedder(Protocol):
    """Something that turns texts into vectors, one row each; alike texts into alike directions."""

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.floating]:
        """One row per text, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Likely:
    """The likely entries for a question, most promising by rough count first: their numbers and traits."""

    entries: Whole
    rows: Whole
    traits: Floats
    extra: Floats
    asked: tuple[Asked, ...]
    pieces: Pieces

    def scores(self, ranking: Floats) -> Floats:
        """How likely each is, by the weights of the traits for the language of the question (0 other, 1 Chinese)."""
        return np.asarray(self.traits @ ranking[int(self.pieces.is_chinese)] + self.extra)


class Shelf:
    """Rows in the order of their entries, and the indexes over them."""

    def __init__(
        self, questions: Sequence[str], entry_of_row: Whole, answers: Sequence[str], embed: Embedder | None = None
    ) -> None:
        pieces = [pieces_of(question) for question in questions]
        self.entry_of_row = entry_of_row
        self.first_rows = np.flatnonzero(np.diff(entry_of_row, prepend=-1))
        self.variants = np.diff(np.append(self.first_rows, len(entry_of_row)))
        self.fields = (
            Field([one.letters for one in pieces], letters_share),
            Field([one.words for one in pieces], words_share),
            Field([one.meaning for one in pieces], meaning_share),
        )
        self.kinds = np.array([asked_for(one.meaning) for one in pieces], dtype=np.int64)
        told = [pieces_of_answer(answer) for answer in answers]
        self.answers = Field([one.meaning for one in told], meaning_share)
        self.evidence = Evidence(self.fields[2], self.answers, pieces, told)
        self.votes: Votes | None = train_votes(self.fields, entry_of_row)
        self._embed = embed
        self._vectors = _directions(embed(questions)) if embed else None

    @property
    def has_many_ways(self) -> bool:
        """Whether a typical row stands among three or more ways to ask for the same, so that a classifier knows it."""
        return self.votes is not None and 2 * int(self.variants[self.votes.entries].sum()) > len(self.entry_of_row)

    def look(self, text: str) -> Likely | None:
        """The likely entries; None where there is nothing to compare, in the text or between it and the rows."""
        pieces = pieces_of(text)
        if pieces.is_empty():
            return None
        led = [sign for sign in pieces.led if sign in self.fields[2].numbers]
        pieces = replace(pieces, meaning=tuple(dict.fromkeys((*pieces.meaning, *led))))
        asked = (
            self.fields[0].ask(pieces.letters),
            self.fields[1].ask(pieces.words),
            self.fields[2].ask(pieces.meaning),
        )
        cosines = np.stack([field.cosines(one) for field, one in zip(self.fields, asked, strict=True)])
        return self._likely(text, pieces, asked, cosines)

    def _likely(self, text: str, pieces: Pieces, asked: tuple[Asked, ...], cosines: Floats) -> Likely | None:
        alike = cosines.sum(axis=0) / np.float32(len(cosines))
        best = np.maximum.reduceat(alike, self.first_rows)
        crowd = np.sqrt(
            np.sqrt(np.add.reduceat(np.square(np.square(alike)), self.first_rows))
        )  # many alike count more than one, less than a close one
        vote = np.zeros(len(best), dtype=np.float32)
        if self.votes is not None:
            vote[self.votes.entries] = self.votes.of(asked)
        answer_field = self.answers.ask(pieces.meaning)
        answer = self.answers.explained(answer_field)
        extra = self._embedded(text, len(best))
        promise = best + crowd + vote + 0.2 * answer + extra
        if not (best.any() or answer.any() or extra.any()):
            return None
        entries = _highest(promise, CANDIDATES)
        rows = np.array([self._best_row(alike, int(entry)) for entry in entries])
        ends = self._both_ends(asked, cosines, rows)
        wanted, offered = asked_for(pieces.meaning), self.kinds[rows]
        same = (wanted & offered) > 0
        other = ~same & (offered > 0) & (wanted > 0)
        evidence = self.evidence.of(pieces, entries, rows)
        evidence[0] = ends[0] + (1 - ends[0]) * evidence[0]  # by row or answer, as if one knew nothing of the other
        traits = np.stack(
            [alike[rows], *cosines[:, rows], crowd[entries], vote[entries], *ends, answer[entries],
             np.log1p(self.variants[entries]), same, other, *evidence], axis=1,
        ).astype(np.float32)  # fmt: skip
        return Likely(entries, rows, traits, extra[entries], asked, pieces)

    def _best_row(self, alike: Floats, entry: int) -> int:
        start = int(self.first_rows[entry])
        return start + int(alike[start : start + int(self.variants[entry])].argmax())

    def _both_ends(self, asked: tuple[Asked, ...], cosines: Floats, rows: Whole) -> list[Floats]:
        """The share of the question that the row explains, and the share of the row that the question has."""
        there = [cosines[kind, rows] * self.fields[kind].lengths[rows] / asked[kind].mass for kind in (0, 2)]
        back = [cosines[kind, rows] * asked[kind].mass / self.fields[kind].lengths[rows] for kind in (0, 2)]
        return [*there, *back]

    def _embedded(self, text: str, count: int) -> Floats:
        if self._embed is None or self._vectors is None:
            return np.zeros(count, dtype=np.float32)
        cosines = self._vectors @ _directions(self._embed([text]))[0]
        return np.asarray(EMBEDDING_WEIGHT * np.maximum.reduceat(cosines, self.first_rows), dtype=np.float32)


def _directions(vectors: NDArray[np.floating]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _highest(values: Floats, count: int) -> Whole:
    """The places of the highest values, highest first, equal ones in order."""
    if len(values) > 4 * count:
        some = np.sort(np.argpartition(-values, count)[: count + 1])
        return np.asarray(some[np.argsort(-values[some], kind="stable")][:count])
    return np.asarray(np.argsort(-values, kind="stable")[:count])


def signs_of(shelf: Shelf, likely: Likely, scores: Floats, order: Whole) -> Floats:
    """What speaks for and against the first candidate, one number per name in ``SIGNS``."""
    first = int(order[0])
    second = int(order[1]) if len(order) > 1 else None
    traits = likely.traits
    high = traits[:, :6].argmax(axis=0)
    shares = np.exp(scores - scores[first])
    meaning = shelf.fields[2]
    unexplained, strange = _left_over(meaning, likely, shelf.evidence.in_rows[int(likely.rows[first])])
    more = [
        float(scores[first] - scores[second]) if second is not None else 6.0,
        float(1 / shares.sum()),
        float(traits[second, 0]) if second is not None else 0.0,
        float(traits[second, 5]) if second is not None else 0.0,
        float((high == first).sum()),
        unexplained,
        strange,
        float(np.log1p(len(likely.pieces.words))),
        float(np.log1p(len(shelf.entry_of_row))),
        float(np.log1p(len(shelf.variants))),
        float(np.log(len(shelf.entry_of_row) / len(shelf.variants))),
        float(likely.pieces.is_chinese),
        float(shelf.votes is not None),
        float(traits[:, 0].mean()),
        float(traits[first, 0] > 0.98),
    ]
    return np.concatenate([traits[first], np.array(more, dtype=np.float32)])


def _left_over(meaning: Field, likely: Likely, explained: frozenset[int]) -> tuple[float, float]:
    """The heaviest single meaning of the question that the row lacks, and that the whole bank lacks, against the heaviest."""
    single = [piece for piece in likely.pieces.meaning if is_single(piece)]
    weights = [meaning.weight(piece) for piece in single]
    lacking = [
        weight for piece, weight in zip(single, weights, strict=True) if meaning.numbers.get(piece) not in explained
    ]
    strange = [weight for piece, weight in zip(single, weights, strict=True) if piece not in meaning.numbers]
    heaviest = max(weights, default=1.0)
    return max(lacking, default=0.0) / heaviest, max(strange, default=0.0) / heaviest

"""What is reached without anything learnt, any word list or any cleverness: BM25 over the letters of each entry.

The letters, one by one and in pairs, of an entry's questions and answer are one document (k₁ 1.2, b 0.75). It is the floor that the
bank must beat on the same questions, and a sign of how easy they are; ``training.answers --away`` measures it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from training.answer_worlds import World

K, B = 1.2, 0.75


class Plain:
    """Documents that can be asked for the one most like a text."""

    def __init__(self, documents: Sequence[str]) -> None:
        counts = [Counter(_letters(document)) for document in documents]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / len(lengths)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            norm = K * (1 - B + B * length / mean)
            for piece, times in count.items():
                self._postings[piece].append((number, times * (K + 1) / (times + norm)))
        self._size = len(documents)

    def best(self, text: str) -> int | None:
        """The place of the document most like the text, the first of equals; None where none shares a letter."""
        scores: dict[int, float] = defaultdict(float)
        for piece in dict.fromkeys(_letters(text)):
            there = self._postings.get(piece, ())
            rare = math.log(1 + (self._size - len(there) + 0.5) / (len(there) + 0.5))
            for number, much in there:
                scores[number] += rare * much
        return min(scores, key=lambda number: (-scores[number], number), default=None)


def floor_hits(made: Iterable[World]) -> dict[str, list[tuple[str, bool]]]:
    """For each domain every question that its bank answers, and whether the floor finds the entry."""
    out: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for world in made:
        documents: dict[str, dict[str, None]] = defaultdict(dict)
        for row in world.rows:
            documents[row.entry].update({row.question: None, row.answer: None})
        entries = list(documents)
        plain = Plain([" ".join(documents[entry]) for entry in entries])
        for text, entry in world.asked:
            if entry is not None:
                place = plain.best(text)
                out[world.domain].append((text, place is not None and entries[place] == entry))
    return out


def _letters(text: str) -> list[str]:
    solid = "".join(letter for letter in text.lower() if letter.isalnum())
    return [*solid, *(solid[place : place + 2] for place in range(len(solid) - 1))]

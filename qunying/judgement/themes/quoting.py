"""Which lines tell a theme: the most central ones that are good to read, of different people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from rapidfuzz.fuzz import ratio

from qunying.judgement.folding import folded
from qunying.judgement.themes.counting import Talk
from qunying.judgement.themes.lines import Line

MOST_QUOTES = 3
_TITLED = 2.0
_GOOD = (12, 90)  # letters, a Chinese one counting as two
_TOO_ALIKE = 85.0  # of 100: the same words with another sign at the end
_HAN = range(0x3400, 0xA000)


def quotes(talk: Talk, lines: Sequence[Line], terms: Sequence[int], titled: Collection[int]) -> tuple[int, ...]:
    """Up to three lines, best first: nearest to the middle of what is said there, no two alike or of one person.

    Those that say the title (``titled``) go before others.
    """
    weights = {term: 1.0 / (1 + place) for place, term in enumerate(terms)}
    middle: Counter[int] = Counter()
    for line in lines:
        middle.update(talk.reads[line.id].terms)
    scores = {
        line.id: _score(line, talk.reads[line.id].terms, middle, weights) * (_TITLED if line.id in titled else 1.0)
        for line in lines
    }
    chosen: list[Line] = []
    for line in sorted(lines, key=lambda one: (-scores[one.id], one.id)):
        if all(line.who != one.who and not _alike(line, one) for one in chosen):
            chosen.append(line)
        if len(chosen) == MOST_QUOTES:
            break
    return tuple(line.id for line in chosen)


def _score(line: Line, said: frozenset[int], middle: Counter[int], weights: dict[int, float]) -> float:
    if not said:
        return 0.0
    of_theme = sum(weights.get(term, 0.0) for term in said)
    central = sum(middle[term] for term in said) / (len(said) * max(middle.values()))
    return (of_theme + central) * _readable(line.text)


def _readable(text: str) -> float:
    """1 for a length that is read at a glance, less for shorter and longer ones."""
    size = sum(2 if ord(letter) in _HAN else 1 for letter in text if not letter.isspace())
    if size < _GOOD[0]:
        return size / _GOOD[0]
    return min(1.0, _GOOD[1] / size)


def _alike(one: Line, other: Line) -> bool:
    return ratio(folded(one.text), folded(other.text)) > _TOO_ALIKE

"""Marks what was searched for within a text, however it is written there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qunying.console.search.wanted import fold

AROUND = 24
EXCERPT = 90


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, marked where it is what was searched for."""

    text: str
    is_hit: bool = False


def mark(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The text cut up so that every occurrence of a word can be marked; full width and case do not matter."""
    hits = _hits(text, words)
    pieces, start = [], 0
    while start < len(text):
        end = start + 1
        while end < len(text) and hits[end] == hits[start]:
            end += 1
        pieces.append(Piece(text[start:end], is_hit=hits[start]))
        start = end
    return tuple(pieces)


def excerpt(text: str, words: Sequence[str]) -> str:
    """One line of a text around the first place where a word occurs."""
    line = " ".join(text.split())
    folded = fold(line)  # a little shorter or longer than the line at worst, which the margin around takes up
    places = [place for word in words if (place := folded.find(word)) >= 0]
    start = max(0, min(places, default=0) - AROUND) if len(line) > EXCERPT else 0
    cut = line[start : start + EXCERPT]
    return f"{'…' if start else ''}{cut}{'…' if start + EXCERPT < len(line) else ''}"


def _hits(text: str, words: Sequence[str]) -> list[bool]:
    """Per sign of the text whether it belongs to an occurrence. A sign may fold to none or several."""
    folded, origin = [], []
    for place, sign in enumerate(text):
        for part in fold(sign) or "":
            folded.append(part)
            origin.append(place)
    plain, hits = "".join(folded), [False] * len(text)
    for word in words:
        at = plain.find(word)
        while at >= 0:
            for place in range(origin[at], origin[at + len(word) - 1] + 1):
                hits[place] = True
            at = plain.find(word, at + len(word))
    return hits

"""What is different between two wordings of a rule, word for word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words; ``is_changed`` where the other wording has something else there, or nothing."""

    text: str
    is_changed: bool


def compare(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both wordings in pieces; put together, the pieces are the wordings again."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return (
        tuple(_pieces(old, [(first, last, kind) for kind, first, last, _, _ in steps])),
        tuple(_pieces(new, [(first, last, kind) for kind, _, _, first, last in steps])),
    )


def _pieces(words: list[str], steps: list[tuple[int, int, str]]) -> Iterator[Piece]:
    for first, last, kind in steps:
        if first < last:
            yield Piece("".join(words[first:last]), kind != "equal")

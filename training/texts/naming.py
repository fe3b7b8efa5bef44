"""The same said of other things, so that what is learnt is how something is said, and not of what."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import rjieba

_PART = 0.7  # of the nouns of a text
_SYLLABLES = tuple(
    begin + end
    for begin in (
        "b",
        "c",
        "d",
        "f",
        "g",
        "k",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
        "v",
        "w",
        "x",
        "z",
        "st",
        "tr",
        "pl",
        "ch",
    )
    for end in ("a", "e", "i", "o", "u", "ai", "er", "on", "it", "ex")
)
_DRESSES: Sequence[Callable[[str, str], str]] = (
    lambda word, _: word,
    lambda word, _: word.capitalize(),
    lambda word, more: word.capitalize() + more.capitalize(),
    lambda word, more: f"{word}.{more}",
    lambda word, _: word.upper()[:4],
)
_ENDINGS = ("", "", "", "", "2", " 3.1")


def renamed(text: str, chance: random.Random) -> str:
    """The text with most of its nouns, and all its Latin words, made into names that nobody has heard of."""
    return "".join(
        _name(chance) if _is_theme(word, kind) and (kind == "eng" or chance.random() < _PART) else word
        for word, kind in rjieba.tag(text)
    )


def _is_theme(word: str, kind: str) -> bool:
    return len(word) > 1 and (kind.startswith("n") or kind == "eng")


def _name(chance: random.Random) -> str:
    """Letters as products, programs and brands have them."""
    word = "".join(chance.choices(_SYLLABLES, k=chance.choice((1, 2, 2, 3))))
    return chance.choice(_DRESSES)(word, chance.choice(_SYLLABLES)) + chance.choice(_ENDINGS)

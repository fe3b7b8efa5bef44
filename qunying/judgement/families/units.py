"""A text as a row of units that rewording leaves alone: syllables of Chinese, whole Latin words, one sign for any handle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from qunying.judgement.folding import folded
from qunying.judgement.sounds import sound_of, spell
from qunying.judgement.views import as_written

HANDLE = "#"
LONGEST_TEXT = 4_000  # letters; the rest of a longer text is not looked at
_UNIT = re.compile(r"[a-z0-9_@+]*\d[a-z0-9_@+]*|[a-z]+|[^\W_]")
_DIGITS_APART = re.compile(r"(?<=\d)[ \-—.·*,，]{1,3}(?=\d)")
_SHORTEST_HANDLE = 5
_REPEATS = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit and the part ``[start, end)`` of the folded text that it stands for."""

    sign: str
    start: int
    end: int


def units_of(text: str) -> list[str]:
    """The signs of the units of a text."""
    return units_of_folded(folded(text[:LONGEST_TEXT]))


def units_of_folded(plain: str) -> list[str]:
    """The same, where the text is folded already."""
    signs: list[str] = []
    for unit in _UNIT.findall(plain[:LONGEST_TEXT]):
        signs += signs_of(unit)
    return [signs[place] for place in _told_once(signs)]


def placed_units(text: str) -> tuple[list[Unit], str]:
    """The units with their places, and the folded text: slower, for showing what is shared."""
    plain = folded(text[:LONGEST_TEXT])
    units = [Unit(sign, *each.span()) for each in _UNIT.finditer(plain) for sign in signs_of(each[0])]
    return [units[place] for place in _told_once([unit.sign for unit in units])], plain


@lru_cache(maxsize=65_536)
def signs_of(unit: str) -> tuple[str, ...]:
    """A number, or a name with digits in it, is any handle; «weixin» is two syllables, «hello» one word."""
    if any(letter.isdigit() for letter in unit):
        return (HANDLE,)
    return tuple(sound_of(as_written(unit)).text) if spell(unit) or len(unit) == 1 else (unit,)


def _told_once(signs: Sequence[str]) -> list[int]:
    """The places that are kept: of handles in a row one, of another unit in a row two."""
    places: list[int] = []
    run = 0
    for place, sign in enumerate(signs):
        run = run + 1 if place and sign == signs[place - 1] else 1
        if run <= (1 if sign == HANDLE else _REPEATS):
            places.append(place)
    return places


def has_handle(text: str) -> bool:
    """Is there a number or a name with digits in it long enough to be somebody's?"""
    return any(len(each) >= _SHORTEST_HANDLE for each in _NUMBERED.findall(_DIGITS_APART.sub("", text)))


_NUMBERED = re.compile(r"[a-z0-9_@+]*\d[a-z0-9_@+]*")


@cache
def _ordinary() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Everyday phrases as units, the longest first, by their first unit."""
    text = (files(__package__) / "words" / "ordinary.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    phrases = {tuple(units_of(phrase)) for line in lines for phrase in line}
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(each) for first, each in by_first.items()}


def telling(signs: Sequence[str], enough: int) -> int:
    """How many different units are left when everyday phrases and numbers are not counted; counts up to ``enough``."""
    known = _ordinary()
    left: set[str] = set()
    place = 0
    while place < len(signs) and len(left) < enough:
        sign = signs[place]
        size = _usual(signs, place, known[sign]) if sign in known else 0
        if not size and sign != HANDLE:
            left.add(sign)
        place += size or 1
    return len(left)


def _usual(signs: Sequence[str], place: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    """How many units the longest everyday phrase at a place has; 0 where there is none."""
    for phrase in phrases:
        if tuple(signs[place : place + len(phrase)]) == phrase:
            return len(phrase)
    return 0

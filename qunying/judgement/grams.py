"""A text as the numbers that linear models look at: which short runs of signs occur in it, in four views at once.

Every run of one to four signs is hashed into one of 2**20 places (the hashing trick of Weinberger et al., 2009), so no list of
known runs is needed, texts of any language can be told apart, and the work is a few operations on whole arrays however long
the text. A run also is bound to its view: as written, tightened, as it sounds, and its shape, in which letters of a kind
look the same – people who hide what they write give themselves away by the shape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.folding import fold, tighten
from qunying.judgement.sounds import sound_of
from qunying.judgement.views import Table, View

BITS = 20
PLACES = 1 << BITS
LONGEST = 4
READ_LETTERS = 2_000  # of a longer text the first half and the last half of so many are read
TOGETHER = 1 << (32 - BITS)  # texts whose numbers fit above a place
_VIEW_SHIFT = 21  # above every code point
_STEP, _TURN, _LAST = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_HALF, _PART, _SPARE = np.uint32(15), np.uint32(13), np.uint32(32 - BITS)
_PLAIN_SIGNS = frozenset("，。！？、：；,.!?:;~…")
_START, _END = "\x02", "\x03"

_VIEWS = [view << _VIEW_SHIFT for view in range(1, 9)]

Codes = NDArray[np.uint32]
Places = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Dressed:
    """The views of one text that models and patterns read."""

    written: str
    folded: View
    tight: View
    sound: View
    shape: str

    @property
    def views(self) -> tuple[str, str, str, str]:
        """The four texts of which runs are taken."""
        return self.written, self.tight.text, self.sound.text, self.shape


def dress(text: str) -> Dressed:
    """All views of a text; of a very long one, of its beginning and its end."""
    if len(text) > READ_LETTERS:
        text = text[: READ_LETTERS // 2] + "\n" + text[-READ_LETTERS // 2 :]
    folded = fold(text)
    return Dressed(text.lower(), folded, tighten(folded), sound_of(folded), shape_of(text))


def shape_of(text: str) -> str:
    """Every letter as its kind (H Chinese, a Latin, 0 digit, 9 other number, E picture …); runs of one kind as three and +."""
    shape = _kinds.written(text)
    for kind in set(shape):
        if kind * 4 in shape:
            shape = _run_of(kind).sub(kind * 3 + "+", shape)
    return shape


@cache
def _run_of(kind: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(kind)}{{4,}}")


def _kind(letter: str) -> str:
    if "\u4e00" <= letter <= "\u9fff":
        return "H"
    if letter.isascii() and letter.isalnum():
        return "a" if letter.isalpha() else "0"
    if letter.isspace():
        return "_"
    if letter in _PLAIN_SIGNS:
        return letter
    general = unicodedata.category(letter)
    if general in {"So", "Sk"}:
        return "E"
    return {"N": "9", "L": "L", "M": "M", "C": "M"}.get(general[0], "#")


_kinds = Table(_kind)


def places_of(views: Sequence[str]) -> Places:
    """The places of all runs of one to four signs of these views, each once, in order."""
    return _once(_hashed(_codes(views, len(views))))


def places_of_many(texts: Sequence[Sequence[str]]) -> tuple[Places, NDArray[np.int64]]:
    """The same for the views of many texts at once (``TOGETHER`` at most): one after the other, and where each begins."""
    codes = _codes([view for views in texts for view in views], len(texts[0]))
    signs = [sum(map(len, views)) + 2 * len(views) for views in texts]
    owners = np.repeat(np.arange(len(texts), dtype=np.uint32), signs)
    sizes = range(LONGEST)
    begin = np.concatenate([owners[: len(codes) - size] for size in sizes])
    end = np.concatenate([owners[size:] for size in sizes])
    keyed = _once(((begin << np.uint32(BITS)) | _hashed(codes))[begin == end])
    starts = np.searchsorted(keyed >> np.uint32(BITS), np.arange(len(texts)))
    return keyed & np.uint32(PLACES - 1), starts


def _once(found: Places) -> Places:
    """In order, and each once."""
    found.sort()
    is_first = np.empty(len(found), dtype=bool)
    is_first[:1] = True
    np.not_equal(found[1:], found[:-1], out=is_first[1:])
    return found[is_first]


def runs_of(views: Sequence[str]) -> tuple[NDArray[np.int64], list[Places]]:
    """For the signs of these views, one after the other, of which view each is; and the places of all runs of them, by where
    they begin, runs of one sign first. The first sign of a view is that of the beginning, the last that of the end.

    Some runs begin in one view and end in the next: they are none of the text's.
    """
    codes = _codes(views, len(views))
    sizes = [max(0, len(codes) - size) for size in range(LONGEST)]
    owners = np.repeat(np.arange(len(views)), [len(view) + 2 for view in views])
    return owners, np.split(_hashed(codes), np.cumsum(sizes)[:-1])


def _codes(views: Sequence[str], several: int) -> Codes:
    """The signs of all views one after the other, ``several`` of each text; a sign is another one in another view."""
    texts = [f"{_START}{text}{_END}" for text in views]
    signs = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    marks = np.array(_VIEWS[:several] * (len(texts) // several), dtype=np.uint32)
    codes: Codes = signs + marks.repeat([len(text) for text in texts])
    return codes


def _hashed(codes: Codes) -> Places:
    """The hash of every run, runs of one sign first."""
    steps = codes * _STEP
    states = [steps]
    for size in range(2, LONGEST + 1):
        before = states[-1][:-1]
        states.append((before ^ (before >> _HALF)) * _TURN + steps[size - 1 :])
    places = np.concatenate(states)
    places ^= places >> _PART
    places *= _LAST
    places >>= _SPARE
    return places

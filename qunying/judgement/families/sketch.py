"""Pairs of neighbouring units as numbers, few enough to keep and to compare, and bands under which like ones meet.

The sketch of a text is the lowest ``SIZE`` of the hashes of its pairs (a bottom-k sketch; Broder, «On the resemblance and
containment of documents», 1997): two sketches estimate the likeness of the whole texts, exactly where the texts are short.
The bands are min-hashes of the sketch taken two at a time (Indyk and Motwani, 1998): texts that share half of their pairs
meet in at least one band with probability 0.99, unrelated ones hardly ever.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SIZE = 128
BANDS = 16
_ROWS = 2
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SEED = 20240305
Numbers = npt.NDArray[np.uint64]


def _constants(count: int) -> Numbers:
    return np.random.default_rng(_SEED).integers(1, 2**63, size=count, dtype=np.uint64) | np.uint64(1)


_TURNS = _constants(BANDS * _ROWS)[:, None]
_BAND = np.arange(BANDS, dtype=np.uint64) * np.uint64(0xD6E8FEB86659FD93)


@lru_cache(maxsize=65_536)
def _number(sign: str) -> int:
    """The same number for a unit in every process (Python's own hash of a word is not)."""
    if len(sign) == 1:
        return ord(sign)
    value = 0xCBF29CE484222325  # FNV-1a, 64 bits
    for letter in sign.encode():
        value = ((value ^ letter) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def sketch_of(signs: Sequence[str]) -> frozenset[int]:
    """The sketch of a row of units: at most ``SIZE`` numbers of 32 bits, empty for fewer than two units."""
    if len(signs) < 2:
        return frozenset()
    units = np.array([_number(sign) for sign in signs], dtype=np.uint64) * _MIX
    pairs = units[:-1] ^ (units[1:] >> np.uint64(17)) ^ (units[1:] << np.uint64(31))
    pairs = (pairs ^ (pairs >> np.uint64(29))) * _MIX >> np.uint64(32)
    if len(pairs) <= SIZE:
        return frozenset(pairs.tolist())
    return frozenset(np.unique(pairs)[:SIZE].tolist())


def bands_of(sketch: frozenset[int]) -> list[int]:
    """Under which numbers a sketch is kept and looked for."""
    numbers = np.fromiter(sketch, dtype=np.uint64, count=len(sketch))
    lowest = ((numbers[None, :] + np.uint64(1)) * _TURNS).min(axis=1)
    mixed: list[int] = ((lowest[0::2] * _MIX) ^ lowest[1::2] ^ _BAND).tolist()
    return mixed


def packed(sketch: frozenset[int]) -> bytes:
    """A sketch as it is kept: four bytes a number where a set of Python's takes a hundred."""
    return array("I", sorted(sketch)).tobytes()


def unpacked(kept: bytes) -> frozenset[int]:
    """The sketch that was kept."""
    return frozenset(array("I", kept))


def likeness(one: frozenset[int], other: frozenset[int]) -> tuple[float, float]:
    """(Jaccard likeness, part of the smaller that is in the larger) of two texts by their sketches."""
    if len(one) == SIZE == len(other):
        together = frozenset(sorted(one | other)[:SIZE])
        shared = len(together & one & other)
        alike = shared / SIZE
        return alike, 2 * alike / (1 + alike)
    shared = len(one & other)
    if not shared:
        return 0.0, 0.0
    return shared / (len(one) + len(other) - shared), shared / min(len(one), len(other))

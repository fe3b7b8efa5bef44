"""How a picture looks, in 128 bits: the same poster is found again when it was shrunk, recompressed, brightened or stamped.

Two well-known fingerprints of 64 bits: differences of neighbours in an 8 × 9 thumbnail (dHash), and the signs of the low
frequencies of a 32 × 32 thumbnail against their median (pHash, discrete cosine transform of the second kind).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from qunying.judgement.images.opening import open_picture

ALIKE = 10  # bits of 64 that may differ in each of two pictures called alike
_FLAT = 4.0  # standard deviation of grey, of 255, below which a picture has no looks to compare
_SIDE = 32
_LOW = 8


@dataclass(frozen=True, slots=True)
class Likeness:
    """The two fingerprints; ``is_flat`` where the picture is of one shade and they mean nothing."""

    dhash: int
    phash: int
    is_flat: bool

    def distance(self, other: Likeness) -> tuple[int, int]:
        """In how many bits of 64 the two fingerprints differ: (dHash, pHash)."""
        return (self.dhash ^ other.dhash).bit_count(), (self.phash ^ other.phash).bit_count()


def likeness(data: bytes) -> Likeness:
    """The looks of the first frame; raises ``BadPicture`` for bytes that are no picture."""
    return likeness_of(open_picture(data).frames[0])


def likeness_of(image: Image.Image) -> Likeness:
    """The looks of a picture that is already open."""
    upright = ImageOps.exif_transpose(image)
    grey = upright.convert("RGB").convert("L")
    small = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float64)
    return Likeness(_differences(grey), _frequencies(small), float(small.std()) < _FLAT)


def are_alike(one: Likeness, other: Likeness) -> bool:
    """Both fingerprints say so; flat pictures are like nothing."""
    return not (one.is_flat or other.is_flat) and max(one.distance(other)) <= ALIKE


def is_same_picture(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """``are_alike`` of two pairs of fingerprints that were kept; what is like nothing has none."""
    return are_alike(Likeness(*one, is_flat=False), Likeness(*other, is_flat=False))


def _differences(grey: Image.Image) -> int:
    thumbnail = np.asarray(grey.resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    return _bits(thumbnail[:, 1:] > thumbnail[:, :-1])


def _frequencies(small: npt.NDArray[np.float64]) -> int:
    waves = _cosines()
    low = waves @ small @ waves.T
    return _bits(low > np.median(low.ravel()[1:]))


@cache
def _cosines() -> npt.NDArray[np.float64]:
    """The first eight rows of the cosine transform of 32 points."""
    point, wave = np.arange(_SIDE), np.arange(_LOW)[:, None]
    return np.cos(np.pi * wave * (2 * point + 1) / (2 * _SIDE))


def _bits(signs: npt.NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(signs.ravel()).tobytes(), "big")

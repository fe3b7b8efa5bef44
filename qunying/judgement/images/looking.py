"""One look at a picture: it is opened once, for its codes, its words where a reader is there, and how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qunying.judgement.images.codes import Code, codes_in
from qunying.judgement.images.likeness import Likeness, likeness_of
from qunying.judgement.images.opening import BadPicture, Picture, open_picture
from qunying.judgement.images.words import ReadsWords, words_in

MOST_COVERED = 0.12


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture shows: codes and lines of words from top to bottom, and its fingerprints.

    There are none where it is of one shade, or codes fill much of it: the cards that platforms make for everybody's code are alike,
    whosever they are.
    """

    codes: tuple[Code, ...]
    words: tuple[str, ...]
    likeness: Likeness | None


def look_at(data: bytes, reader: ReadsWords | None = None) -> Look:
    """What the picture shows; raises ``BadPicture`` for bytes that are none, whatever they are."""
    picture = open_picture(data)
    try:
        return _look(picture, reader)
    except (ValueError, RuntimeError, MemoryError, OSError) as wrong:
        raise BadPicture(f"the picture cannot be looked at: {wrong}") from wrong


def _look(picture: Picture, reader: ReadsWords | None) -> Look:
    words = words_in(picture.frames[0], reader) if reader else ()
    codes, looks = codes_in(picture).codes, likeness_of(picture.frames[0])
    is_telling = not looks.is_flat and _covered(picture, codes) <= MOST_COVERED
    return Look(codes, tuple(line.text for line in words), looks if is_telling else None)


def _covered(picture: Picture, codes: Sequence[Code]) -> float:
    """How much of the picture its codes fill, 0 to 1."""
    first = picture.frames[0]
    whole = first.width * first.height * picture.scale**2
    boxes = [code.box for code in codes if code.frame == 0]
    return sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) / whole

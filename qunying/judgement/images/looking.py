"""One look at a picture: it is opened once, for its codes, its words where a reader is there, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass

from qunying.judgement.images.codes import Code, codes_in
from qunying.judgement.images.likeness import Likeness, likeness_of
from qunying.judgement.images.opening import BadPicture, Picture, open_picture
from qunying.judgement.images.words import ReadsWords, words_in


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture shows: codes and lines of words from top to bottom, and its fingerprints."""

    codes: tuple[Code, ...]
    words: tuple[str, ...]
    likeness: Likeness


def look_at(data: bytes, reader: ReadsWords | None = None) -> Look:
    """What the picture shows; raises ``BadPicture`` for bytes that are none, whatever they are."""
    picture = open_picture(data)
    try:
        return _look(picture, reader)
    except (ValueError, RuntimeError, MemoryError, OSError) as wrong:
        raise BadPicture(f"the picture cannot be looked at: {wrong}") from wrong


def _look(picture: Picture, reader: ReadsWords | None) -> Look:
    words = words_in(picture.frames[0], reader) if reader else ()
    return Look(codes_in(picture).codes, tuple(line.text for line in words), likeness_of(picture.frames[0]))

"""Words in a picture, where a reader is installed (``pip install qunying[ocr]``); without one everything else works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from qunying.judgement.images.opening import open_picture

MOST_SIDE = 2000  # pixels; larger pictures are shrunk before reading
_SURE_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class WordsRead:
    """A line of words, how sure its reader is (0 to 1), and where (left, top, right, bottom)."""

    text: str
    score: float
    box: tuple[int, int, int, int]


class ReadsWords(Protocol):
    """What an OCR engine must offer."""

    def __call__(self, pixels: npt.NDArray[np.uint8]) -> Sequence[WordsRead]:
        """The lines of a picture given as rows of red, green, blue (0 to 255)."""
        ...


def read_words(data: bytes, reader: ReadsWords) -> tuple[WordsRead, ...]:
    """The lines that the reader is sure enough of, top to bottom; raises ``BadPicture`` for bytes that are no picture."""
    return words_in(open_picture(data).frames[0], reader)


def words_in(image: Image.Image, reader: ReadsWords) -> tuple[WordsRead, ...]:
    """The lines of a picture that is already open."""
    frame = image.convert("RGB")
    frame.thumbnail((MOST_SIDE, MOST_SIDE))
    lines = [line for line in reader(np.asarray(frame)) if line.score >= _SURE_ENOUGH and line.text.strip()]
    return tuple(sorted(lines, key=lambda line: (line.box[1], line.box[0])))


def installed_reader() -> ReadsWords | None:
    """RapidOCR where it is installed, loaded at the first picture; None where it is not."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return None
    return _read_with_rapidocr


@cache
def _rapidocr() -> Any:
    return import_module("rapidocr").RapidOCR()


def _read_with_rapidocr(pixels: npt.NDArray[np.uint8]) -> Sequence[WordsRead]:
    result = _rapidocr()(pixels[:, :, ::-1])  # it expects blue, green, red
    if result is None or result.txts is None:
        return ()
    return [
        WordsRead(text, float(score), _around(corners))
        for text, score, corners in zip(result.txts, result.scores, result.boxes, strict=True)
    ]


def _around(corners: Any) -> tuple[int, int, int, int]:
    points = np.asarray(corners)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return int(left), int(top), int(right), int(bottom)

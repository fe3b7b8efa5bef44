from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from qunying.judgement.images import BadPicture, WordsRead, installed_reader, read_words
from qunying.judgement.images.tests.drawn import as_bytes


def pretend(pixels: npt.NDArray[np.uint8]) -> Sequence[WordsRead]:
    """A reader that sees its picture's size, and two more lines that it is not sure of or that are blank."""
    high, wide, _ = pixels.shape
    return [
        WordsRead("below", 0.9, (0, 50, 10, 60)),
        WordsRead(f"{wide}×{high}", 0.9, (0, 0, 10, 10)),
        WordsRead("guess", 0.2, (0, 0, 10, 10)),
        WordsRead(" ", 0.9, (0, 0, 10, 10)),
    ]


def test_lines_come_from_top_to_bottom_when_a_reader_is_sure_of_them() -> None:
    lines = read_words(as_bytes(Image.new("L", (4000, 1000))), pretend)
    assert [line.text for line in lines] == ["2000×500", "below"]


def test_no_reader_is_offered_when_none_is_installed() -> None:
    if find_spec("rapidocr") is not None:
        pytest.skip("a reader is installed here")
    assert installed_reader() is None


def test_the_error_says_why_when_bytes_are_no_picture() -> None:
    with pytest.raises(BadPicture):
        read_words(b"", pretend)

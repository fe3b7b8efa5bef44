"""Words in real pictures, read by the engine that people install: ``pip install qunying[ocr]``, as ``make nightly`` does."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from qunying.insights.rendering.fonts import find_fonts
from qunying.judgement.images import installed_reader, read_words

INK, PAPER = (34, 34, 34), (250, 248, 240)


def poster(lines: list[str], size: int = 40) -> bytes:
    """These lines below each other, as a PNG."""
    picture = Image.new("RGB", (640, 30 + 70 * len(lines)), PAPER)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        left = 24.0
        for run in find_fonts().runs(line, size, 400):
            pen.text((left, 20 + 70 * number), run.text, INK, run.font)
            left += run.width
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.mark.nightly
def test_the_words_of_a_poster_are_read_in_order_when_a_reader_is_installed() -> None:
    reader = installed_reader()
    if reader is None:
        pytest.skip("no reader of words is installed: pip install 'qunying[ocr]'")
    lines = ["加微信领取福利 abc123", "日结兼职 名额有限", "Free signals, join today"]
    found = read_words(poster(lines), reader)
    assert ["".join(line.text.split()) for line in found] == ["".join(line.split()) for line in lines]
    assert all(line.score > 0.8 for line in found)
    assert read_words(poster([]), reader) == ()

"""A report as a card for phones: 1080 pixels wide, large letters, the first sentence first."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation

from qunying.insights.rendering.blocks import Block
from qunying.insights.rendering.blocks_of_report import blocks_of_card
from qunying.insights.rendering.canvas import Canvas
from qunying.insights.rendering.draw import draw
from qunying.insights.rendering.fonts import find_fonts
from qunying.insights.report import Report


def render_png(report: Report, language: str = "zh-hans") -> bytes:
    """The picture. Raises ``QunyingError`` with what to do where no font here draws Chinese."""
    with translation.override(language):
        return picture_of(blocks_of_card(report))


def picture_of(blocks: Iterable[Block]) -> bytes:
    """These blocks as a PNG. Raises as ``render_png``."""
    canvas = Canvas(find_fonts())
    draw(canvas, blocks)
    return canvas.png()

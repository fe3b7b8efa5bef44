"""A report as pages to print and to pass on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from qunying.insights import words
from qunying.insights.rendering.blocks import Block
from qunying.insights.rendering.blocks_of_report import blocks_of_paper
from qunying.insights.rendering.draw import draw
from qunying.insights.rendering.fonts import find_fonts
from qunying.insights.rendering.paper import Paper
from qunying.insights.report import Report


def render_pdf(report: Report, language: str = "zh-hans") -> bytes:
    """The document. Raises ``QunyingError`` with what to do where no font here draws Chinese."""
    with translation.override(language):
        return document_of(blocks_of_paper(report), words.title(report), language, report.made_at)


def document_of(blocks: Iterable[Block], title: str, language: str, made_at: datetime) -> bytes:
    """These blocks as a PDF. Raises as ``render_pdf``."""
    paper = Paper(find_fonts())
    draw(paper, blocks)
    return paper.pdf(title, language, made_at)

"""A report as a workbook: the sentences and figures on the first sheet, a sheet for every table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from qunying.insights.rendering.blocks import Block, Head, Note, Points, Table, Tiles, Value
from qunying.insights.rendering.blocks_of_tables import blocks_of_tables
from qunying.insights.report import Report

BRIGHT, PALE = Font(bold=True), Font(color="5C6663")
SHAPES = {
    "count": "#,##0",
    "figure": "0.0",
    "share": "0%",
    "change": "+0%;-0%;0%",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
LONGEST = 32_767  # characters that a cell can hold
FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
LONGEST_NAME = 31
WIDE, NARROW = 24, 12


def render_xlsx(report: Report, language: str = "zh-hans") -> bytes:
    """The workbook."""
    with translation.override(language):
        return workbook_of(blocks_of_tables(report))


def workbook_of(blocks: Iterable[Block]) -> bytes:
    """Tables become sheets, everything else stands on the first one. What people wrote is never read as a formula."""
    book = Workbook(write_only=True)
    front = book.create_sheet(_name(_("概览")))
    front.column_dimensions["A"].width = WIDE
    for block in blocks:
        if isinstance(block, Table):
            _sheet(book, block)
        else:
            for row in _lines(block):
                front.append([_cell(front, value, font=font) for value, font in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(block: Block) -> Iterable[Sequence[tuple[Value, Font | None]]]:
    match block:
        case Head():
            return ([(block.kind, PALE)], [(block.title, BRIGHT)], [(block.headline, None)], [])
        case Tiles():
            return (*([(tile.name, None), (tile.value, BRIGHT), (tile.note, PALE)] for tile in block.tiles), [])
        case Points():
            told = [[(block.told, PALE)]] if block.told else []
            return ([(block.title, BRIGHT)], *told, *([(point, None)] for point in block.points), [])
        case Note():
            return ([(block.text, PALE)],)
        case _:
            raise TypeError(f"{type(block).__name__} has no place in a workbook")


def _sheet(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(_name(table.title))
    sheet.freeze_panes = f"A{3 if table.told else 2}"
    for place, column in enumerate(table.columns):
        letter = chr(ord("A") + place)
        sheet.column_dimensions[letter].width = (
            NARROW if column.kind in {"count", "figure", "share", "change"} else WIDE
        )
    if table.told:
        sheet.append([_cell(sheet, table.told, font=PALE)])
    sheet.append([_cell(sheet, column.name, font=BRIGHT) for column in table.columns])
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        sheet.append([_cell(sheet, value, shape=SHAPES.get(column.kind, "")) for value, column in cells])


def _cell(sheet: Worksheet, value: Value, *, font: Font | None = None, shape: str = "") -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # «=1+1» is what somebody wrote
    if font is not None:
        cell.font = font
    if shape:
        cell.number_format = shape
    return cell


def _name(title: str) -> str:
    """A sheet's name as Excel allows it."""
    return FORBIDDEN.sub(" ", title)[:LONGEST_NAME]

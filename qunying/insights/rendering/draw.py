"""Blocks drawn on a sheet, one below the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from qunying.insights.rendering.blocks import (
    Bars,
    Block,
    Column,
    Head,
    Hours,
    Note,
    Parts,
    Points,
    Quotes,
    Ranking,
    Table,
    Tiles,
    Value,
)
from qunying.insights.rendering.fonts import BRIGHT, PLAIN
from qunying.insights.rendering.sheet import EDGE, INK, LINE, PALE_INK, SOFT, TEAL, Sheet
from qunying.ui.charts import short_day
from qunying.ui.figures import change, number, percent

TITLE, SENTENCE, FIGURE, TEXT, SMALL = 60, 46, 64, 36, 30
PLOT = 260
LABELS = 8
ROW = 60
DAYS, HOURS = 7, 24
HOUR_ROW = 44
DAY_NAMES = 96
WRITTEN: Mapping[str, Callable[[float], str]] = {"share": percent, "change": change}
FROM = (0.04, 0.2, 0.4, 0.7)
SHADES = ("#f3f6f5", "#d7ebe8", SOFT, "#4e9c94", TEAL)
PARTS = (TEAL, "#4e9c94", SOFT, "#dfe5e2")


def draw(sheet: Sheet, blocks: Iterable[Block]) -> None:
    """Everything in order, with a hairline between sections."""
    for block in blocks:
        _draw(sheet, block)


def _draw(sheet: Sheet, block: Block) -> None:
    match block:
        case Head():
            _head(sheet, block)
        case Tiles():
            _tiles(sheet, block)
        case Bars():
            _bars(sheet, block)
        case Ranking():
            _ranking(sheet, block)
        case Parts():
            _parts(sheet, block)
        case Hours():
            _hours(sheet, block)
        case Quotes():
            _quotes(sheet, block)
        case Points():
            _section(sheet, block.title, block.told)
            for point in block.points:
                sheet.paragraph(f"· {point}", TEXT, most_lines=3)
            sheet.skip(16)
        case Table():
            _table(sheet, block)
        case Note():
            sheet.skip(24)
            sheet.paragraph(block.text, SMALL, colour=PALE_INK, most_lines=3)


def _head(sheet: Sheet, head: Head) -> None:
    sheet.paragraph(head.kind, SMALL, colour=PALE_INK, most_lines=1)
    sheet.paragraph(head.title, TITLE, weight=BRIGHT, most_lines=2)
    sheet.skip(8)
    sheet.paragraph(head.headline, SENTENCE, most_lines=4)
    sheet.skip(32)


def _section(sheet: Sheet, title: str, told: str, high: int = 0) -> None:
    """A heading with what stands below it; ``high`` is how much of the section must stay with it."""
    sheet.keep(48 + 2 * SMALL + TEXT * 2 + high)
    sheet.line()
    sheet.skip(24)
    sheet.paragraph(title, TEXT, weight=BRIGHT, most_lines=2)
    if told:
        sheet.paragraph(told, SMALL, colour=PALE_INK, most_lines=3)
    sheet.skip(8)


def _tiles(sheet: Sheet, block: Tiles) -> None:
    sheet.line()
    room = sheet.room / len(block.tiles)
    for place, tile in enumerate(block.tiles):
        x = EDGE + place * room
        sheet.write(tile.name, x, sheet.y + 56, SMALL, colour=PALE_INK)
        sheet.write(number(tile.value), x, sheet.y + 132, FIGURE, weight=BRIGHT)
        sheet.write(sheet.fit(tile.note, SMALL, room - 16), x, sheet.y + 180, SMALL, colour=PALE_INK)
    sheet.skip(208)


def _bars(sheet: Sheet, block: Bars) -> None:
    if not block.top:
        return
    _section(sheet, block.title, block.told, PLOT + 72)
    base, every, room = sheet.y + PLOT, max(1, -(-len(block.bars) // LABELS)), sheet.room / len(block.bars)
    pixels, best = (PLOT - 20) / block.top, max(bar.value for bar in block.bars)
    for place, bar in enumerate(block.bars):
        left = EDGE + place * room
        colour = TEAL if bar.value == best else SOFT
        sheet.box(left + 0.2 * room, base - pixels * bar.value, left + 0.8 * room, base, colour)
        if bar.before is not None:
            mark = base - pixels * bar.before
            sheet.box(left + 0.1 * room, mark, left + 0.9 * room, mark + 4, INK)
        if place % every == 0:
            sheet.write(bar.label, left + 0.5 * room, base + 44, SMALL, colour=PALE_INK, anchor="m")
    sheet.box(EDGE, base, sheet.right, base + 2, LINE)
    sheet.skip(PLOT + 72)


def _ranking(sheet: Sheet, block: Ranking) -> None:
    _section(sheet, block.title, block.told, ROW)
    most = max((place.value for place in block.places), default=0) or 1
    for place in block.places:
        sheet.keep(ROW)
        sheet.write(sheet.fit(place.name, TEXT, 300), EDGE, sheet.y + 40, TEXT)
        right = EDGE + 320 + (sheet.room - 540) * place.value / most
        sheet.box(EDGE + 320, sheet.y + 12, right, sheet.y + 44, TEAL)
        sheet.write(place.told, sheet.right, sheet.y + 40, SMALL, colour=PALE_INK, anchor="r")
        sheet.skip(ROW)
    sheet.skip(16)


def _parts(sheet: Sheet, block: Parts) -> None:
    _section(sheet, block.title, block.told, ROW + SMALL * 2)
    total, x = sum(part.count for part in block.parts) or 1, float(EDGE)
    for part, colour in zip(block.parts, PARTS, strict=False):
        width = sheet.room * part.count / total
        sheet.box(x, sheet.y + 8, x + width - 3, sheet.y + 48, colour)
        x += width
    sheet.skip(ROW)
    room = sheet.room / len(block.parts)
    for place, (part, colour) in enumerate(zip(block.parts, PARTS, strict=False)):
        left = EDGE + place * room
        sheet.box(left, sheet.y + 14, left + 22, sheet.y + 36, colour)
        told = sheet.fit(f"{part.name} {number(part.count)}", SMALL, room - 48)
        sheet.write(told, left + 34, sheet.y + 36, SMALL)
    sheet.skip(ROW + 8)


def _hours(sheet: Sheet, block: Hours) -> None:
    week = block.week
    top = max((max(row) for row in week.grid), default=0)
    if not top:
        return
    _section(sheet, week.title, week.sub, DAYS * HOUR_ROW + SMALL * 2)
    room = (sheet.room - DAY_NAMES) / HOURS
    for day, row in enumerate(week.grid):
        sheet.write(short_day(day), EDGE, sheet.y + 32, SMALL, colour=PALE_INK)
        for hour, value in enumerate(row):
            left = EDGE + DAY_NAMES + hour * room
            sheet.box(left, sheet.y, left + room - 3, sheet.y + HOUR_ROW - 3, _shade(value / top))
        sheet.skip(HOUR_ROW)
    for hour in range(0, HOURS, 6):
        middle = EDGE + DAY_NAMES + (hour + 0.5) * room
        sheet.write(str(hour), middle, sheet.y + 34, SMALL, colour=PALE_INK, anchor="m")
    sheet.skip(SMALL * 2)


def _shade(share: float) -> str:
    return SHADES[sum(share > step for step in FROM)] if share else SHADES[0]


def _quotes(sheet: Sheet, block: Quotes) -> None:
    _section(sheet, block.title, block.told, ROW)
    for quote in block.quotes:
        sheet.keep(TEXT * 3 + SMALL)
        width = sheet.write(sheet.fit(quote.name, TEXT, sheet.room / 2), EDGE, sheet.y + 42, TEXT, weight=BRIGHT)
        sheet.write(quote.note, EDGE + width + 20, sheet.y + 42, SMALL, colour=PALE_INK)
        sheet.skip(58)
        sheet.paragraph(quote.words, TEXT, most_lines=2)
        sheet.skip(12)
    sheet.skip(8)


def _table(sheet: Sheet, block: Table) -> None:
    _section(sheet, block.title, block.told, 3 * ROW)
    first = sheet.room * 0.34 if len(block.columns) > 2 else sheet.room * 0.6
    room = (sheet.room - first) / max(1, len(block.columns) - 1)
    _row(sheet, [column.name for column in block.columns], first, room, PALE_INK)
    for row in block.rows:
        sheet.keep(ROW)
        _row(
            sheet, [written(value, column) for value, column in zip(row, block.columns, strict=True)], first, room, INK
        )
    sheet.skip(16)


def _row(sheet: Sheet, cells: list[str], first: float, room: float, colour: str) -> None:
    size = SMALL
    sheet.write(sheet.fit(cells[0], size, first - 24), EDGE, sheet.y + 38, size, colour=colour, weight=PLAIN)
    for place, cell in enumerate(cells[1:], start=1):
        right = EDGE + first + place * room
        sheet.write(sheet.fit(cell, size, room - 16), right, sheet.y + 38, size, colour=colour, anchor="r")
    sheet.box(EDGE, sheet.y + ROW - 10, sheet.right, sheet.y + ROW - 9, LINE)
    sheet.skip(ROW)


def written(value: Value, column: Column) -> str:
    """A table's figure in words; «—» where it is not known."""
    if value is None:
        return "—"
    if isinstance(value, str | date):
        return str(value)
    return WRITTEN.get(column.kind, number)(value)

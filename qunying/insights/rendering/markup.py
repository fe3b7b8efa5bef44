"""What people wrote, and tables, as Markdown."""

from __future__ import annotations

import re

from qunying.insights.rendering.blocks import Table
from qunying.insights.rendering.draw import written

MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def plain(text: str) -> str:
    """Text of a person on one line, with every sign of Markdown disarmed."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))


def cells_of(table: Table) -> list[list[str]]:
    """The cells of every row as they are written."""
    return [[written(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]


def lines_of_table(table: Table) -> list[str]:
    """The table's head and rows."""
    heads = [plain(column.name) for column in table.columns]
    marks = [":---", *["---:"] * (len(heads) - 1)]
    rows = [[plain(cell) for cell in row] for row in cells_of(table)]
    return [f"| {' | '.join(row)} |" for row in (heads, marks, *rows)]

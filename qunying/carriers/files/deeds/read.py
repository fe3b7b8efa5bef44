"""Reads a table of deeds: one row, one deed; what cannot be one is said with its line, and nothing is guessed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from qunying.kernel.texts import Sentence

from ..bodies import skip
from ..explanations import COLUMNS_OF_DEEDS, NO_COLUMN, UNKNOWN_COLUMN
from ..records import Skipped
from ..rows import Row, split_rows
from ..sources import Source
from .columns import SPACES, DeedColumns, cells_of, find_delimiter, has_words_of_talk, propose_columns
from .one import ORDER, REFUND, PastDeed, is_refunded, read_deed

HEADER_LETTERS = 20_000  # a longer first line names no columns


def is_table_of_deeds(source: Source) -> bool:
    """Whether the first line names who, when, and an amount or what was done – and no column holds what was said."""
    header, _ = _header(source)
    found = propose_columns(header)
    if has_words_of_talk(header) or not {"person", "time"} <= found.keys():
        return False
    return "amount" in found or "kind" in found


def header_of_deeds(source: Source) -> tuple[list[str], dict[str, str]]:
    """The columns of a table, and which of them its words propose for which of our fields."""
    header, _ = _header(source)
    return header, propose_columns(header)


def read_deeds(source: Source, chosen: Mapping[str, str], kind: str = "") -> Iterator[PastDeed | Skipped]:
    """The deeds of one table in its order. ``chosen`` columns win over what the header's words propose.

    ``kind`` is what every row is where no column says it; without it, a row with an amount is an order. Without a column
    for who and when nothing is read, and one ``Skipped`` says which is missing.
    """
    header, delimiter = _header(source)
    proposed = {f: name for f, name in propose_columns(header).items() if name not in set(chosen.values())}
    columns = {**proposed, **chosen}
    missing = _missing(header, columns, kind)
    if missing is not None:
        yield skip("unknown_format", 1, str(missing))
        return
    table = _Table(header, columns, kind)
    for row in _rows(source, delimiter):
        if isinstance(row, Skipped):
            yield row
        elif any(cell.strip() for cell in row.cells):
            yield from table.deeds(row)


def _header(source: Source) -> tuple[list[str], str]:
    line = next(source.table_lines(), "")
    if len(line) > HEADER_LETTERS:
        return [], ","
    delimiter = find_delimiter(line)
    try:
        return cells_of(line, delimiter), delimiter
    except csv.Error:
        return [], delimiter


def _missing(header: list[str], columns: DeedColumns, kind: str) -> Sentence | None:
    absent = [f"“{name}”" for name in columns.values() if name and name not in header]
    if absent:
        return Sentence(UNKNOWN_COLUMN, {"names": absent, "header": list(header)})
    has_what = kind or columns.get("amount") or columns.get("kind")
    without = [field for field in ("person", "time") if not columns.get(field)] + ([] if has_what else ["amount"])
    needed = [Sentence(COLUMNS_OF_DEEDS[field]) for field in without]
    return Sentence(NO_COLUMN, {"names": needed, "header": list(header)}) if needed else None


def _rows(source: Source, delimiter: str) -> Iterator[Row | Skipped]:
    lines = islice(source.table_lines(), 1, None)
    if delimiter == SPACES:
        return (Row(place, line.split()) for place, line in enumerate(lines, 2))
    return split_rows(lines, delimiter, 2)


class _Table:
    """The columns by place, and what all rows are where none says so."""

    def __init__(self, header: list[str], columns: DeedColumns, kind: str) -> None:
        self._index = {field: header.index(name) for field, name in columns.items() if name}
        self._kind = kind

    def deeds(self, row: Row) -> Iterator[PastDeed | Skipped]:
        """What one row tells: a deed, a refunded order as both, or why it is none."""
        said = {field: row.cells[at].strip() for field, at in self._index.items() if at < len(row.cells)}
        found = read_deed(row.place, said, self._kind)
        if isinstance(found, str):
            yield skip(found, row.place, ",".join(row.cells))
            return
        yield found
        if found.kind == ORDER and is_refunded(said):
            yield replace(found, kind=REFUND)

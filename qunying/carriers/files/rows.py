"""Cuts a table's lines into rows: a quoted cell may go on over lines, a stray quotation mark must not eat the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .bodies import MAX_TEXT, skip
from .records import Skipped

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row; ``place`` is the line it begins on."""

    place: int
    cells: list[str]


def split_row(row: str, delimiter: str) -> list[str]:
    """The cells of one row, which may hold quoted line ends. Raises ``csv.Error`` for a cell beyond all measure."""
    return next(csv.reader([row], delimiter=delimiter), [])


def split_rows(lines: Iterable[str], delimiter: str, first_place: int = 1) -> Iterator[Row | Skipped]:
    """Rows in order, empty lines left out.

    A quotation mark that is not closed within ``MOST_LINES`` lines or twice ``MAX_TEXT`` characters counts as a character.
    """
    source = enumerate(lines, first_place)
    waiting: deque[tuple[int, str]] = deque()
    while waiting or (waiting := deque([line for line in [next(source, None)] if line is not None])):
        count = _closed_after(waiting, source, delimiter)
        place, first = waiting[0]
        if count == 0:
            waiting.popleft()
            yield Row(place, first.split(delimiter))
            continue
        row = "\n".join(waiting.popleft()[1] for _ in range(count))
        if row.strip():
            yield _row(place, row, delimiter)


def _closed_after(waiting: deque[tuple[int, str]], source: Iterator[tuple[int, str]], delimiter: str) -> int:
    """How many lines the first row takes; 0 where its quotation never closes. Takes more lines from ``source``."""
    is_open, size = False, 0
    for count in range(1, MOST_LINES + 1):
        if len(waiting) < count:
            following = next(source, None)
            if following is None:
                return 0
            waiting.append(following)
        line = waiting[count - 1][1]
        is_open = is_open_after(line, delimiter, is_open=is_open)
        size += len(line)
        if not is_open:
            return count
        if size > 2 * MAX_TEXT:
            return 0
    return 0


def is_open_after(line: str, delimiter: str, *, is_open: bool) -> bool:
    """Whether a quoted cell goes on after this line."""
    if '"' not in line:
        return is_open
    state = "quoted" if is_open else "start"
    for character in line:
        if character == '"':
            state = {"start": "quoted", "quoted": "after", "after": "quoted", "plain": "plain"}[state]
        elif state != "quoted":
            state = "start" if character == delimiter else "plain"
    return state == "quoted"


def _row(place: int, row: str, delimiter: str) -> Row | Skipped:
    try:
        return Row(place, split_row(row, delimiter))
    except csv.Error:
        return skip("too_long", place, row)

"""Lines of a list as spreadsheets open them, for downloads and for commands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

MARK = "\ufeff"  # so that spreadsheets read it as UTF-8


def csv_rows(columns: Sequence[str], lines: Iterable[Sequence[object]], zone: tzinfo) -> Iterator[str]:
    """The columns' names and these lines as text; moments in that zone, None as an empty cell."""
    yield MARK + _row(columns, zone)
    for line in lines:
        yield _row(line, zone)


def _row(cells: Sequence[object], zone: tzinfo) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(_words(cell, zone)) for cell in cells])
    return line.getvalue()


def _words(cell: object, zone: tzinfo) -> str:
    if cell is None:
        return ""
    return cell.astimezone(zone).isoformat(timespec="seconds") if isinstance(cell, datetime) else str(cell)


def _harmless(cell: str) -> str:
    """A name like «=HYPERLINK(…)» must stay a name in a spreadsheet."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell

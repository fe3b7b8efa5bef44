"""A list as a file that spreadsheets open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from django.http import StreamingHttpResponse
from django.utils import timezone

from qunying.kernel import clock

MARK = "\ufeff"  # so that spreadsheets read it as UTF-8


def as_csv(name: str, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A download of these lines, written as they come; moments in the time zone of whoever calls, None as an empty cell."""
    zone = timezone.get_current_timezone()
    response = StreamingHttpResponse(_rows(columns, lines, zone), content_type="text/csv; charset=utf-8")
    stamp = f"{timezone.localtime(clock.now()):%Y%m%d-%H%M}"
    response["Content-Disposition"] = f'attachment; filename="{name}-{stamp}.csv"'
    return response


def _rows(columns: Sequence[str], lines: Iterable[Sequence[object]], zone: tzinfo) -> Iterator[str]:
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

"""A list as a file that spreadsheets open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse
from django.utils import timezone

from qunying.kernel import clock
from qunying.ui.sheets import csv_rows


def as_csv(name: str, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A download of these lines, written as they come; moments in the time zone of whoever calls, None as an empty cell."""
    zone = timezone.get_current_timezone()
    response = StreamingHttpResponse(csv_rows(columns, lines, zone), content_type="text/csv; charset=utf-8")
    stamp = f"{timezone.localtime(clock.now()):%Y%m%d-%H%M}"
    response["Content-Disposition"] = f'attachment; filename="{name}-{stamp}.csv"'
    return response

"""A table that somebody handed over in the browser, ready to be read as often as they change their mind about it.

A workbook takes seconds to take apart, so each of its sheets is written down once as text, row by row, beside the upload.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from qunying.carriers.files.sources import SourceError, is_binary, open_file
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.past.uploads import Draft

MOST_BYTES = 20 * 2**20
MOST_LINES = 50_000


@dataclass(frozen=True, slots=True)
class Table:
    """``path`` holds the lines. ``sheet`` of the ``sheets`` of a workbook is read, whose ``hidden`` rows Excel does not show
    (the first few, ``hidden_count`` in all); no sheet where the file is text."""

    path: Path
    title: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    hidden_count: int = 0


def do_open_table(draft: Draft, sheet: str = "") -> Table:
    """The one table of an upload. Raises ``BadUse`` for several files, for one that is none, and for one too large."""
    if len(draft.files) != 1:
        raise BadUse(mark("一次传一张表"))
    file = draft.files[0]
    if file.stat().st_size > MOST_BYTES:
        raise BadUse(mark("网页上一张表最多 %(n)s MB；更大的用 qunying import 读"), n=MOST_BYTES // 2**20)
    known = draft.folder / f"sheet-{hashlib.sha256(sheet.encode()).hexdigest()[:16]}.json"
    if known.exists():
        words = json.loads(known.read_text(encoding="utf-8"))
        names, hidden = words["rows"]
        return Table(known.with_suffix(".csv"), file.name, words["sheet"], tuple(names), tuple(hidden), words["count"])
    return _checked(_do_take_apart(file, sheet, known))


def _do_take_apart(file: Path, sheet: str, known: Path) -> Table:
    try:
        source = open_file(file, sheet)
        book = source.find_sheet()
        if book is None and is_binary(source.head()):
            raise BadUse(mark("这不是表格；在 Excel 里另存为 .xlsx 或 CSV 再传"))
    except (SourceError, OSError) as error:
        raise BadUse(mark("读不了 %(path)s：%(why)s"), path=file.name, why=str(error)) from error
    if book is None:
        return Table(file, file.name)
    table = Table(
        known.with_suffix(".csv"), file.name, book.name, (book.name, *book.others), book.hidden, book.hidden_count
    )
    table.path.write_text("\n".join(book.lines), encoding="utf-8-sig")
    words = {"sheet": table.sheet, "rows": [table.sheets, table.hidden], "count": table.hidden_count}
    known.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    return table


def _checked(table: Table) -> Table:
    lines = sum(1 for _ in open_file(table.path).lines())
    if lines > MOST_LINES:
        raise BadUse(
            mark("这张表有 %(n)s 行，网页上一次最多 %(most)s 行；分开传，或者用 qunying import 读"),
            n=lines,
            most=MOST_LINES,
        )
    return table

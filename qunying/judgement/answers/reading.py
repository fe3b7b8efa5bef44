"""A bank from a CSV file or a workbook: columns ``entry,question,answer[,category]`` in any order, as Excel or a text editor wrote them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from qunying.judgement.answers.bank import BankRow
from qunying.kernel.errors import BadUse
from qunying.kernel.workbooks import text_of_table

NEEDED = ("entry", "question", "answer")
_ENCODINGS = ("utf-8-sig", "gb18030")  # the second is what Excel writes on a Chinese Windows
_DELIMITERS = ",;\t"


class BadBank(ValueError):
    """A bank file that cannot be used; the message names file, line and column."""


def read_bank(path: Path) -> list[BankRow]:
    """The rows of the file. Raises BadBank; an empty bank (only the header) is one that refuses everything."""
    try:
        content = path.read_bytes()
        table = text_of_table(content)
        text = _decoded(content) if table is None else table
    except BadUse as error:
        raise BadBank(f"{path}: {error}") from error
    except OSError as error:
        raise BadBank(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadBank(f"{path}: neither UTF-8 nor GB18030") from error
    try:
        return list(_rows(text))
    except csv.Error as error:
        raise BadBank(f"{path}: not a CSV file: {error}") from error
    except BadBank as error:
        raise BadBank(f"{path}: {error}") from error


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise UnicodeDecodeError("gb18030", content, 0, 1, "NUL")
    for encoding in _ENCODINGS[:-1]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(_ENCODINGS[-1])


def _rows(text: str) -> Iterator[BankRow]:
    header, _, _ = text.partition("\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header.count), strict=True)
    columns = _columns(next(reader, []))
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            yield _row(cells, columns, line)


def _columns(header: list[str]) -> dict[str, int]:
    """Where each column stands."""
    names = [name.strip().lower() for name in header]
    for name in NEEDED:
        if name not in names:
            raise BadBank(f"line 1: column «{name}» is missing (needed: {', '.join(NEEDED)})")
    return {name: names.index(name) for name in (*NEEDED, "category") if name in names}


def _row(cells: list[str], columns: dict[str, int], line: int) -> BankRow:
    values = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
    for name in ("entry", "question"):
        if not values[name]:
            raise BadBank(f"line {line}: «{name}» is empty")
    return BankRow(**values)

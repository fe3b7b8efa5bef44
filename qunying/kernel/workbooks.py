"""Reads a sheet of an Excel workbook as the lines of a table: row n is line n, with commas, cells as a person reads them.

So everything that reads a table of text reads a workbook too, and says the number that stands beside the row in Excel.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

MOST_BYTES = 256 * 2**20  # unpacked
MOST_RATIO = 200
MOST_ROWS = 1_048_576  # what Excel itself has
EXACT = 10**15  # Excel keeps fifteen digits of a number
MOST_LETTERS = 128 * 2**20  # of all cells together
MOST_PIECE = 16 * 2**20
HIDDEN_TOLD = 20

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BOOK, _BINARY_BOOK = "xl/workbook.xml", "xl/workbook.bin"
_BEGINNINGS = (b"[Content_Types].xml", b"docProps/app.xml", b"xl/")  # the first part that spreadsheet programs write
_HEAD, _FIRST_NAME = 4096, 30
_CHUNK = 2**20
_TOO_LARGE = mark("这个 Excel 文件解开有 %(n)s MB，太大了；删掉用不到的列和表，或者分开再传")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_WITHOUT_VALUE = re.compile(
    rb"<(?:\w+:)?c\b(?![^>]*\bt=[\"']str[\"'])[^>]*>\s*<(?:\w+:)?f\b"
    rb"(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_BROKEN = (
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, whose ``lines`` are a table with commas; ``others`` are the workbook's other sheets.

    ``hidden`` are the first rows that Excel does not show though they are read, ``hidden_count`` says of how many.
    """

    name: str
    others: tuple[str, ...]
    lines: tuple[str, ...]
    hidden: tuple[int, ...] = ()
    hidden_count: int = 0


def is_workbook(file: IO[bytes]) -> bool:
    """Whether these bytes are a workbook of any kind, also one that cannot be read."""
    head = file.read(len(_OLE))
    file.seek(0)
    if head.startswith(_OLE):
        return True
    return head.startswith(_ZIP) and bool(_names(file) & {_BOOK, _BINARY_BOOK} or _is_open_document(file))


def read_sheet(file: IO[bytes], name: str = "") -> Sheet:
    """The sheet of that name, else the first that Excel shows.

    Formulas give what they came to when the workbook was saved, dates are written 2024-03-01 10:00:00. Raises ``BadUse``
    for what is no readable .xlsx: old, binary, with a password, broken, larger than ``MOST_BYTES`` when unpacked, without
    that sheet, or with formulas that nobody let Excel work out.
    """
    from openpyxl import load_workbook  # a fifth of a second that only who brings a workbook should wait

    _refuse_others(file)
    with _telling_of_breaks(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which no cell's value depends on
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet, others = _chosen(book, name)
        hidden, count = _scan(file, sheet)
        return Sheet(sheet.title, others, tuple(_lines(sheet)), hidden, count)


def text_of_table(data: bytes, sheet: str = "") -> str | None:
    """The table in a workbook's bytes as text; None where they are no workbook. Raises ``BadUse`` as ``read_sheet``."""
    file = io.BytesIO(data)
    return "\n".join(read_sheet(file, sheet).lines) if is_workbook(file) else None


def list_sheets_not_read(data: bytes) -> tuple[str, ...]:
    """The sheets of a readable workbook that ``text_of_table`` does not read; none where it is no workbook."""
    from openpyxl import load_workbook

    file = io.BytesIO(data)
    if not is_workbook(file):
        return ()
    with _telling_of_breaks(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _chosen(load_workbook(file, read_only=True, keep_links=False), "")[1]


@contextmanager
def _telling_of_breaks() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise BadUse(mark("这个 Excel 文件坏了或者没有传完；在表格软件里打开，另存为 .xlsx 再传")) from error


def _names(file: IO[bytes]) -> set[str]:
    """What lies in a zip; of one that was cut off, what its beginning tells."""
    try:
        with zipfile.ZipFile(file) as archive:
            return set(archive.namelist())
    except (OSError, ValueError, zipfile.BadZipFile):
        file.seek(0)
        head = file.read(_HEAD)
        return {_BOOK} if _BOOK.encode() in head or head[_FIRST_NAME:].startswith(_BEGINNINGS) else set()
    finally:
        file.seek(0)


def _is_open_document(file: IO[bytes]) -> bool:
    head = file.read(100)
    file.seek(0)
    return b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head


def _refuse_others(file: IO[bytes]) -> None:
    """Raises ``BadUse`` for every workbook but an .xlsx of reasonable size."""
    if file.read(len(_OLE)) == _OLE:
        file.seek(0)
        if _LOCKED in file.read(MOST_BYTES):
            raise BadUse(mark("这个 Excel 文件有密码；去掉密码再传"))
        raise BadUse(mark("这是老的 .xls 文件；在表格软件里另存为 .xlsx 或 CSV 再传"))
    file.seek(0)
    if _BOOK not in _names(file):
        raise BadUse(mark("这不是 .xlsx 文件；在表格软件里另存为 .xlsx 或 CSV 再传"))
    _refuse_bombs(file)


def _refuse_bombs(file: IO[bytes]) -> None:
    packed = file.seek(0, io.SEEK_END)
    file.seek(0)
    with _telling_of_breaks(), zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        parts = [member.filename for member in archive.infolist() if member.filename.endswith((".xml", ".rels"))]
        has_own_words = any(_declares(archive, part) for part in parts)
    file.seek(0)
    if unpacked > MOST_BYTES or unpacked > MOST_RATIO * max(packed, 2**20) or has_own_words:
        raise BadUse(_TOO_LARGE, n=unpacked // 2**20)


def _declares(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether a part defines words of its own, which no Excel writes and which can grow without end."""
    with archive.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(4096)


def _chosen(book: Any, name: str) -> tuple[Any, tuple[str, ...]]:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise BadUse(mark("这个 Excel 文件里没有工作表"))
    shown = [title for title, sheet in sheets.items() if sheet.sheet_state == "visible"] or list(sheets)
    title = name or shown[0]
    if title not in sheets:
        raise BadUse(mark("没有叫「%(name)s」的工作表；有的是：%(names)s"), name=name, names=list(sheets))
    return sheets[title], tuple(other for other in sheets if other != title)


def _scan(file: IO[bytes], sheet: Any) -> tuple[tuple[int, ...], int]:
    """The first hidden rows, and how many there are. Raises ``BadUse`` where a formula was never worked out."""
    hidden, unknown = list[int](), 0
    for piece in _pieces(file, sheet._worksheet_path):
        for row in _ROW.finditer(piece):
            number = _NUMBER.search(row[1])
            if number and int(number[1]) > MOST_ROWS:
                raise ValueError("no such row")
            if number and _HIDDEN.search(row[1]):
                hidden.append(int(number[1]))
        unknown += len(_WITHOUT_VALUE.findall(piece))
    if unknown:
        raise BadUse(mark("有 %(n)s 个公式没有结果；在 Excel 里打开、保存一次再传"), n=unknown)
    return tuple(hidden[:HIDDEN_TOLD]), len(hidden)


def _pieces(file: IO[bytes], part: str) -> Iterator[bytes]:
    """The part's bytes, cut between rows only."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive, archive.open(part) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            whole, end, rest = (rest + chunk).rpartition(b"</row>")
            if len(rest) > MOST_PIECE:
                raise ValueError("a row without end")
            yield whole + end
        yield rest


def _lines(sheet: Any) -> Iterator[str]:
    sheet.reset_dimensions()  # some programs write a wrong one, and cells beyond it would be lost
    out, letters = io.StringIO(), 0
    writer = csv.writer(out, lineterminator="")
    for cells in sheet.iter_rows(values_only=True):
        letters += writer.writerow(_words(cells))
        if letters > MOST_LETTERS:
            raise BadUse(_TOO_LARGE, n=letters // 2**20)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _words(cells: Sequence[Any]) -> list[str]:
    words = [_said(cell) for cell in cells]
    while words and not words[-1]:
        words.pop()
    return words


def _said(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        is_day = cell.time() == time.min
        return f"{cell:%Y-%m-%d}" if is_day else f"{cell.replace(microsecond=0):%Y-%m-%d %H:%M:%S}"
    return " ".join(str(cell).splitlines())


def _number(number: float) -> str:
    """As Excel shows it where there is room; beyond fifteen digits, which Excel has lost, with an exponent."""
    if abs(number) >= EXACT:
        return f"{number:.14E}"
    if number == int(number):
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f")

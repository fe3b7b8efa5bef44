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
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from functools import cache
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

MOST_BYTES = 256 * 2**20  # unpacked
MOST_RATIO = 200
MOST_ROWS = 1_048_576  # what Excel itself has
EXACT = 10**15  # Excel keeps fifteen digits of a number
MOST_LETTERS = 128 * 2**20  # of all cells together
HIDDEN_TOLD = 20

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BOOK, _BINARY_BOOK = "xl/workbook.xml", "xl/workbook.bin"
_BEGINNINGS = (b"[Content_Types].xml", b"docProps/app.xml", b"xl/")  # the first part that spreadsheet programs write
_HEAD, _FIRST_NAME = 4096, 30
_DEEP = 26  # letters of the alphabet, in which columns are counted
_TOO_LARGE = mark("这个 Excel 文件解开有 %(n)s MB，太大了；删掉用不到的列和表，或者分开再传")
_PLACE = re.compile(r"([A-Z]{1,3})\d+")
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
    _refuse_others(file)
    with _telling_of_breaks():
        book = _open(file)
        title, others = _chosen(book, name)
        reading = _Reading(book, title)
        lines = tuple(reading.lines(file))
        if reading.unknown:
            raise BadUse(mark("有 %(n)s 个公式没有结果；在 Excel 里打开、保存一次再传"), n=reading.unknown)
        return Sheet(title, others, lines, tuple(reading.hidden[:HIDDEN_TOLD]), len(reading.hidden))


def text_of_table(data: bytes, sheet: str = "") -> str | None:
    """The table in a workbook's bytes as text; None where they are no workbook. Raises ``BadUse`` as ``read_sheet``."""
    file = io.BytesIO(data)
    return "\n".join(read_sheet(file, sheet).lines) if is_workbook(file) else None


def list_sheets_not_read(data: bytes) -> tuple[str, ...]:
    """The sheets of a readable workbook that ``text_of_table`` does not read; none where it is no workbook."""
    file = io.BytesIO(data)
    if not is_workbook(file):
        return ()
    with _telling_of_breaks():
        return _chosen(_open(file), "")[1]


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


@dataclass(frozen=True, slots=True)
class _Book:
    """What is beside the sheets: ``parts`` where each of them lies, which are ``shown``, the texts that cells share, which
    styles are dates and which lengths of time, and the day that days are counted from."""

    parts: Mapping[str, str]
    shown: Sequence[str]
    strings: Sequence[str]
    days: Collection[int]
    lengths: Collection[int]
    epoch: datetime


def _open(file: IO[bytes]) -> _Book:
    # a fifth of a second that only who brings a workbook should wait
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which no cell's value depends on
        reader: Any = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        found = [(one.name, one.state, rel) for one, rel in reader.parser.find_sheets() if "chartsheet" not in rel.Type]
    parts = {name: rel.target for name, _state, rel in found if rel.target in reader.valid_files}
    shown = [name for name, state, _rel in found if state == "visible" and name in parts] or list(parts)
    book = reader.wb
    return _Book(parts, shown, reader.shared_strings, book._date_formats, book._timedelta_formats, book.epoch)


def _chosen(book: _Book, name: str) -> tuple[str, tuple[str, ...]]:
    if not book.parts:
        raise BadUse(mark("这个 Excel 文件里没有工作表"))
    title = name or book.shown[0]
    if title not in book.parts:
        raise BadUse(mark("没有叫「%(name)s」的工作表；有的是：%(names)s"), name=name, names=list(book.parts))
    return title, tuple(other for other in book.parts if other != title)


class _Reading:
    """One sheet on its way into lines: ``hidden`` rows, and how many formulas are of ``unknown`` result."""

    def __init__(self, book: _Book, title: str) -> None:
        self.hidden = list[int]()
        self.unknown = 0
        self._book = book
        self._part = book.parts[title]

    def lines(self, file: IO[bytes]) -> Iterator[str]:
        """The rows as lines; empty ones for rows that are not there."""
        out, letters, done = io.StringIO(), 0, 0
        writer = csv.writer(out, lineterminator="")
        for number, row in self._rows(file):
            if not done < number <= MOST_ROWS:
                raise ValueError("rows out of order")
            yield from [""] * (number - done - 1)
            done = number
            letters += writer.writerow(self._words(row))
            if letters > MOST_LETTERS:
                raise BadUse(_TOO_LARGE, n=letters // 2**20)
            yield out.getvalue()
            out.seek(0)
            out.truncate()

    def _rows(self, file: IO[bytes]) -> Iterator[tuple[int, Element]]:
        """Every row with its number. The standard parser reads them: ``openpyxl`` takes five times as long, and what makes
        it careful was refused before."""
        file.seek(0)
        number = 0
        with zipfile.ZipFile(file) as archive, archive.open(self._part) as stream:
            for _event, element in iterparse(stream):  # noqa: S314
                if not element.tag.endswith("row") or element.tag.rpartition("}")[2] != "row":
                    continue
                number = int(element.get("r") or number + 1)
                if element.get("hidden") in {"1", "true"}:
                    self.hidden.append(number)
                yield number, element
                element.clear()

    def _words(self, row: Element) -> list[str]:
        words = list[str]()
        for cell in row:
            place = _PLACE.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else len(words)
            if column < len(words):
                raise ValueError("cells out of order")
            words += [""] * (column - len(words))
            words.append(self._word(cell))
        while words and not words[-1]:
            words.pop()
        return words

    def _word(self, cell: Element) -> str:
        kind, value, is_formula = cell.get("t", "n"), "", False
        for part in cell:
            name = part.tag.rpartition("}")[2]
            is_formula = is_formula or name == "f"
            if name == "v":
                value = part.text or ""
            elif name == "is":
                value = _inline(part)
        if not value:
            self.unknown += is_formula and kind != "str"
            return ""
        if kind == "n":
            return self._number(value, int(cell.get("s", "0")))
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return " ".join((self._book.strings[int(value)] if kind == "s" else value).splitlines())

    def _number(self, value: str, style: int) -> str:
        number = int(value) if value.isdecimal() else float(value)
        is_length = style in self._book.lengths
        if is_length or style in self._book.days:
            from openpyxl.utils.datetime import from_excel

            return _said(from_excel(number, self._book.epoch, timedelta=is_length))
        return _shown(number)


@cache
def _column(letters: str) -> int:
    """A is 0."""
    found = 0
    for letter in letters:
        found = found * _DEEP + ord(letter) - ord("A") + 1
    return found - 1


def _inline(part: Element) -> str:
    """The text of a cell that holds its own, with its runs, without how it is pronounced."""
    runs = [run for run in part if run.tag.rpartition("}")[2] != "rPh"]
    texts = [text for run in runs for text in run.iter() if text.tag.rpartition("}")[2] == "t"]
    return "".join(text.text or "" for text in texts)


def _said(moment: Any) -> str:
    """A date, a time, or a length of time."""
    if not isinstance(moment, datetime):
        return str(moment).partition(".")[0]
    is_day = moment.time() == time.min
    return f"{moment:%Y-%m-%d}" if is_day else f"{moment.replace(microsecond=0):%Y-%m-%d %H:%M:%S}"


def _shown(number: float) -> str:
    """As Excel shows it where there is room; beyond fifteen digits, which Excel has lost, with an exponent."""
    if abs(number) >= EXACT:
        return f"{number:.14E}"
    if number == int(number):
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f")

"""Where the bytes of an export come from: a file, a folder, or a zip, read as a stream and never unpacked to disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from qunying.kernel.workbooks import Sheet, is_workbook, read_sheet

from .encodings import detect_encoding

MAX_ZIP_BYTES = 20 * 2**30
MAX_ZIP_RATIO = 200
HEAD_BYTES = 64 * 1024
UTF8_NAMES = 0x800  # the flag of a zip member whose name says its encoding
ZIP_START = b"PK\x03\x04"
OTHER_OFFICE = frozenset({".doc", ".ppt", ".msg", ".vsd"})  # begin as old workbooks do
MAX_LINE = 4 * 2**20  # characters; nobody wrote a longer line, and a file may have no line ends at all


class SourceError(Exception):
    """A file, folder or zip that cannot be opened safely; the message says which and why."""


@dataclass(eq=False)
class Source:
    """One readable file of an export: on disk, or a member of a zip. ``position`` counts bytes read so far, for progress.

    The lines of a workbook are those of the sheet named ``sheet``, else of its first.
    """

    name: str
    path: Path
    member: str | None = None
    size: int = 0
    position: int = 0
    sheet: str = ""
    _encoding: str | None = field(default=None, repr=False)
    _read: Sheet | None = field(default=None, repr=False)

    def open(self) -> IO[bytes]:
        """A fresh binary stream from the beginning; reading moves ``position``. The caller closes it."""
        self.position = 0
        raw = self.path.open("rb") if self.member is None else zipfile.ZipFile(self.path).open(self.member)  # noqa: SIM115
        return io.BufferedReader(_Counted(raw, self), buffer_size=256 * 1024)

    def head(self, size: int = HEAD_BYTES) -> bytes:
        """The first bytes, for detection."""
        with self.open() as stream:
            return stream.read(size)

    @property
    def encoding(self) -> str:
        """Detected once from the first bytes, widened where a later byte disproves it (see ``encodings``)."""
        if self._encoding is None:
            self._encoding = detect_encoding(self.open)
        return self._encoding

    def find_sheet(self) -> Sheet | None:
        """What is read of a workbook, which is read once; None of a file that is none. Raises ``BadUse`` as ``read_sheet``."""
        if self._read is None and self.member is None:
            with self.path.open("rb") as file:
                if is_workbook(file) and self.path.suffix.lower() not in OTHER_OFFICE:
                    self._read = read_sheet(file, self.sheet)
        return self._read

    def lines(self) -> Iterator[str]:
        """Decoded lines without their line ends; undecodable bytes become U+FFFD. A line ends at LF, CRLF or lone CR.

        Of a line of more than ``MAX_LINE`` characters only so many are kept.
        """
        with self.open() as stream:
            text = io.TextIOWrapper(stream, encoding=self.encoding, errors="replace", newline=None)
            for number, line in enumerate(_bounded(text)):
                yield (line.lstrip("\ufeff") if number == 0 else line).rstrip("\n")

    def table_lines(self) -> Iterator[str]:
        """The lines of a table: of a workbook those of its sheet, else of the text. Raises ``BadUse`` as ``read_sheet``."""
        book = self.find_sheet()
        return iter(book.lines) if book is not None else self.lines()


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MAX_LINE):
        yield line
        while len(line) == MAX_LINE and not line.endswith("\n"):
            line = text.readline(MAX_LINE)


def is_binary(head: bytes) -> bool:
    """Whether these first bytes are no text in any encoding: zeros in even and in odd places, which UTF-16 does not have."""
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):  # UTF-32 has, and says so
        return False
    return min(head[0::2].count(0), head[1::2].count(0)) * 10 > len(head)


class _Counted(io.RawIOBase):
    """Counts what is read through it, so that progress costs nothing."""

    def __init__(self, raw: IO[bytes], source: Source) -> None:
        self._raw = raw
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self._source.position += len(data)
        return len(data)

    def close(self) -> None:
        self._raw.close()
        super().close()


@dataclass(frozen=True)
class Tree:
    """A folder or zip as a flat, sorted list of sources by their inner path (``/`` separated)."""

    name: str
    sources: tuple[Source, ...]

    def find(self, inner: str) -> Source | None:
        """The source at that inner path, or None."""
        return next((source for source in self.sources if source.name == inner), None)

    def below(self, prefix: str) -> tuple[Source, ...]:
        """The sources under that inner folder, in order."""
        return tuple(source for source in self.sources if source.name.startswith(prefix.rstrip("/") + "/"))


def open_tree(path: Path) -> Tree:
    """Lists a folder or zip. Hidden files, links out of the folder and Mac resource forks are left out.

    Raises ``SourceError`` for a damaged zip, one with a password, or one that would unpack to more than
    ``MAX_ZIP_BYTES`` or ``MAX_ZIP_RATIO`` times its size (a zip bomb).
    """
    if path.is_dir():
        return Tree(path.name, tuple(_folder_sources(path)))
    return Tree(path.stem, tuple(_zip_sources(path)))


def open_file(path: Path, sheet: str = "") -> Source:
    """One plain file; of a workbook the sheet of that name. Raises ``SourceError`` where it is missing, not a file or not readable."""
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise SourceError(f"{path.name}: {error.strerror}") from error
    return Source(name=path.name, path=path, size=path.stat().st_size, sheet=sheet)


def _folder_sources(folder: Path) -> Iterator[Source]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).as_posix()
        if _is_hidden(inner) or not path.is_file() or not path.resolve().is_relative_to(root):
            continue
        yield Source(name=inner, path=path, size=path.stat().st_size)


def _zip_sources(path: Path) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda member: member.filename)
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceError(f"{path.name}: {error}") from error
    _refuse_bombs(path, members)
    for member in members:
        if not member.is_dir() and not _is_hidden(_inside(member.filename)):
            yield Source(name=_inside(_shown_name(member)), path=path, member=member.filename, size=member.file_size)


def _inside(name: str) -> str:
    """The member's name without steps out of the zip; nothing is ever written there, so its content is as good as any."""
    return "/".join(part for part in name.split("/") if part not in {"", ".", ".."})


def _shown_name(member: zipfile.ZipInfo) -> str:
    """The name as whoever packed it saw it: Chinese Windows writes GB18030 and does not say so; some tools write UTF-8."""
    if member.flag_bits & UTF8_NAMES or member.filename.isascii():
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return member.filename.encode("cp437").decode(encoding)
    return member.filename


def _refuse_bombs(path: Path, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_ZIP_BYTES or unpacked > MAX_ZIP_RATIO * max(path.stat().st_size, 2**20):
        raise SourceError(f"{path.name}: would unpack to {unpacked / 2**30:.1f} GiB, refused")
    if any(member.flag_bits & 0x1 for member in members):
        raise SourceError(f"{path.name}: needs a password; unpack it first")


def _is_hidden(inner: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in inner.split("/"))

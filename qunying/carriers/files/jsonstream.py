"""Reads JSON exports of any size in constant memory, and reads on behind a damaged place.

A file is cut wherever one object follows another, so that at most one element of an array ends in a piece: when the
parser refuses a piece, the damage lies inside the element being read, and everything before it was already handed out.
That element is tried again by the more tolerant standard parser (it accepts ``NaN``, raw control characters and
enormous numbers); if it is really broken, reading goes on at the next object that looks like its neighbours.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import ijson
from ijson.backends import yajl2_c
from ijson.common import ObjectBuilder

from .encodings import UNREADABLE
from .jsonrepair import MAX_ELEMENT, MAX_NESTING, TOLERANT, Damage, Pieces, nesting, opening, repair
from .records import Skipped
from .sources import Source

CHUNK_CHARACTERS = 64 * 1024
SAMPLE_CHARACTERS = 120
SUSPICIOUS_BRACKETS = 1000
LONGEST_ESCAPE = 64

_HALF = re.compile(r"(?<!\\)((?:\\\\)*)\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])")
_UNFINISHED_ESCAPE = re.compile(r"\\+(?:u(?:[dD](?:[89abAB](?:[0-9a-fA-F](?:[0-9a-fA-F](?:\\(?:u[dD]?)?)?)?)?)?)?)?$")

_REFUSED = (ijson.JSONError, ValueError)


class Found(NamedTuple):
    """A value of the file; ``place`` is its ordinal in its array, or its line, from 1, unreadable ones included."""

    value: object
    place: int


def read_items(source: Source, path: str, *, is_repaired: bool = True) -> Iterator[Found | Skipped]:
    """The elements of one array, in the order of the file; never raises on content.

    The path is written as ijson writes it: ``messages.item``, or ``item`` for a file that is one array. A broken element
    becomes ``Skipped("bad_record")``; a file that ends too early, or has nothing readable behind a broken place, ends
    with ``Skipped("cut_off")``. Without ``is_repaired`` the first broken place is the end: for files with many arrays of
    the same name, where nobody could tell which one an element behind it belongs to.
    """
    feed = _Feed(source)
    place, keys, start = 0, frozenset[str](), ""
    while True:
        feed.restart(start)
        try:
            for value in yajl2_c.items(feed, path, use_float=True):
                place += 1
                feed.forget()
                if isinstance(value, dict):
                    keys = frozenset(value)
                yield Found(value, place)
            return
        except _REFUSED:
            damaged = Damage(feed.pending_text(), path if is_repaired else "", place > 0, keys)
            repaired = repair(damaged, feed.pieces)
        place += 1
        if repaired.is_readable:
            yield Found(repaired.value, place)
        else:
            reason = "cut_off" if repaired.rest is None else "bad_record"
            yield Skipped(reason=reason, place=place, sample=repaired.sample.strip()[:SAMPLE_CHARACTERS])
        if repaired.rest is None:
            return
        feed.pieces.push_back(repaired.rest)
        start = opening(path)


def read_events(source: Source) -> Iterator[tuple[str, str, object]]:
    """The file as ijson's ``(path, event, value)``; ends at the first broken place, without a word."""
    feed = _Feed(source)
    try:
        for event in yajl2_c.parse(feed, use_float=True):
            feed.forget()
            yield event
    except _REFUSED:
        return


def read_header(source: Source, *paths: str) -> dict[str, object]:
    """The first value at each of those paths, wherever in the file they stand; a path that is nowhere is left out.

    Stops reading as soon as all are known: cheap where they precede the messages, one quick pass where they follow.
    """
    header: dict[str, object] = {}
    builder: ObjectBuilder | None = None
    for path, event, value in read_events(source):
        if path not in paths and builder is None:
            continue
        if builder is None and event in {"start_map", "start_array"} and path not in header:
            builder = ObjectBuilder()
        if builder is not None:
            builder.event(event, value)
            if path not in paths or event not in {"end_map", "end_array"}:
                continue
            value, builder = builder.value, None
        elif event in {"map_key", "start_map", "start_array", "end_map", "end_array"}:
            continue
        header.setdefault(path, value)
        if len(header) == len(paths):
            break
    return header


def read_json_lines(source: Source) -> Iterator[Found | Skipped]:
    """The value of every non-empty line, ``place`` being the line number; lines starting with ``#`` are remarks.

    A broken line becomes ``Skipped("bad_record")``, a broken last one ``Skipped("cut_off")``.
    """
    broken: Skipped | None = None
    for number, line in numbered_lines(source):
        if not line.strip("\x00 \t") or line.startswith("#"):
            continue
        if broken is not None:
            yield broken
            broken = None
        try:
            yield Found(_decode_line(line), number)
        except (ValueError, RecursionError):
            broken = Skipped(reason="bad_record", place=number, sample=line.strip()[:SAMPLE_CHARACTERS])
    if broken is not None:
        yield Skipped(reason="cut_off", place=broken.place, sample=broken.sample)


def _decode_line(line: str) -> object:
    """The value of a line: the quick way where it begins with it and ends with it, which nearly all lines do."""
    if line.startswith("{"):
        value, end = TOLERANT.raw_decode(line)
        if end == len(line):
            return value
    return TOLERANT.decode(line)


def text_chunks(source: Source) -> Iterator[str]:
    """The decoded characters of a file, without a byte order mark; undecodable bytes become U+FFFD.

    So do escapes of half a character (``\\ud83d`` without its other half): the parser would take the next sign for it. Ends
    early where the file cannot be read on (a damaged zip member, a disk error).
    """
    held = ""
    is_start = True
    try:
        with source.open() as stream:
            text = io.TextIOWrapper(stream, encoding=source.encoding, errors="replace", newline="")
            while chunk := text.read(CHUNK_CHARACTERS):
                chunk = held + (chunk.lstrip("\ufeff") if is_start else chunk)
                is_start = False
                unfinished = _UNFINISHED_ESCAPE.search(chunk, max(0, len(chunk) - LONGEST_ESCAPE))
                held = unfinished[0] if unfinished else ""
                if whole := chunk[: len(chunk) - len(held)]:
                    yield _without_halves(whole)
    except UNREADABLE:
        pass
    if held:
        yield _without_halves(held)


def _without_halves(text: str) -> str:
    return _HALF.sub(r"\1\\ufffd", text) if "\\ud" in text or "\\uD" in text else text


def numbered_lines(source: Source) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, from 1; the last one says why where the file cannot be read on."""
    number = 0
    try:
        for line in source.lines():
            number += 1
            yield number, line
    except UNREADABLE as error:
        yield number + 1, f"not readable: {error}"


@dataclass(slots=True, init=False)
class _Feed:
    """The file as the parser wants it, remembering what it was given since the last element."""

    pieces: Pieces
    _pending: list[str]
    _pending_size: int
    _start: str
    _brackets: int
    _brackets_allowed: int

    def __init__(self, source: Source) -> None:
        self.pieces = Pieces(text_chunks(source))
        self._pending = []
        self.restart("")

    def restart(self, start: str) -> None:
        """The next parser is first given these characters."""
        self._start = start
        self.forget()

    def forget(self) -> None:
        """An element was read: what came before is no longer needed."""
        self._pending.clear()
        self._pending_size = 0
        self._brackets = 0
        self._brackets_allowed = SUSPICIOUS_BRACKETS

    def pending_text(self) -> str:
        """What was given to the parser since the last element, at most ``MAX_ELEMENT`` characters of it."""
        return "".join(self._pending)

    def read(self, size: int) -> bytes:
        """The next piece. ijson asks for nothing first, to learn that these are bytes. Raises ValueError when too deep."""
        if size == 0:
            return b""
        if self._start:
            start, self._start = self._start, ""
            return start.encode()
        piece = self.pieces.next()
        if piece is None:
            return b""
        self._remember(piece)
        return piece.encode("utf-8", "replace")

    def _remember(self, piece: str) -> None:
        self._pending.append(piece)
        self._pending_size += len(piece)
        if self._pending_size > MAX_ELEMENT:
            self._pending = self._pending[len(self._pending) // 2 + 1 :]
            self._pending_size = sum(map(len, self._pending))
        self._brackets += piece.count("[") + piece.count("{")
        if self._brackets > self._brackets_allowed:
            self._refuse_depth()

    def _refuse_depth(self) -> None:
        """Depth costs the parser memory with its square, so it is measured where there are brackets enough for it."""
        self._brackets_allowed = 2 * self._brackets
        if nesting(self.pending_text()) > MAX_NESTING:
            raise ValueError("nested too deep")

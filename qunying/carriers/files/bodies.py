"""Messages that run over several lines: a header line opens one, the lines below belong to it until the next header."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from .records import Skipped

MAX_TEXT = 100_000  # characters; as many as are kept of a text
SAMPLE_LENGTH = 120


@dataclass(slots=True)
class Block:
    """One header and the lines below it. ``rest`` is what the header line says after the time."""

    place: int
    at: datetime
    rest: str
    below: list[str] | None = None
    room: int = MAX_TEXT
    is_cut: bool = False

    def add(self, line: str) -> None:
        """Takes one more line, or what of it still fits into ``MAX_TEXT`` characters."""
        if self.below is None:
            self.below = []
        if len(line) >= self.room:
            self.is_cut = True
            line = line[: self.room]
        if self.room > 0:
            self.below.append(line)
        self.room -= len(line) + 1

    def text(self, first: str) -> str:
        """The whole text, beginning with ``first``, without empty lines at its end."""
        if self.below is not None:
            first = "\n".join([first, *self.below]).rstrip("\n")
        if len(first) > MAX_TEXT:
            self.is_cut = True
            return first[:MAX_TEXT]
        return first


ReadHeader = Callable[[str], "tuple[datetime | None, str] | None"]


def skip(reason: str, place: int, line: str) -> Skipped:
    """A ``Skipped`` with a sample short enough to show."""
    return Skipped(reason=reason, place=place, sample=line[:SAMPLE_LENGTH])


def split_blocks(lines: Iterable[str], read_header: ReadHeader) -> Iterator[Block | Skipped]:
    """Cuts lines into blocks, in constant memory.

    ``read_header`` answers None for a line that is no header, else its time and the rest of it; a header whose time is
    None is skipped as ``bad_time``, and lines without a readable header above them as ``bad_record``.
    """
    block: Block | None = None
    for place, line in enumerate(lines, 1):
        header = read_header(line)
        if header is None:
            if block is not None:
                block.add(line)
            elif line.strip():
                yield skip("bad_record", place, line)
            continue
        if block is not None:
            yield block
        at, rest = header
        block = None if at is None else Block(place, at, rest)
        if at is None:
            yield skip("bad_time", place, line)
    if block is not None:
        yield block


def damage(block: Block, text: str) -> tuple[Skipped, ...]:
    """What has to be said about a text that was kept, but not whole: cut for its length, or with broken characters."""
    if not block.is_cut and "\ufffd" not in text:
        return ()
    cut = (skip("too_long", block.place, text),) if block.is_cut else ()
    return (*cut, skip("bad_text", block.place, text)) if "\ufffd" in text else cut

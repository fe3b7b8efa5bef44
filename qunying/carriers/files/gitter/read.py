"""Reads a Gitter room: a header line opens a message, the lines below belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from ..bodies import damage, split_blocks
from ..dates import read_date, read_moment
from ..formats import Choices
from ..records import ChatStarts, PastMessage, PersonRef, Record, Skipped
from ..sources import Source

_HEADER = re.compile(r"(?:\d+ )?\[(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)\] (<[^<>\s]{1,64}> ?.*)", re.DOTALL)
_REST = re.compile(r"<([^>]*)> ?(.*)", re.DOTALL)
_MENTION = re.compile(r"(?<!\S)@([A-Za-z0-9][A-Za-z0-9_-]{0,38})")
_FIRST_LINES = 200
_RULER = 20


def detect(head: str) -> int:
    """90 where the first line is a message in Gitter's manner, else 0."""
    lines = [line.lstrip("\ufeff") for line in head.splitlines()[:_FIRST_LINES] if line.strip()]
    return 90 if any(_HEADER.match(line) for line in lines[:1]) else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """The records of one room; times are naive, as written. Threads cut apart by hand are read as one stream."""
    yield ChatStarts(name=choices.chat_name, platform="gitter")
    for block in split_blocks(("" if _is_ruler(line) else line for line in source.lines()), _read_header):
        if isinstance(block, Skipped):
            yield block
            continue
        match = _REST.match(block.rest)
        nick, first = (match[1], match[2]) if match else ("", block.rest)
        text = block.text(first)
        yield PastMessage(
            at=block.at,
            sender=_person(nick),
            text=text,
            place=block.place,
            mentions=_mentions(text) if "@" in text else (),
        )
        yield from damage(block, text)


def _is_ruler(line: str) -> bool:
    return len(line) >= _RULER and not line.strip("-")


def _read_header(line: str) -> tuple[datetime | None, str] | None:
    match = _HEADER.match(line)
    if match is None:
        return None
    year, month, day, hour, minute, second, rest = match.groups()
    return read_moment(read_date(year, month, day, "ymd"), hour, minute, second, ""), rest


def _mentions(text: str) -> tuple[PersonRef, ...]:
    return tuple(_person(name) for name in dict.fromkeys(_MENTION.findall(text)))


@lru_cache(maxsize=8192)
def _person(nick: str) -> PersonRef:
    """A nick is the account, there is no other of that name; a closed one is written as ``ghost~`` and the id it had."""
    name, tilde, ref = nick.partition("~")
    return PersonRef(nick, ref=ref if tilde and name == "ghost" and ref else nick)

"""Reads a Signal conversation: a header line opens a message, the lines below belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from ..bodies import Block, damage, split_blocks
from ..dates import read_date, read_moment
from ..formats import Choices
from ..records import ChatStarts, PastMessage, PastNotice, PersonRef, Record, Skipped
from ..sources import Source

_HEADER = re.compile(r"\[(\d{4})-(\d\d)-(\d\d), (\d\d):(\d\d)\] (.*)", re.DOTALL)
_FIRST_LINES = 200


def detect(head: str) -> int:
    """80 where every bracketed date is in Signal's manner and people speak, else 0."""
    lines = [line.lstrip("\ufeff") for line in head.splitlines()[:_FIRST_LINES]]
    bracketed = [line for line in lines if line.startswith("[") and line[1:2].isdigit()]
    headers = [line for line in bracketed if _HEADER.match(line)]
    if not headers or len(headers) < len(bracketed) or not any(": " in line for line in headers):
        return 0
    return 80


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """The records of one conversation; times are naive local time. The file does not say what the chat is called."""
    yield ChatStarts(name=choices.chat_name, platform="signal")
    for block in split_blocks(source.lines(), _read_header):
        if isinstance(block, Skipped):
            yield block
            continue
        record = _record(block)
        yield record
        yield from damage(block, record.text)


def _read_header(line: str) -> tuple[datetime | None, str] | None:
    match = _HEADER.match(line)
    if match is None:
        return None
    year, month, day, hour, minute, rest = match.groups()
    return read_moment(read_date(year, month, day, "ymd"), hour, minute, None, ""), rest


def _record(block: Block) -> PastMessage | PastNotice:
    name, colon, text = block.rest.partition(":")
    if not colon or not name.strip() or text[:1] not in ("", " "):
        return PastNotice(at=block.at, text=block.text(block.rest), place=block.place)
    return PastMessage(at=block.at, sender=_person(name), text=block.text(text[1:]), place=block.place)


@lru_cache(maxsize=8192)
def _person(name: str) -> PersonRef:
    return PersonRef(name.strip())

"""chatlog's CSV: ``Time,SenderName,Sender,TalkerName,Talker,Content``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime

from ..formats import Choices
from ..jsonvalues import skip, unix_time, written_time
from ..records import ChatStarts, PastMessage, PersonRef, Record, Skipped
from ..sources import Source
from ..system_lines import tell_system_line
from .marks import SYSTEM_SENDER, read_body

COLUMNS = ("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content")


def is_table(head: str) -> bool:
    """Whether the first line is chatlog's header row."""
    first = head.lstrip("\ufeff").split("\n", 1)[0].strip().replace('"', "").lower()
    return first == ",".join(COLUMNS).lower()


def read_table(source: Source, choices: Choices) -> Iterator[Record]:
    """The rows; ``place`` is the line a row ends on. A row of another width is ``bad_record``."""
    rows = csv.reader(line + "\n" for line in source.lines())
    talker: str | None = None
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "too_long" if "limit" in str(error) else "bad_record"
            yield Skipped(reason=reason, place=rows.line_num, sample=str(error))
            continue
        if rows.line_num == 1 or not any(row):
            continue
        if len(row) != len(COLUMNS):
            yield skip("bad_record", rows.line_num, row)
            continue
        if row[4] != talker:
            talker = row[4]
            yield _chat(talker, row[3], choices)
        yield _record(row, rows.line_num)


def _chat(talker: str, name: str, choices: Choices) -> ChatStarts:
    is_private = bool(talker) and not talker.endswith("@chatroom")
    return ChatStarts(name=name or choices.chat_name, ref=talker, platform="wechat", is_private=is_private)


def _record(row: list[str], place: int) -> Record:
    written, name, ref, _, _, content = row
    at = written_time(written) or unix_time(written)
    return tell_row(at, PersonRef(name or ref, ref or None), content.rstrip("\n"), place, row)


def tell_row(at: datetime | None, sender: PersonRef, content: str, place: int, row: object) -> Record:
    """The record of one message in text or CSV; without a time it is ``bad_time``."""
    if at is None:
        return skip("bad_time", place, row)
    if SYSTEM_SENDER in {sender.ref, sender.name}:
        return tell_system_line(content, at=at, place=place)
    body = read_body(content)
    return PastMessage(
        at=at,
        sender=sender if sender.name or sender.ref else None,
        text=body.text,
        place=place,
        kind=body.kind,
        quote=body.quote,
        media=body.media,
    )

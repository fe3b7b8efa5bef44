"""chatlog's CSV: ``Time,SenderName,Sender,TalkerName,Talker,Content``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime

from ..encodings import UNREADABLE
from ..formats import Choices
from ..jsonvalues import skip, unix_time, written_time
from ..records import PastMessage, PersonRef, Record, Skipped
from ..sources import Source
from ..system_lines import tell_system_line
from ..talks import Talk
from ..wechat_words import named_mentions
from .marks import SYSTEM_SENDER, read_body

ROOM = "@chatroom"
WECHAT = "wechat"
COLUMNS = ("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content")


def is_table(head: str) -> bool:
    """Whether the first line is chatlog's header row."""
    first = head.lstrip("\ufeff").split("\n", 1)[0].strip().replace('"', "").lower()
    return first == ",".join(COLUMNS).lower()


def read_table(source: Source, choices: Choices) -> Iterator[Record]:
    """The rows; ``place`` is the line a row ends on. A row of another width is ``bad_record``."""
    talk = Talk(choices, lambda: _talkers(source), platform=WECHAT)
    for place, row in _rows(source):
        if isinstance(row, Skipped):
            yield row
        elif len(row) != len(COLUMNS):
            yield skip("bad_record", place, row)
        else:
            is_private = bool(row[4]) and not row[4].endswith(ROOM)
            yield from talk.enter(row[4], row[3], is_private=is_private)
            yield _record(row, place)


def _rows(source: Source) -> Iterator[tuple[int, list[str] | Skipped]]:
    """The rows below the header with the line each ends on; empty ones left out."""
    rows = csv.reader(line + "\n" for line in source.lines())
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "too_long" if "limit" in str(error) else "bad_record"
            yield rows.line_num, Skipped(reason=reason, place=rows.line_num, sample=str(error))
            continue
        except UNREADABLE as error:
            yield rows.line_num + 1, Skipped(reason="cut_off", place=rows.line_num + 1, sample=str(error)[:120])
            return
        if rows.line_num > 1 and any(row):
            yield rows.line_num, row


def _talkers(source: Source) -> Iterator[str]:
    return (row[4] for _, row in _rows(source) if isinstance(row, list) and len(row) == len(COLUMNS))


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
        mentions=named_mentions(body.text),
        quote=body.quote,
        media=body.media,
    )

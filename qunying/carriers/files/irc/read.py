"""Reads IRC logs line by line: every line is a message, a coming or going, a notice, or skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from ..bodies import MAX_TEXT, skip
from ..dates import read_date, read_moment
from ..formats import Choices
from ..records import ChatStarts, PastJoin, PastLeave, PastMessage, PastNotice, Record
from ..sources import Source
from .clock import Clock, clock_for, read_log_mark
from .lines import SAID, TABBED, TIMED, Event, person, read_event, read_starred

HEAD_LINES = 5_000
_CHANNEL = re.compile(r"(?:joined|left|Topic for|Users|quit) (#[^\s:\],]+)|^=== (#[^\s:\],]+)")
_CHANNEL_IN_NAME = re.compile(r"#[^\s/]+?(?=[._-]\d{4}|\.\w+$|/|$)")
_ARROWS = {"-->": "join", "<--": "leave", "--": "notice"}
_FIRST_HEAD_LINES = 200


def detect(head: str) -> int:
    """How much of the head is IRC: the share of lines in the manner of one of the clients."""
    lines = [line for line in head.splitlines()[:_FIRST_HEAD_LINES] if line.strip()]
    if not lines:
        return 0
    said = sum(1 for line in lines if SAID.match(line) or _is_weechat(line))
    other = sum(1 for line in lines if line.startswith(("=== ", "--- ")) or _is_starred(line))
    if said + other < 0.7 * len(lines) or not (said or other == len(lines)):
        return 0
    return 90


def _is_weechat(line: str) -> bool:
    return TABBED.match(line) is not None


def _is_starred(line: str) -> bool:
    match = TIMED.match(line)
    return match is not None and match[4].lstrip().startswith(("* ", "*** ", "-!- "))


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """The records of one log; times are naive, as the client wrote them. Without any date every line is ``bad_time``.

    Where a log gives no time for a line (``=== nick has joined``), the line before tells it.
    """
    head = list(islice(source.lines(), HEAD_LINES))
    clock = clock_for(source, head)
    yield ChatStarts(name=choices.chat_name or _channel_name(source, head), platform="irc")
    for place, line in enumerate(source.lines(), 1):
        said = SAID.match(line)
        if said is None:
            record = _other(clock, place, line)
            if record is not None:
                yield record
            continue
        hour, minute, second, nick, text = said.groups()
        at = clock.tell(hour, minute, second)
        if at is None:
            yield skip("bad_time", place, line)
            continue
        yield PastMessage(at=at, sender=person(nick), text=text[:MAX_TEXT], place=place)
        if "\ufffd" in text or len(text) > MAX_TEXT:
            yield skip("bad_text" if "\ufffd" in text else "too_long", place, line)


def _channel_name(source: Source, head: list[str]) -> str:
    named = _CHANNEL_IN_NAME.search(source.name) or _CHANNEL_IN_NAME.search(source.path.parent.name)
    if named is not None:
        return named[0]
    match = next((match for line in head if (match := _CHANNEL.search(line))), None)
    return "" if match is None else match[1] or match[2]


def _other(clock: Clock, place: int, line: str) -> Record | None:
    """A line that nobody said, or WeeChat's; None for empty ones and for the log's own marks."""
    if not line.strip():
        return None
    if line.startswith("--- "):
        return _mark(clock, place, line)
    tabbed = TABBED.match(line)
    if tabbed is not None:
        year, month, day, hour, minute, second, prefix, text = tabbed.groups()
        at = read_moment(read_date(year, month, day, "ymd"), hour, minute, second, "")
        return skip("bad_time", place, line) if at is None else _tabbed(at, place, prefix, text)
    timed = TIMED.match(line)
    if timed is not None:
        at = clock.tell(timed[1], timed[2], timed[3])
        return skip("bad_time", place, line) if at is None else _record(at, place, read_event(timed[4]))
    if not line.startswith(("=== ", "*** ")):
        return skip("bad_record", place, line)
    return skip("bad_time", place, line) if clock.now is None else _record(clock.now, place, read_event(line))


def _mark(clock: Clock, place: int, line: str) -> Record | None:
    day = read_log_mark(line)
    if day is None:
        return skip("bad_time", place, line)
    clock.set_day(day)
    return None


def _tabbed(at: datetime, place: int, prefix: str, text: str) -> Record:
    nick = prefix.strip()
    if nick == "*":
        who, _, words = text.partition(" ")
        return _record(at, place, Event("action", who, text=words))
    if nick in _ARROWS or not nick:
        return _record(at, place, read_starred(text))
    return PastMessage(at=at, sender=person(nick), text=text[:MAX_TEXT], place=place)


def _record(at: datetime, place: int, event: Event) -> Record:
    if event.kind == "action":
        return PastMessage(at=at, sender=person(event.who), text=event.text[:MAX_TEXT], place=place)
    if event.kind == "join":
        return PastJoin(at=at, people=(person(event.who),), place=place)
    if event.kind == "leave":
        operator = person(event.by) if event.by else None
        return PastLeave(at=at, people=(person(event.who),), place=place, operator=operator)
    by = person(event.who) if event.who else None
    return PastNotice(at=at, text=event.text[:MAX_TEXT], place=place, by=by)

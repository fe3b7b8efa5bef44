"""Older talk of a group: page by page back, one day, or what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from qunying.console.choices import changed
from qunying.console.group.items import Item
from qunying.console.group.stream import FACTS, TOLD, look_up, tell
from qunying.journal.queries import list_group_facts
from qunying.talk.lines import (
    Line,
    count_lines,
    count_lines_before,
    find_line,
    find_lines,
    list_lines,
    list_lines_forward,
)
from qunying.talk.queries import span_of_talk
from qunying.ui.pages import Pages, kept_query, read_page

AT_ONCE = 60
FOUND_AT_ONCE = 40
DAY_AT_ONCE = 120
WORDS_AT_MOST = 80
# no time zone may push these over the calendar's edge
EARLIEST, LATEST = date(1, 1, 3), date(9999, 12, 28)


@dataclass(frozen=True, slots=True)
class Talk:
    """A stretch of talk. ``older`` and ``newer`` lead on; ``error`` says what was wrong with the day asked for."""

    items: tuple[Item, ...]
    words: str = ""
    day: str = ""
    error: str = ""
    older: str = ""
    newer: str = ""
    pages: Pages | None = None
    first_day: date | None = None
    last_day: date | None = None


def read_talk(group_id: int, query: QueryDict, now: datetime) -> Talk:
    """The talk an address asks for: found by ``q``, said on ``day``, or the latest, going back by ``before``.

    Of a long day it is the ``page``, or the one on which ``message`` stands.
    """
    words = query.get("q", "").strip()[:WORDS_AT_MOST]
    asked = query.get("day", "").strip()
    span = span_of_talk([group_id])
    ends = (timezone.localtime(span[0]).date(), timezone.localtime(span[1]).date()) if span else (None, None)
    day = read_day(asked)
    if words:
        return _found(group_id, words, query, now, ends)
    if day is not None:
        return _day(group_id, day, query, now, ends)
    error = _("看不懂这个日期，写成 2026-11-21 这样。") if asked else ""
    lines = list_lines(group_id, limit=AT_ONCE + 1, before=_number(query.get("before")))
    items = _told(group_id, lines[:AT_ONCE][::-1], now)
    older = changed({}, before=str(lines[AT_ONCE - 1].id)) if len(lines) > AT_ONCE else ""
    return Talk(items, "", asked, error, older, "?" if query.get("before") else "", None, *ends)


def read_day(text: str) -> date | None:
    """A day as browsers send it; None for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _found(group_id: int, words: str, query: QueryDict, now: datetime, ends: tuple[date | None, date | None]) -> Talk:
    lines = find_lines(group_id, words, limit=FOUND_AT_ONCE + 1, before=_number(query.get("before")))
    shown = lines[:FOUND_AT_ONCE][::-1]
    items = tuple(tell(look_up(group_id, shown, []), now, words=words))
    older = changed({"q": words}, before=str(lines[FOUND_AT_ONCE - 1].id)) if len(lines) > FOUND_AT_ONCE else ""
    newer = changed({"q": words}) if query.get("before") else ""
    return Talk(items, words, "", "", older, newer, None, *ends)


def _day(group_id: int, day: date, query: QueryDict, now: datetime, ends: tuple[date | None, date | None]) -> Talk:
    since, until = bounds_of(day)
    total = count_lines(group_id, since=since, until=until)
    asked = query.get("page") or _page_with(group_id, _number(query.get("message")), since)
    page = read_page(asked, -(-total // DAY_AT_ONCE))
    start = (page - 1) * DAY_AT_ONCE
    lines = list_lines_forward(group_id, since=since, until=until, start=start, limit=DAY_AT_ONCE)
    first, last = ends
    return Talk(
        items=_told(group_id, lines, now, None if total > DAY_AT_ONCE else (since, until)),
        day=day.isoformat(),
        older=changed({}, day=(day - timedelta(days=1)).isoformat()) if first and first < day else "",
        newer=changed({}, day=(day + timedelta(days=1)).isoformat()) if last and day < last else "",
        pages=Pages(
            page, DAY_AT_ONCE, total, npgettext("unit", "条", "条", total), kept_query({"day": day.isoformat()})
        ),
        first_day=first,
        last_day=last,
    )


def _page_with(group_id: int, message_id: int | None, since: datetime) -> str:
    """The page of a day on which a message stands that an address leads to."""
    line = find_line(group_id, message_id) if message_id else None
    return str(count_lines_before(group_id, line, since=since) // DAY_AT_ONCE + 1) if line else ""


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """When a day begins and ends in the active time zone; days at the very ends of the calendar stand for their neighbours."""
    zone = timezone.get_current_timezone()
    within = min(max(day, EARLIEST), LATEST)
    return datetime.combine(within, time(), zone), datetime.combine(within + timedelta(days=1), time(), zone)


def _told(
    group_id: int, lines: Sequence[Line], now: datetime, span: tuple[datetime, datetime] | None = None
) -> tuple[Item, ...]:
    """The lines with the moves and decisions between them, oldest first."""
    if span is None and not lines:
        return ()
    since, until = span or (lines[0].at, lines[-1].at + timedelta(seconds=1))
    facts = list_group_facts(group_id, TOLD, since=since, until=until, limit=FACTS)
    return tuple(tell(look_up(group_id, lines, facts), now))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 19 else None

"""chatlog's plain text: ``名字(wxid) [群(id)] 01-02 15:04:05``, then the words, then an empty line.

The year is left out when everything is of one year, the day when everything is of one day. They are taken from the file's
name where it says them; otherwise the year is the latest in which the file could have been written, and that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ..explanations import GUESSED_YEAR
from ..formats import Choices
from ..jsonstream import numbered_lines
from ..records import PersonRef, Record, Skipped
from ..sources import Source
from ..talks import Talk
from .tables import ROOM, WECHAT, tell_row

_HEADER = re.compile(
    r"(?!> )(?:(?P<name>\S.{0,200}?)\((?P<ref>[^()\s]{1,80})\)|(?P<only>[^\s()]{1,80}))"
    r" (?:\[(?:(?P<talk>.{1,200})\((?P<talker>[^()\s]{1,80})\)|(?P<only_talker>[^\[\]\s]{1,80}))\] )?"
    r"(?:(?:(?P<year>\d{4})-)?(?P<month>\d\d)-(?P<day>\d\d) )?(?P<clock>\d\d:\d\d:\d\d)"
)
ME = "我"  # written in the place of the exporter's id

_DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.年]?(\d\d)[-_.月]?(\d\d)(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(slots=True)
class _Draft:
    """A message whose words are still being collected."""

    header: re.Match[str]
    place: int
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What the headers leave out."""

    day: date | None
    latest: date | None
    is_year_told: bool


def looks_like_text(head: str) -> bool:
    """Whether the file begins with a header and has another one behind it."""
    lines = head.lstrip("\ufeff\r\n").splitlines()[:400]
    if not lines or not _HEADER.fullmatch(lines[0]):
        return False
    headers = sum(1 for line in lines if _is_sure(_HEADER.fullmatch(line)))
    return headers >= 2


def read_text(source: Source, choices: Choices) -> Iterator[Record]:
    """The messages in order. Lines before the first header are ``bad_record``."""
    calendar = _calendar(source)
    draft: _Draft | None = None
    talk = Talk(choices, lambda: _talkers(source), platform=WECHAT)
    is_year_guessed = False
    for number, line in numbered_lines(source):
        header = _HEADER.fullmatch(line)
        if header is None:
            if draft is not None:
                draft.lines.append(line)
            elif line.strip():
                yield Skipped(reason="bad_record", place=number, sample=line[:120])
            continue
        if draft is not None:
            yield _record(draft, calendar)
        draft = _Draft(header, number)
        if header["month"] and not header["year"] and not calendar.is_year_told and not is_year_guessed:
            is_year_guessed = True
            yield Skipped(reason="bad_time", place=number, sample=GUESSED_YEAR % {"line": line[:80]})
        talker = _talker(header)
        is_private = bool(talker) and not talker.endswith(ROOM)
        yield from talk.enter(talker, header["talk"] or "", is_private=is_private)
    if draft is not None:
        yield _record(draft, calendar)


def _is_sure(header: re.Match[str] | None) -> bool:
    """A bare word with only a clock behind it could be anything."""
    return header is not None and (header["ref"] is not None or header["month"] is not None)


def _talker(header: re.Match[str]) -> str:
    return header["talker"] or header["only_talker"] or ""


def _talkers(source: Source) -> Iterator[str]:
    headers = (_HEADER.fullmatch(line) for _, line in numbered_lines(source))
    return (_talker(header) for header in headers if header)


def _record(draft: _Draft, calendar: _Calendar) -> Record:
    header = draft.header
    while draft.lines and not draft.lines[-1].strip():
        draft.lines.pop()
    name = header["name"] or header["only"] or ""
    ref = header["ref"] or header["only"]
    if ref == ME:
        ref = None
    return tell_row(_time(header, calendar), PersonRef(name, ref), "\n".join(draft.lines), draft.place, header[0])


def _time(header: re.Match[str], calendar: _Calendar) -> datetime | None:
    try:
        day = _day(header, calendar)
        return datetime.fromisoformat(f"{day.isoformat()}T{header['clock']}") if day else None
    except ValueError:
        return None


def _day(header: re.Match[str], calendar: _Calendar) -> date | None:
    if header["month"] is None:
        return calendar.day
    month, day = int(header["month"]), int(header["day"])
    if header["year"]:
        return date(int(header["year"]), month, day)
    if calendar.latest is None:
        return None
    year = calendar.latest.year
    if not calendar.is_year_told and (month, day) > (calendar.latest.month, calendar.latest.day):
        year -= 1
    return date(year, month, day)


def _calendar(source: Source) -> _Calendar:
    """From the file's name; else from when the file was last written."""
    name = source.name.rsplit("/", 1)[-1]
    days = _DAY_IN_NAME.findall(name)
    years = set(_YEAR_IN_NAME.findall(name)) | {day[0] for day in days}
    day = None
    try:
        day = date(*map(int, days[0])) if len(days) == 1 else None
    except ValueError:
        years = set()
    if len(years) == 1:
        return _Calendar(day, date(int(years.pop()), 12, 31), is_year_told=True)
    try:
        return _Calendar(day, datetime.fromtimestamp(source.path.stat().st_mtime, UTC).date(), is_year_told=False)
    except (OSError, OverflowError, ValueError):
        return _Calendar(day, None, is_year_told=False)

"""When an IRC line was written: most logs give only the time of day, the date stands in the file's name or between."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from ..dates import read_date
from ..sources import Source

_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d\d)\2(\d\d)(?!\d)")
_LOG_MARK = re.compile(
    r"--- (Log opened|Log closed|Day changed) (?:\S+ )?(\w{3}|\d\d?月) +(\d\d?) (?:([\d:]+) )?(\d{4})"
)
_CLOCK_TIME = re.compile(r"\[?(\d\d):(\d\d)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SET_BACK = 6
"""A clock set back by less than a sixth of its round is a correction (summer time), not the next day."""


class Clock:
    """Turns times of day into moments. A time much earlier than the last one belongs to the next day.

    A twelve-hour clock without a.m. and p.m. goes round twice a day; the log then begins before noon, because nothing in
    it tells.
    """

    def __init__(self, day: datetime | None, *, is_twelve_hours: bool = False) -> None:
        self.now = day
        self._start = day
        self._last: tuple[str, str, str | None] | None = None
        self._round = timedelta(hours=12 if is_twelve_hours else 24)
        self._hours = 12 if is_twelve_hours else 24

    def set_day(self, day: datetime) -> None:
        """A new day is announced by the log; going on from there."""
        self.now = self._start = day
        self._last = None

    def tell(self, hour: str, minute: str, second: str | None) -> datetime | None:
        """The moment of a time of day; None where there is no such time, or the day is not known."""
        if self._start is None or self.now is None:
            return None
        if (hour, minute, second) == self._last:
            return self.now
        hours, minutes, seconds = int(hour), int(minute), int(second or 0)
        if hours > 23 or minutes > 59 or seconds > 60:
            return None
        at = self._start + timedelta(seconds=(hours % self._hours) * 3600 + minutes * 60 + min(seconds, 59))
        if self.now - at > self._round / _SET_BACK:
            self._start += self._round
            at += self._round
        self.now, self._last = at, (hour, minute, second)
        return at


def clock_for(source: Source, head: Iterable[str]) -> Clock:
    """A clock set by the file's name, and to the round its first lines show."""
    return Clock(_day_from_name(source), is_twelve_hours=_goes_round_twice(head))


def read_log_mark(line: str) -> datetime | None:
    """The moment of ``--- Log opened …`` and ``--- Day changed …``, None for other lines."""
    match = _LOG_MARK.match(line)
    if match is None:
        return None
    month = match[2].rstrip("月")
    number = str(_MONTHS.index(month) + 1) if month in _MONTHS else month
    day = read_date(match[5], number, match[3], "ymd") if number.isdigit() else None
    return _midnight(day)


def _day_from_name(source: Source) -> datetime | None:
    for match in reversed(list(_DATE_IN_NAME.finditer(source.name))):
        day = read_date(match[1], match[3], match[4], "ymd")
        if day is not None and 1988 <= day.year <= 2100:
            return _midnight(day)
    return None


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


def _goes_round_twice(head: Iterable[str]) -> bool:
    """12:59 followed by 01:00, and no hour that only a day of 24 hours has."""
    hours = [int(match[1]) for line in head if (match := _CLOCK_TIME.match(line))]
    if any(hour == 0 or hour > 12 for hour in hours):
        return False
    return any(before == 12 and after == 1 for before, after in pairwise(hours))

"""The beginning of a WhatsApp line: date and time as the phone's language writes them."""

from __future__ import annotations

import re
from datetime import datetime

from ..bodies import ReadHeader
from ..dates import DATE, TIME, OrderTally, is_half_day, read_date, read_moment
from ..sources import Source

MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"

_BRACKETS = re.compile(rf"\[{DATE}[,،]?\s*{TIME}\]\s?(.*)", re.DOTALL)
_DASH = re.compile(rf"{DATE}[,،]?\s*{TIME}(?:\s[-–—]\s|:\s)(.*)", re.DOTALL)
_JOINING_WORDS = frozenset(("à", "às", "as", "kl", "kl.", "um", "at", "alle", "a las", "в", "om"))
_NO_MARKS = dict.fromkeys(map(ord, MARKS))
_LONGEST_HEADER = 48


def match_header(line: str) -> re.Match[str] | None:
    """The parts of a header line (iOS with brackets, Android with a dash), None for any other line."""
    first = line[:1]
    if first == "[":
        match = _BRACKETS.match(line) or _match_unmarked(line)
    elif first.isdigit():
        match = _DASH.match(line) or _match_unmarked(line)
    elif first and first in MARKS:
        return match_header(line.lstrip(MARKS))
    else:
        return None
    if match is None or (match[4] is None and match[8] is None) or _are_known(match[4], match[8]):
        return match
    return None


def _are_known(before: str | None, after: str | None) -> bool:
    """Other words beside a time belong to a sentence somebody wrote."""
    return (not before or before in _JOINING_WORDS or is_half_day(before)) and (not after or is_half_day(after))


def _match_unmarked(line: str) -> re.Match[str] | None:
    """Right-to-left languages put direction marks between the numbers of a date."""
    head = line[:_LONGEST_HEADER]
    bare = head.translate(_NO_MARKS)
    if len(bare) == len(head):
        return None
    line = bare + line[_LONGEST_HEADER:]
    return _BRACKETS.match(line) or _DASH.match(line)


def header_reader(order: str) -> ReadHeader:
    """Reads header lines whose dates stand in ``order``: the time, and the rest of the line."""

    def read(line: str) -> tuple[datetime | None, str] | None:
        match = match_header(line)
        if match is None:
            return None
        first, second, third, before, hour, minute, seconds, after, rest = match.groups()
        day = read_date(first, second, third, order)
        return read_moment(day, hour, minute, seconds, before or after or ""), rest

    return read


def find_date_order(source: Source) -> tuple[str, bool]:
    """The order of day, month and year judged over the whole file, and whether the file proves it."""
    tally = OrderTally()
    for line in source.lines():
        match = match_header(line)
        if match is not None:
            tally.see((match[1], match[2], match[3]))
    return tally.verdict()

"""Dates as people's phones write them: which of three numbers is the day, and what half of the day is meant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

_MORNING = "am 上午 凌晨 清晨 早上 早晨 오전 午前 ص fm sa öö πμ"
_EVENING = "pm 下午 傍晚 晚上 夜晚 오후 午後 م em ch ös μμ"
_NIGHT = "半夜 深夜 午夜"
_HALVES = {
    **dict.fromkeys(_MORNING.split(), "morning"),
    **dict.fromkeys(_EVENING.split(), "evening"),
    **dict.fromkeys(_NIGHT.split(), "night"),
    "中午": "noon",
}

DATE = r"(\d{1,4})[./年-] ?(\d{1,2})[./月-] ?(\d{1,4})[.日]?"
_WORD = r"([^\W\d_][^\d\[\]:,]{0,9}?)"
TIME = rf"(?:{_WORD}\s?)?(\d{{1,2}})[:.](\d\d)(?:[:.](\d\d))?(?:\s?{_WORD})?"
"""Patterns with eight groups together: three numbers; a word before, hour, minute, second, a word after (``is_half_day``)."""

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_LOOSE = re.compile(rf"(?:\w+,? )?{DATE}(?:[,T，]?\s*(?:星期.|周.|週.|\(.\))?\s*{TIME})?\s*(Z|[+-]\d\d:?\d\d)?")
_NAMED = re.compile(
    rf"(?:\w+,? )?(?:([A-Za-z]{{3}})[a-z]*\.? (\d{{1,2}})|(\d{{1,2}})[. -]([A-Za-z]{{3}})[a-z]*\.?),?[ -](\d{{4}}),?"
    rf"(?: (?:at )?{TIME})?\s*(Z|GMT|UTC|[+-]\d\d:?\d\d)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)[T_ -]?(\d\d)(\d\d)(\d\d)")
_UNIX = re.compile(r"-?(?:\d{9,13}|\d{15,19})(?:\.\d+)?")


@lru_cache(maxsize=8192)
def read_date(first: str, second: str, third: str, order: str) -> date | None:
    """The day three numbers mean under ``order`` ("dmy", "mdy", "ymd"); None where there is no such day.

    A four-digit number in front is always the year. Two-digit years are 1970–2069.
    """
    if len(first) > 2 or (order == "ymd" and len(third) < 3):
        year, month, day = first, second, third
    elif order == "mdy":
        month, day, year = first, second, third
    else:
        day, month, year = first, second, third
    if len(year) not in (2, 4) or len(day) > 2:
        return None
    try:
        return date(_full_year(int(year)), int(month), int(day))
    except ValueError:
        return None


@lru_cache(maxsize=256)
def is_half_day(word: str) -> bool:
    """Whether a word beside a clock time says which half of the day is meant."""
    return re.sub(r"[.\s]", "", word).lower() in _HALVES


def _full_year(year: int) -> int:
    if year >= 100:
        return year
    return 2000 + year if year < 70 else 1900 + year


@lru_cache(maxsize=256)
def hour_of_day(hour: str, half: str) -> int:
    """The hour 0–23 (or a number above, for the caller to refuse) of a clock hour and its half-day word.

    ``half`` is "" on a 24-hour clock. An hour above 12 stays what it is, goes_together the word says.
    """
    number = int(hour)
    meaning = _HALVES.get(re.sub(r"[.\s]", "", half).lower(), "")
    if not meaning or number > 12:
        return number
    number %= 12
    if number == 0 and half == "晚上":
        return 0
    if meaning == "evening" or (meaning == "noon" and number < 10) or (meaning == "night" and number > 6):
        return number + 12
    return number


def read_moment(day: date | None, hour: str, minute: str, second: str | None, half: str) -> datetime | None:
    """The naive local time, or None where the clock shows something impossible."""
    if day is None:
        return None
    try:
        return datetime(  # noqa: DTZ001 -- the file does not know its zone, the import asks for it
            day.year, day.month, day.day, hour_of_day(hour, half) if half else int(hour), int(minute), int(second or 0)
        )
    except ValueError:
        return None


class OrderTally:
    """Collects every date of a file and says in which order its numbers stand.

    First evidence: a number that cannot be a month. Second: a log runs forwards, so the right order has the fewest
    steps back. A year in front with two digits is believed only where it fits better than both common orders.
    """

    def __init__(self) -> None:
        self._seen: tuple[str, str, str] | None = None
        self._year_first = 0
        self._impossible = {"dmy": 0, "mdy": 0, "ymd": 0}
        self._back = {"dmy": 0, "mdy": 0, "ymd": 0}
        self._last: dict[str, date] = {}
        self._days = 0

    def see(self, numbers: tuple[str, str, str]) -> None:
        """Takes in the three numbers of one date, in the order they are written."""
        if numbers == self._seen:
            return
        self._seen = numbers
        if len(numbers[0]) > 2:
            self._year_first += 1
            return
        self._days += 1
        for order in self._back:
            self._weigh(order, read_date(*numbers, order))

    def _weigh(self, order: str, day: date | None) -> None:
        if day is None:
            self._impossible[order] += 1
            return
        if day < self._last.get(order, date.min):
            self._back[order] += 1
        self._last[order] = day

    def verdict(self) -> tuple[str, bool]:
        """The order and whether the file proves it. ("", True) where no date was seen; undecided means ("dmy", False)."""
        if self._year_first >= self._days:
            return ("ymd" if self._year_first else ""), True
        best, other = sorted(("dmy", "mdy"), key=self._faults)
        if 3 * sum(self._faults("ymd")) < sum(self._faults(best)):
            return "ymd", True
        return best, self._is_clear(best, other)

    def _faults(self, order: str) -> tuple[int, int]:
        return self._impossible[order], self._back[order]

    def _is_clear(self, best: str, other: str) -> bool:
        """One stray date (a pasted line, a clock set wrong) must not outweigh many."""
        impossible, others = self._impossible[best], self._impossible[other]
        if impossible != others:
            return others >= 3 * impossible
        return self._back[other] > 0 and self._back[other] >= 3 * self._back[best]


def read_any_time(text: str, order: str = "dmy") -> datetime | None:
    """A moment written in one of the usual ways, None where it is none of them.

    Unix seconds, milli-, micro- and nanoseconds and times with a zone come back aware; all others naive.
    """
    text = text.strip()
    if _UNIX.fullmatch(text):
        return _from_unix(text)
    try:
        return datetime.fromisoformat(text) if len(text) >= 8 else None
    except ValueError:
        return _from_digits(text) or _from_loose(text, order) or _from_named(text)


def _from_unix(text: str) -> datetime | None:
    number = float(text)
    while abs(number) >= 1e11:
        number /= 1000
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(number * 1e6))
    except OverflowError:
        return None


def _from_digits(text: str) -> datetime | None:
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = match.groups()
    return read_moment(read_date(year, month, day, "ymd"), hour, minute, second, "")


def _from_loose(text: str, order: str) -> datetime | None:
    match = _LOOSE.fullmatch(text)
    if match is None:
        return None
    first, second, third, before, hour, minute, seconds, after, zone = match.groups()
    if not all(is_half_day(word) for word in (before, after) if word):
        return None
    day = read_date(first, second, third, order)
    return _with_zone(read_moment(day, hour or "0", minute or "0", seconds, before or after or ""), zone)


def _from_named(text: str) -> datetime | None:
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    name, day, day_first, name_last, year, before, hour, minute, seconds, after, zone = match.groups()
    month = _MONTHS.get((name or name_last).lower())
    if month is None or not all(is_half_day(word) for word in (before, after) if word):
        return None
    found = read_date(year, str(month), day or day_first, "ymd")
    return _with_zone(read_moment(found, hour or "0", minute or "0", seconds, before or after or ""), zone)


def _with_zone(at: datetime | None, zone: str | None) -> datetime | None:
    if at is None or not zone:
        return at
    offset = "+00:00" if zone in ("Z", "GMT", "UTC") else zone
    try:
        return datetime.fromisoformat(at.isoformat() + offset)
    except ValueError:
        return None

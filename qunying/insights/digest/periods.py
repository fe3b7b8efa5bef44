"""Days, weeks and months as calendars have them, and which one stands beside which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qunying.insights.scope import monday_of

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Period(StrEnum):
    """How much a digest tells of."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Dates:
    """Local days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + n * DAY for n in range((self.last - self.first).days + 1)]


def dates_around(period: Period, day: date) -> Dates:
    """The day itself, the week from Monday to Sunday or the month that it lies in."""
    if period is Period.DAY:
        return Dates(day, day)
    if period is Period.WEEK:
        return Dates(monday_of(day), monday_of(day) + WEEK - DAY)
    first = day.replace(day=1)
    return Dates(first, (first + 32 * DAY).replace(day=1) - DAY)


def dates_before(period: Period, dates: Dates) -> Dates:
    """What they are compared with: the same weekday of the week before, the week before, the month before."""
    if period is Period.MONTH:
        return dates_around(period, dates.first - DAY)
    return Dates(dates.first - WEEK, dates.last - WEEK)


def last_whole(period: Period, today: date, ago: int = 0) -> Dates:
    """The last one that is over, or ``ago`` ones before that."""
    dates = dates_around(period, today)
    for _ in range(ago + 1):
        dates = dates_around(period, dates.first - DAY)
    return dates

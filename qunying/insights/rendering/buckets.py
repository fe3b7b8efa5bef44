"""Days of a report gathered so that they fit on a page: by day, week, month or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.insights.looking import Day
from qunying.insights.report import Report
from qunying.insights.scope import monday_of
from qunying.ui.charts import day_name, short_day
from qunying.ui.dates import tell_date

MOST_DAYS = 31
MOST_WEEKS = 40
MOST_MONTHS = 36
SHORT_NAME = 4


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bar: its label, its messages, and those at the same place of the span before (None where not compared)."""

    label: str
    messages: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Buckets:
    """All bars, and what one bar is: ``day``, ``week``, ``month`` or ``year``."""

    unit: str
    bars: tuple[Bucket, ...]

    @property
    def top(self) -> int:
        """The highest of all bars and marks."""
        return max((max(bar.messages, bar.before or 0) for bar in self.bars), default=0)

    @property
    def words(self) -> str:
        """What is drawn."""
        return {"day": _("每天消息数"), "week": _("每周消息数"), "month": _("每月消息数"), "year": _("每年消息数")}[
            self.unit
        ]


def gather(report: Report) -> Buckets:
    """At most 31 days, else at most 40 weeks, else at most 36 months, else years. Only days stand beside the span before."""
    days = report.days
    if len(days) <= MOST_DAYS:
        return Buckets("day", tuple(_days(days, report.days_before if report.before.messages else ())))
    if len(days) <= 7 * MOST_WEEKS:
        return Buckets("week", _sums(days, [monday_of(day.day) for day in days], pgettext("date format", "n/j")))
    months = [day.day.replace(day=1) for day in days]
    if len(set(months)) <= MOST_MONTHS:
        return Buckets("month", _sums(days, months, pgettext("date format", "Y-m")))
    return Buckets("year", _sums(days, [month.replace(month=1) for month in months], pgettext("date format", "Y")))


def _days(days: Sequence[Day], before: Sequence[int]) -> list[Bucket]:
    shape = pgettext("date format", "n/j")
    is_week = len(days) <= 7
    past = before if len(before) == len(days) else ()
    return [
        Bucket(
            _narrow(day.day.weekday()) if is_week else tell_date(day.day, shape),
            day.messages,
            past[place] if past else None,
        )
        for place, day in enumerate(days)
    ]


def _narrow(weekday: int) -> str:
    """The weekday's name, short where the language writes it long: seven stand side by side on a phone."""
    name = day_name(weekday)
    return name if len(name) <= SHORT_NAME else short_day(weekday)


def _sums(days: Sequence[Day], starts: Sequence[date], shape: str) -> tuple[Bucket, ...]:
    sums: dict[date, int] = {}
    for day, start in zip(days, starts, strict=True):
        sums[start] = sums.get(start, 0) + day.messages
    return tuple(Bucket(tell_date(start, shape), messages, None) for start, messages in sums.items())

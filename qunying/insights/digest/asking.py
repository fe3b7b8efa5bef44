"""What somebody typed, turned into a period and its dates."""

from __future__ import annotations

from datetime import date, datetime

from qunying.insights.digest.periods import Dates, Period, dates_around, last_whole
from qunying.insights.digest.telling import Record
from qunying.insights.scope import MICROSECOND, local_day
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark


def read_period(text: str) -> Period:
    """``day``, ``week`` or ``month``. Raises ``BadUse``."""
    try:
        return Period(text)
    except ValueError as error:
        raise BadUse(
            mark("没有「%(text)s」这种报告；有 %(known)s"), text=text, known=[one.value for one in Period]
        ) from error


def read_dates(period: Period, text: str, record: Record, now: datetime) -> Dates:
    """The period around the day typed; where nothing is, the last whole one, of an old record its last one.

    Raises ``BadUse`` for what is no day, and for one that has not come yet.
    """
    today = local_day(now, record.home.timezone)
    if not text:
        return _latest(period, record, now, today)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadUse(mark("%(text)s 不是日期；写成 2024-03-01"), text=repr(text)) from error
    if day > today:
        raise BadUse(mark("%(text)s 还没到"), text=text)
    return dates_around(period, day)


def _latest(period: Period, record: Record, now: datetime, today: date) -> Dates:
    if record.until == now:
        return last_whole(period, today)
    return dates_around(period, local_day(record.until - MICROSECOND, record.home.timezone))

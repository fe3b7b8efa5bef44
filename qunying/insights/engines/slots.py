"""Breakdowns: what stands where a question says ``slot($by, …)``, and how its numbers are told in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from qunying.insights.engines.base import Row

WORDS = frozenset({"", "source", "deed", "capability"})
COUNTED = frozenset({"day", "week", "month", "weekday", "hour", "group", "community"})  # slots that are numbers


def period_of(day: date, every: str) -> int:
    """The number of the day, week (from Monday) or month that this day lies in, as ``sql/slots.sql`` counts them."""
    if every == "month":
        return day.year * 12 + day.month - 13
    return (day.toordinal() - 1) // (7 if every == "week" else 1)


def first_day_of(period: int, every: str) -> date:
    """The first day of the period with that number."""
    if every == "month":
        return date(period // 12 + 1, period % 12 + 1, 1)
    return date.fromordinal(period * (7 if every == "week" else 1) + 1)


def with_parts(sql: str, params: Mapping[str, Any]) -> str:
    """The question with the macros of its breakdown (``by``) and its periods (``every``) instead of the general words.

    Raises ``ValueError`` for a breakdown that has none.
    """
    if "slot($by, " in sql:
        by = params["by"]
        if by not in WORDS | COUNTED:
            raise ValueError(f"no slot for {by!r}")
        sql = sql.replace("slot($by, ", f"slot_{by or 'all'}(")
    if "slot($part, " in sql:
        sql = sql.replace("slot($part, ", f"slot_{params['part'] or 'all'}(")
        sql = sql.replace("of_days($by, ", f"of_days_{'day' if params['by'] == 'day' else 'part'}(")
    if "period($every, " in sql:
        sql = sql.replace("period($every, ", f"{_PERIODS[params['every']]}(")
    return sql


def slot_of(words: str, by: str) -> int | str:
    """The slot that is told in these words. Raises ``ValueError`` where none is."""
    if by in _PERIODS:
        return period_of(date.fromisoformat(words), by)
    return words if by in WORDS else int(words)


_PERIODS = {every: f"period_{every}" for every in ("day", "week", "month")}


def in_words(rows: list[Row], params: Mapping[str, Any]) -> list[Row]:
    """The same rows, their ``slot`` as text: periods by their first day, the rest as it is. NULL stays NULL."""
    by = params.get("by")
    if not rows or by is None or "slot" not in rows[0]:
        return rows
    told: Callable[[Any], str] = (lambda n: first_day_of(n, by).isoformat()) if by in _PERIODS else str
    words = {slot: told(slot) for slot in {row["slot"] for row in rows} if slot is not None}
    return [{**row, "slot": words.get(row["slot"])} for row in rows]

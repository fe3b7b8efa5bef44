"""Days in words."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils import dateformat
from django.utils.translation import get_language


def tell_date(day: date, shape: str) -> str:
    """The day (of a moment: as its own zone has it) in that Django date format without hours, in the active language.

    Kept: a page tells hundreds of days, and most of them again.
    """
    return _told(day.year, day.month, day.day, shape, get_language())


@lru_cache(maxsize=8192)
def _told(year: int, month: int, day: int, shape: str, _language: str | None) -> str:
    return dateformat.format(date(year, month, day), shape)

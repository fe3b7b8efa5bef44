"""What a metric of the catalogue is, and the ways in which one can be broken down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

BY_TIME = ("day", "week", "month", "weekday", "hour")
BY_PLACE = ("group", "community")
BY_SOURCE = ("source",)
BY_DEED = (*BY_TIME, "community", *BY_SOURCE)
BY_DAYS = ("day", *BY_PLACE)
BY_TRAIT = ("inviter", "city", "industry", "layer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number and what is meant by it. ``title``, ``definition``, ``unit`` and ``caveats`` are texts to translate.

    ``grain`` is what one counted thing is; ``by`` the ways it can be broken down, ``always_by`` the one it comes in
    unasked; ``window`` replaces the asked-for beginning: that long before the end. ``empty`` stands where nothing was.
    ``apart_by`` is a column whose values are never added up: every row has one of them. ``money`` are columns that the
    SQL gives in ten-thousandths of the currency's unit. ``days``: every figure is of a local day and looks at so many that
    end with it; where nothing is broken down by day it is of the last day that the span touches. ``each`` names the question
    of ``sql/each/`` with one row per thing done, where ``value`` is nothing but the different people who did one; ``things``
    is the column that counts the rows.
    """

    name: str
    title: str
    definition: str
    unit: str
    grain: str
    sources: tuple[str, ...]
    sql: str
    by: tuple[str, ...]
    caveats: tuple[str, ...] = ()
    always_by: str = ""
    window: timedelta | None = None
    empty: Mapping[str, float | None] = field(default_factory=lambda: {"value": 0})
    apart_by: str = ""
    money: tuple[str, ...] = ()
    days: int = 0
    each: str = ""
    things: str = ""

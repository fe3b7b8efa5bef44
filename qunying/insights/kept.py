"""Who stays: of those who came in each of the last weeks, how many spoke again in the weeks after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qunying.communities.queries import CountedGroup
from qunying.insights.aside import Aside
from qunying.insights.journeys.retention import Cell, Retention, count_retention
from qunying.insights.journeys.steps import CAME, SAID
from qunying.insights.scope import Scope, local_day, midnight, monday_of

WEEKS = 8
SHOWN = 4
WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)
BACK_EVERY_WEEK = Retention(CAME, SAID, every="week")


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who came in the week from ``monday`` on. ``back`` are people and shares per week after it; None: not over yet."""

    monday: date
    came: int
    back: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Cohorts, oldest first, and the share of all of them together that spoke in the week after they had come."""

    cohorts: tuple[Cohort, ...] = ()
    next_week: float | None = None
    counted: int = 0

    @property
    def came(self) -> int:
        """Everybody in a cohort."""
        return sum(one.came for one in self.cohorts)


def read_kept(groups: Sequence[CountedGroup], until: datetime, began_at: datetime, aside: Aside | None = None) -> Kept:
    """The last eight calendar weeks before ``until``, the running one included; first times are looked for from ``began_at``."""
    if not groups:
        return Kept()
    zone = groups[0].timezone
    monday = monday_of(local_day(until - MOMENT, zone))
    scope = Scope(tuple(groups), midnight(monday - (WEEKS - 1) * WEEK, zone), until)
    found = count_retention(BACK_EVERY_WEEK, scope, began_at, "week", aside=aside)
    cohorts = tuple(_cohort(slot, cells) for slot, cells in sorted(found.items()))
    over = [cell for cells in found.values() for cell in cells if cell.n == 1]
    counted, returned = sum(cell.size for cell in over), sum(cell.returned for cell in over)
    return Kept(cohorts, returned / counted if counted else None, counted)


def _cohort(slot: str, cells: Sequence[Cell]) -> Cohort:
    by_week = {cell.n: cell for cell in cells}
    back = tuple(by_week[n].value if n in by_week else None for n in range(1, SHOWN + 1))
    return Cohort(date.fromisoformat(slot), by_week[0].size if 0 in by_week else 0, back)

"""What a week or a month is told of beside what was said in it: layers, who carries, who moved on the ladder, what came up.

All of it is kept by the keeper; what is kept as last counted only is told only where it says something of these days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qunying.communities.queries import CountedGroup, CountedHome
from qunying.insights.carrying import Carrying, Climb, read_carrying, read_climbs
from qunying.insights.digest.periods import Dates, Period
from qunying.insights.scope import local_day
from qunying.insights.themes import Stories, read_themes
from qunying.people.layers import WHOLE, LayerCounts, layers_of_places

NOT_LOOKED = Stories()
DAYS = 30  # that layers look back, unless their thresholds say otherwise


@dataclass(frozen=True, slots=True)
class Layered:
    """How many stand in which layer, looking back so many days."""

    counts: LayerCounts
    days: int


@dataclass(frozen=True, slots=True)
class Beside:
    """``layers`` and ``carrying`` are None where nothing was counted that says anything of these days."""

    layers: Layered | None = None
    carrying: Carrying | None = None
    climbs: tuple[Climb, ...] = ()
    themes: Stories = NOT_LOOKED


NOTHING = Beside()


def read_beside(
    home: CountedHome, groups: Sequence[CountedGroup], period: Period, dates: Dates, span: tuple[datetime, datetime]
) -> Beside:
    """Of a week or a month of that community; of a day only who moved on the ladder. ``span`` are its moments."""
    climbs = read_climbs(home.id, *span)
    if period is Period.DAY:
        return Beside(climbs=climbs)
    carrying = read_carrying(home.id, home.timezone)
    return Beside(
        layers=_layers(home, dates),
        carrying=carrying if carrying and _overlap(carrying, dates) else None,
        climbs=climbs,
        themes=read_themes(groups, span[1]) if groups else NOT_LOOKED,
    )


def _overlap(found: Carrying, dates: Dates) -> bool:
    """Counted are the days before a morning: those of which the last is the day before ``dates`` say nothing of them."""
    return found.since <= dates.last and found.last >= dates.first


def _layers(home: CountedHome, dates: Dates) -> Layered | None:
    kept = next(iter(layers_of_places([home.id], group_id=WHOLE).values()), None)
    if kept is None or not kept.counts.members:
        return None
    days = _days(kept.limits)
    last = local_day(kept.until, home.timezone)
    first = last - timedelta(days=days)
    return Layered(kept.counts, days) if first <= dates.last and last >= dates.first else None


def _days(limits: Mapping[str, int]) -> int:
    return limits.get("days", DAYS)

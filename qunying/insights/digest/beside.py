"""What a week or a month is told of beside what was said in it: layers, who carries, who moved on the ladder, what came up.

All of it is kept by the keeper; what is kept as last counted only is told only where it says something of these days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qunying.communities.queries import CountedGroup, CountedHome
from qunying.insights.carrying import Carrying, Climb, read_carrying, read_climbs
from qunying.insights.digest.periods import Dates, Period
from qunying.insights.scope import local_day, tells_of
from qunying.insights.seeds.ladder import RUNGS, Rung, rungs_of
from qunying.insights.themes import Stories, read_themes_of_home
from qunying.people.ladder import find_ladder
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
    """``layers`` and ``carrying`` are None where nothing was counted that says anything of these days; ``rungs`` are those of the
    community, of which ``climbs`` speak."""

    layers: Layered | None = None
    carrying: Carrying | None = None
    climbs: tuple[Climb, ...] = ()
    rungs: tuple[Rung, ...] = RUNGS
    themes: Stories = NOT_LOOKED


NOTHING = Beside()


def read_beside(
    home: CountedHome, groups: Sequence[CountedGroup], period: Period, dates: Dates, span: tuple[datetime, datetime]
) -> Beside:
    """Of a week or a month of that community; of a day only who moved on the ladder. ``span`` are its moments."""
    climbs = read_climbs(home.id, *span)
    if period is Period.DAY:
        return Beside(climbs=climbs, rungs=rungs_of(find_ladder(home.id).rungs) if climbs else RUNGS)
    ladder, told = find_ladder(home.id), (dates.first, dates.last)
    carrying = read_carrying(home.id, home.timezone, ladder=ladder)
    return Beside(
        layers=_layers(home, told),
        carrying=carrying if carrying and tells_of((carrying.since, carrying.last), told) else None,
        climbs=climbs,
        rungs=rungs_of(ladder.rungs),
        themes=read_themes_of_home(home.id, groups, span[1]),
    )


def _layers(home: CountedHome, told: tuple[date, date]) -> Layered | None:
    kept = next(iter(layers_of_places([home.id], group_id=WHOLE).values()), None)
    if kept is None or not kept.counts.members:
        return None
    days = _days(kept.limits)
    last = local_day(kept.until, home.timezone)
    first = last - timedelta(days=days)
    return Layered(kept.counts, days) if tells_of((first, last), told) else None


def _days(limits: Mapping[str, int]) -> int:
    return limits.get("days", DAYS)

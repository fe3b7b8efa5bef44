"""People of the platform whom no group of the community has ever had, by name."""

from __future__ import annotations

from datetime import timedelta

from qunying.console.seeds.head import SeedsHead
from qunying.deeds.queries import list_busiest
from qunying.insights.scope import midnight
from qunying.insights.seeds.platform import WINDOWS
from qunying.people.ladder import LadderRow
from qunying.people.queries import list_people_seated_in, names_of

LOOKED_AT, SHOWN = 500, 20


def list_strangers(head: SeedsHead, ladder: LadderRow) -> tuple[tuple[str, int], ...]:
    """(name, how often they did something) of the busiest around the founding; none where nothing is known."""
    founded = ladder.counted_founding
    if founded is None or not ladder.platform_strangers:
        return ()
    first, end = (founded + timedelta(days=days) for days in (WINDOWS[0][0], WINDOWS[-1][1]))
    busiest = list_busiest(head.id, midnight(first, head.timezone), midnight(end, head.timezone), LOOKED_AT)
    seated = list_people_seated_in([pk for pk, _n in busiest], head.id)
    found = [(pk, n) for pk, n in busiest if pk not in seated][:SHOWN]
    names = names_of([pk for pk, _n in found])
    return tuple((names[pk].name if pk in names else f"#{pk}", n) for pk, n in found)

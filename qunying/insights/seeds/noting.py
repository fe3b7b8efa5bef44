"""Private talks that colleagues noted, as a part of the score. Pure but for the reading.

Breadth counts here too: a day counts once however much was noted of it, and what one colleague noted counts for two days at
most, so that neither a busy evening nor a diligent friend makes a seed user. A talk says that we know somebody, not that
they agreed to anything; therefore the part weighs little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from qunying.insights.scope import local_day, midnight
from qunying.people.notes import list_talks_noted

NOTE_DAYS = 90  # whole days before today: talks are rarer than messages
A_COLLEAGUE = 2


def count_noted(talks: Iterable[tuple[int, int, date]]) -> dict[int, int]:
    """Per person how many talks count, from (person, who of us noted it, day of the talk)."""
    days: dict[int, dict[int, set[date]]] = defaultdict(lambda: defaultdict(set))
    for person, by, day in talks:
        days[person][by].add(day)
    return {person: _count(found) for person, found in days.items()}


def _count(by_colleague: dict[int, set[date]]) -> int:
    allowed = sum(min(A_COLLEAGUE, len(days)) for days in by_colleague.values())
    return min(allowed, len(set().union(*by_colleague.values())))


def read_noted(community_id: int, zone: str, today: date) -> dict[int, int]:
    """The same from the notes of a community of the ``NOTE_DAYS`` days before today; persons as they are now."""
    since = midnight(today - timedelta(days=NOTE_DAYS), zone)
    talks = list_talks_noted(community_id, since, midnight(today, zone))
    return count_noted((person, by, local_day(at, zone)) for person, by, at in talks)

"""What people did on the platform at three moments: before a community was founded, in its first days, and after those."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from qunying.communities.queries import CountedGroup
from qunying.deeds.queries import list_moments_of_deeds
from qunying.insights.asking import whole_span
from qunying.insights.scope import local_day, midnight
from qunying.insights.seeds.lines import Crowd
from qunying.insights.seeds.scoring import Platform

WINDOWS = ((-30, 0), (0, 15), (15, 30))  # days from the founding; the end does not belong to a window


@dataclass(frozen=True, slots=True)
class OnPlatform:
    """Who did what in the windows. ``elapsed``: days of them that have passed; ``strangers`` are people the community has
    never had in a group, with how often they did something."""

    founded_on: date
    elapsed: int
    people: Mapping[int, Platform] = field(default_factory=dict)
    strangers: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the platform around the founding."""
        return bool(self.people or self.strangers)


def founding_of(groups: tuple[CountedGroup, ...], chosen: date | None, started_on: date | None, now: datetime) -> date:
    """The day the community began: as somebody said for this count, as the community itself says, else the first local day of
    its record."""
    said = chosen or started_on
    if said is not None:
        return said
    return local_day(whole_span(groups, now)[0], groups[0].timezone if groups else "UTC")


def windows_of(moments: Iterable[tuple[int, int]]) -> dict[int, Platform]:
    """Per person what they did in each window, from (person, days after the founding); what lies in none is left out."""
    deeds: dict[int, Counter[int]] = defaultdict(Counter)
    days: dict[int, set[int]] = defaultdict(set)
    for person, day in moments:
        window = next((n for n, (first, end) in enumerate(WINDOWS) if first <= day < end), None)
        if window is not None:
            deeds[person][window] += 1
            days[person].add(day)
    return {person: Platform(_three(counts), _days(days[person])) for person, counts in deeds.items()}


def _three(counts: Counter[int]) -> tuple[int, int, int]:
    return counts[0], counts[1], counts[2]


def _days(days: set[int]) -> tuple[int, int, int]:
    return _three(Counter(n for day in days for n, (first, end) in enumerate(WINDOWS) if first <= day < end))


def read_platform(
    community_id: int, zone: str, founded_on: date, crowd: Crowd, members: set[int], now: datetime
) -> OnPlatform:
    """What is known of the platform; ``members`` are persons who sit or sat in the community."""
    first, end = founded_on + timedelta(days=WINDOWS[0][0]), founded_on + timedelta(days=WINDOWS[-1][1])
    done = list_moments_of_deeds(community_id, midnight(first, zone), midnight(end, zone))
    begun = founded_on.toordinal()
    found = windows_of((crowd.who(one), local_day(at, zone).toordinal() - begun) for one, at in done)
    elapsed = (min(end, local_day(now, zone)) - first).days
    return OnPlatform(
        founded_on,
        max(1, elapsed),
        {who: did for who, did in found.items() if who in members and who not in crowd.apart},
        {who: sum(did.deeds) for who, did in found.items() if who not in members},
    )

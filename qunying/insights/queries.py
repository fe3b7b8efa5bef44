"""Numbers about many groups at once, from the daily counts: at most a quarter of an hour behind.

What is about a few groups is in ``looking.py`` and never old.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from qunying.communities.queries import count_groups_of, list_community_zones, list_counted_groups
from qunying.insights.figures import are_counted, figures_of, weeks_of_fallen
from qunying.insights.models import DayCount
from qunying.insights.scope import local_day
from qunying.insights.seats import count_people

QUIET_FROM = 20
QUIET_SHARE = 0.7
SAME_WEEKDAYS = (8, 15, 22, 29)
BACK_TO_SAME_WEEKDAYS = 30
DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Weeks:
    """Messages of members in a group in the last eight times seven whole days, oldest first; the last ends yesterday.

    Counted when something new went into the lake, so at most a quarter of an hour late.
    """

    group_id: int
    name: str
    counts: tuple[int, ...]

    @property
    def change(self) -> float | None:
        """The last seven whole days against the seven before, as a share of those; None where nothing was said then."""
        this, last = self.counts[-1], self.counts[-2]
        return (this - last) / last if last else None


@dataclass(frozen=True, slots=True)
class Yesterday:
    """What happened since yesterday; sparks end with yesterday, oldest first. Hours are of yesterday.

    Counted ``as_of`` (None: never yet), at most a quarter of an hour ago while anything is going on. ``members`` are the
    different people who sit there, everybody once, programs left out.
    ``usual_speakers`` and ``usual_hours`` are averages: of the seven days before yesterday, of the same weekday of the
    four weeks before.
    """

    groups: int
    members: int
    joined: int
    left: int
    messages: int
    speakers: int
    usual_speakers: float
    joined_days: tuple[int, ...]
    speakers_days: tuple[int, ...]
    messages_days: tuple[int, ...]
    messages_today: int
    joined_today: int
    left_today: int
    hours: tuple[int, ...]
    usual_hours: tuple[float, ...]
    as_of: datetime | None


def quiet_groups(now: datetime, community_ids: Collection[int] | None = None, limit: int = 5) -> list[Weeks]:
    """Groups with at most 70 % of the talk of the week before, the quietest first.

    Groups in which fewer than 20 messages were said the week before are left out: one chatty evening more or less is no
    news.
    """
    homes = list_community_zones(community_ids)
    if are_counted(homes, now):
        worst = weeks_of_fallen(homes, now, share=QUIET_SHARE, least=QUIET_FROM, limit=limit)
    else:
        fell = [(pk, one.weeks) for pk, one in figures_of(homes, now).items() if _is_quiet(one.weeks)]
        worst = dict(sorted(fell, key=lambda pair: (pair[1][-1] / pair[1][-2], -pair[1][-2], pair[0]))[:limit])
    names = {group.id: group.name for group in list_counted_groups(group_ids=worst)} if worst else {}
    return [Weeks(pk, names[pk], weeks) for pk, weeks in worst.items()]


def _is_quiet(weeks: Sequence[int]) -> bool:
    return weeks[-2] >= QUIET_FROM and weeks[-1] <= weeks[-2] * QUIET_SHARE


def since_yesterday(now: datetime, community_ids: Collection[int] | None = None) -> Yesterday:
    """Yesterday (each community's own) and today so far, beside what is usual; None means all communities."""
    zones = list_community_zones(community_ids)
    far = now.date() - timedelta(days=BACK_TO_SAME_WEEKDAYS)
    days, people = _Days(), count_people(zones)
    counted = DayCount.objects.filter(community_id__in=zones, group_id=0, day__gte=far)
    for row in map(_Day._make, counted.values_list(*_Day._fields)):
        days.add((local_day(now, zones[row.community_id]) - row.day).days, row)
    return Yesterday(
        groups=count_groups_of(zones),
        members=people.count,
        joined=days.sum("joined", 1),
        left=days.sum("gone", 1),
        messages=days.sum("messages", 1),
        speakers=days.sum("speakers", 1),
        usual_speakers=sum(days.sum("speakers", ago) for ago in range(2, DAYS_SHOWN + 2)) / DAYS_SHOWN,
        joined_days=days.spark("joined"),
        speakers_days=days.spark("speakers"),
        messages_days=days.spark("messages"),
        messages_today=days.sum("messages", 0),
        joined_today=days.sum("joined", 0),
        left_today=days.sum("gone", 0),
        hours=tuple(days.hours(1)),
        usual_hours=tuple(sum(four) / 4 for four in zip(*(days.hours(ago) for ago in SAME_WEEKDAYS), strict=True)),
        as_of=days.as_of,
    )


class _Day(NamedTuple):
    """What ``DayCount`` knows of one day of one community."""

    community_id: int
    day: date
    messages: int
    speakers: int
    joined: int
    gone: int
    hours: list[int]
    counted_at: datetime


class _Days:
    """Rows of whole communities by how many days ago they were."""

    def __init__(self) -> None:
        self._rows: dict[int, list[_Day]] = defaultdict(list)
        self.as_of: datetime | None = None

    def add(self, ago: int, row: _Day) -> None:
        self._rows[ago].append(row)
        self.as_of = max(self.as_of or row.counted_at, row.counted_at)

    def sum(self, name: str, ago: int) -> int:
        return sum(getattr(row, name) for row in self._rows[ago])

    def spark(self, name: str) -> tuple[int, ...]:
        """The last seven whole days, oldest first."""
        return tuple(self.sum(name, ago) for ago in range(DAYS_SHOWN, 0, -1))

    def hours(self, ago: int) -> list[int]:
        rows = [row.hours for row in self._rows[ago] if row.hours]
        return [sum(row[hour] for row in rows) for hour in range(24)]

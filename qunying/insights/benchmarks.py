"""A group beside the operator's other groups of the same kind: medians and quartiles of figures that are kept anyway.

Figures are of the last seven whole days, as lists of groups show them, so at most a quarter of an hour behind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import quantiles
from typing import NamedTuple

from qunying.communities.queries import GroupKind, list_group_kinds
from qunying.insights.models import GroupFigures

LEAST = 5  # other groups: of fewer no middle is told
FRESH = timedelta(days=1)
BANDS = (1, 50, 100, 200, 350)  # people from which on a group is of the next size


class Kind(StrEnum):
    """What peers have in common with the group, what says most first."""

    INDUSTRY = "industry"
    CITY = "city"
    HOME_AND_SIZE = "home_and_size"
    HOME = "home"
    SIZE = "size"


class Measure(StrEnum):
    """What is compared, each of the last seven whole days."""

    SPEAKERS = "speakers"  # share of those who sit there
    MESSAGES = "messages"  # per person who sits there
    CHANGE = "change"  # of messages, against the seven days before


class _Kept(NamedTuple):
    group_id: int
    last_week: int
    week_before: int
    speakers: int
    present: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One figure of the group beside that of its peers: their quartiles and extremes, and its place from the top."""

    value: float
    smallest: float
    low: float
    middle: float
    high: float
    largest: float
    place: int
    of: int


@dataclass(frozen=True, slots=True)
class Peers:
    """Groups of the same ``kind``, the group itself apart. Fewer than ``LEAST``: ``kind`` is None and nothing stands."""

    kind: Kind | None
    count: int
    standings: Mapping[Measure, Standing]


_VALUES: Mapping[Measure, Callable[[_Kept], float | None]] = {
    Measure.SPEAKERS: lambda one: min(1.0, one.speakers / one.present) if one.present else None,
    Measure.MESSAGES: lambda one: one.last_week / one.present if one.present else None,
    Measure.CHANGE: lambda one: one.last_week / one.week_before - 1 if one.week_before else None,
}


def read_peers(group_id: int, community_ids: Collection[int] | None) -> Peers | None:
    """The group beside its peers in these communities (None: in all); None where it has no figures yet."""
    kept = GroupFigures.objects.all()
    if community_ids is not None:
        kept = kept.filter(community_id__in=community_ids)
    rows = kept.values_list("group_id", "last_week", "week_before", "speakers", "present")
    figures = {row[0]: _Kept(*row) for row in rows}
    own = figures.get(group_id)
    if own is None:
        return None
    kind, ids = _peers(group_id, figures, list_group_kinds(community_ids))
    peers = [figures[pk] for pk in ids]
    if kind is None:
        return Peers(None, len(peers), {})
    return Peers(kind, len(peers), dict(_standings(own, peers)))


def is_of_the_last_days(span: tuple[datetime, datetime], latest: tuple[datetime, datetime], now: datetime) -> bool:
    """Whether a report over ``span`` is of the days that are compared: the ``latest`` ones, of a group that goes on, to the day."""
    return latest[1] >= now - FRESH and span[0] == latest[0] and span[1] >= latest[1]


def _peers(
    group_id: int, figures: Mapping[int, _Kept], kinds: Mapping[int, GroupKind]
) -> tuple[Kind | None, Sequence[int]]:
    """The first kind of which there are enough others; else the most there are of any."""
    own, size = kinds[group_id], band(figures[group_id].present)
    others = [(pk, one) for pk, one in kinds.items() if pk != group_id and pk in figures]
    same_size = {pk for pk, _ in others if band(figures[pk].present) == size}
    at_home = [pk for pk, one in others if one.community_id == own.community_id]
    found: dict[Kind, list[int]] = {
        Kind.INDUSTRY: [pk for pk, one in others if own.industry and one.industry == own.industry and pk in same_size],
        Kind.CITY: [pk for pk, one in others if own.city and one.city == own.city and pk in same_size],
        Kind.HOME_AND_SIZE: [pk for pk in at_home if pk in same_size],
        Kind.HOME: at_home,
        Kind.SIZE: sorted(same_size),
    }
    enough = next((kind for kind, ids in found.items() if len(ids) >= LEAST), None)
    return (enough, found[enough]) if enough else (None, max(found.values(), key=len))


def band(present: int) -> int:
    """Which size a group is of: 0 is empty."""
    return sum(present >= least for least in BANDS)


def _standings(own: _Kept, peers: Sequence[_Kept]) -> Iterator[tuple[Measure, Standing]]:
    """Only of what the group has itself, and enough of its peers."""
    for measure, value_of in _VALUES.items():
        value = value_of(own)
        others = sorted(found for one in peers if (found := value_of(one)) is not None)
        if value is not None and len(others) >= LEAST:
            low, middle, high = quantiles(others, n=4, method="inclusive")
            place = 1 + sum(other > value for other in others)
            yield measure, Standing(value, others[0], low, middle, high, others[-1], place, len(others) + 1)

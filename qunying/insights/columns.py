"""What members said, who came and went and who is there, as columns in memory: read once, then counted in many ways.

Moments are microseconds since 1970, those called ``local`` on the clocks of the group's zone. Every column has one place per
row. A question of the lake costs milliseconds before it reads anything, so pages with many questions about a few groups read
their rows once and count here; ``tests/test_columns.py`` holds the counts to those of the catalogue.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from qunying.insights.engines.base import Session

NOBODY = -1
DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
THURSDAY = 3  # the weekday of 1970-01-01, Monday being 0
HOME_BITS = 40  # bits left of which the community stands, so that the same person in two communities is two members

Column = NDArray[np.int64]


def to_us(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def to_day(number: int) -> date:
    """The date of a day counted from 1970."""
    return EPOCH.date() + timedelta(days=int(number))


class _Columns:
    """Rows of which some can be taken."""

    __slots__ = ()
    source: ClassVar[str]

    @classmethod
    def read(cls, session: Session) -> Self:
        """All the session shows."""
        return cls(**session.columns(cls.source))

    @classmethod
    def none(cls) -> Self:
        """No rows."""
        return cls(*(np.empty(0, dtype=np.int64) for _ in fields(cls)))  # type: ignore[arg-type]

    def _where(self, mask: NDArray[np.bool_]) -> Self:
        return type(self)(*(getattr(self, column.name)[mask] for column in fields(self)))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Talk(_Columns):
    """Messages of members; ``person_id`` is ``NOBODY`` where it is not known who spoke."""

    source: ClassVar[str] = "rows_of_talk"
    community_id: Column
    person_id: Column
    said_us: Column
    local_us: Column
    is_recalled: NDArray[np.bool_]

    def between(self, since: datetime, until: datetime) -> Talk:
        """What was said from ``since`` up to, not including, ``until``."""
        return self._where((self.said_us >= to_us(since)) & (self.said_us < to_us(until)))

    def of_known(self) -> Talk:
        """What was said by somebody known."""
        return self._where(self.person_id != NOBODY)

    @property
    def members(self) -> Column:
        """One number per community and person."""
        return (self.community_id << HOME_BITS) + self.person_id

    def by_member(self) -> Column:
        """How many messages each known member wrote, most first."""
        counts: Column = np.unique(self.of_known().members, return_counts=True)[1]
        return np.sort(counts)[::-1]

    def by_day(self) -> dict[date, tuple[int, int]]:
        """Messages and known speakers of each local day on which anything was said."""
        days, messages = np.unique(self.local_us // DAY_US, return_counts=True)
        known = self.of_known()
        speakers = Counter((_pairs(known.local_us // DAY_US, known.members)[0]).tolist())
        return {
            to_day(day): (count, speakers[day]) for day, count in zip(days.tolist(), messages.tolist(), strict=True)
        }

    def by_hour(self) -> NDArray[np.int64]:
        """Messages by weekday (seven rows, Monday first) and local hour (24 columns)."""
        hours = self.local_us // HOUR_US
        weekday = (hours // 24 + THURSDAY) % 7
        return np.bincount(weekday * 24 + hours % 24, minlength=7 * 24).reshape(7, 24)

    def by_person(self, limit: int) -> list[tuple[int, int, int]]:
        """(person, messages, local days) of the known people who wrote most, most first, then the lower id."""
        known = self.of_known()
        people, messages = np.unique(known.person_id, return_counts=True)
        days = Counter(_pairs(known.person_id, known.local_us // DAY_US)[0].tolist())
        top = np.lexsort((people, -messages))[:limit]
        most = zip(people[top].tolist(), messages[top].tolist(), strict=True)
        return [(person, count, days[person]) for person, count in most]


@dataclass(frozen=True, slots=True)
class Moves(_Columns):
    """Members who came (``is_in``) and left; ``via`` is '' where it is not known how, ``is_removed`` where somebody did it."""

    source: ClassVar[str] = "rows_of_moves"
    community_id: Column
    group_id: Column
    identity_id: Column
    person_id: Column
    is_in: NDArray[np.bool_]
    via: NDArray[np.object_]
    is_removed: NDArray[np.bool_]
    happened_us: Column
    local_us: Column

    def between(self, since: datetime, until: datetime) -> Moves:
        """Who came and left from ``since`` up to, not including, ``until``."""
        return self._where((self.happened_us >= to_us(since)) & (self.happened_us < to_us(until)))

    @property
    def members(self) -> Column:
        """One number per community and person."""
        return (self.community_id << HOME_BITS) + self.person_id

    def joined_by(self) -> dict[str, int]:
        """How many came by each way, everybody once by the way they came last; most first, then by name."""
        joins = self._where(self.is_in)
        order = np.argsort(joins.happened_us, kind="stable")
        last = dict(zip(joins.members[order].tolist(), joins.via[order].tolist(), strict=True))
        return dict(sorted(Counter(last.values()).items(), key=lambda each: (-each[1], each[0])))

    def left(self) -> tuple[int, int]:
        """How many left, everybody once, and how many of them somebody removed."""
        gone = self._where(~self.is_in)
        return len(np.unique(gone.members)), len(np.unique(gone.members[gone.is_removed]))

    def by_day(self) -> dict[date, tuple[int, int]]:
        """Who came and who left on each local day with either, everybody once a day each way."""
        found: dict[date, tuple[int, int]] = {}
        came, gone = (Counter(_pairs(part.local_us // DAY_US, part.members)[0].tolist()) for part in self._both_ways())
        for day in came.keys() | gone.keys():
            found[to_day(day)] = (came[day], gone[day])
        return found

    def newcomers(self) -> dict[int, dict[int, datetime]]:
        """When each identity first came into each group, by group, in the order of coming."""
        joins = self._where(self.is_in)
        found: dict[int, dict[int, datetime]] = {}
        for place in np.lexsort((joins.identity_id, joins.happened_us)).tolist():
            there = found.setdefault(int(joins.group_id[place]), {})
            there.setdefault(
                int(joins.identity_id[place]), EPOCH + timedelta(microseconds=int(joins.happened_us[place]))
            )
        return found

    def _both_ways(self) -> tuple[Moves, Moves]:
        return self._where(self.is_in), self._where(~self.is_in)


@dataclass(frozen=True, slots=True)
class People(_Columns):
    """Members who sit in a group at the end; ``is_mute`` where we never saw them say a word there."""

    source: ClassVar[str] = "rows_of_people"
    community_id: Column
    person_id: Column
    is_mute: NDArray[np.bool_]

    def silent(self, talk: Talk) -> tuple[int, int, int]:
        """How many members there are, how many of them are not heard in this talk, and how many of those never were."""
        members = (self.community_id << HOME_BITS) + self.person_id
        everybody, heard_once = np.unique(members), np.unique(members[~self.is_mute])
        silent = np.setdiff1d(everybody, talk.of_known().members)
        return len(everybody), len(silent), len(np.setdiff1d(silent, heard_once))


def _pairs(first: Column, second: Column) -> tuple[Column, Column]:
    """Every pair of the two columns once."""
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    is_new = np.ones(len(first), dtype=bool)
    is_new[1:] = (np.diff(first) != 0) | (np.diff(second) != 0)
    return first[is_new], second[is_new]

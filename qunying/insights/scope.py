"""Which groups over which time: what every count is a count of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

from qunying.communities.queries import CountedGroup, CountedHome, list_counted_groups

HOUR = timedelta(hours=1)
MOST_OF_A_WEEK, WEEK = 5, 7
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """Groups and a span of time, ``since`` belongs to it, ``until`` does not. Both are aware.

    Of what people do outside the groups, that of these groups' people counts; where ``homes`` are given, all that was done
    in these communities. Where ``people`` are given, only what these persons did, and only they, count.
    """

    groups: tuple[CountedGroup, ...]
    since: datetime
    until: datetime
    homes: tuple[CountedHome, ...] = ()
    people: tuple[int, ...] | None = None

    @property
    def group_ids(self) -> list[int]:
        """The groups by id."""
        return [group.id for group in self.groups]

    @property
    def living_ids(self) -> list[int]:
        """The groups without those that another one goes on with: who sits in the group today sits in these."""
        return [group.id for group in self.groups if group.until is None]

    def covers(self, group_id: int, at: datetime) -> bool:
        """Whether what was in that group of the scope at that moment is counted."""
        return self.since <= at < self.until and self.keeps(group_id, at)

    def keeps(self, group_id: int, at: datetime) -> bool:
        """Whether that moment of a group of the scope is before another group went on with its history."""
        until = next((group.until for group in self.groups if group.id == group_id), None)
        return until is None or at < until

    @property
    def community_ids(self) -> set[int]:
        """The communities these groups belong to."""
        return {group.community_id for group in self.groups} | {home.id for home in self.homes}

    @property
    def all_homes(self) -> tuple[CountedHome, ...]:
        """The communities with their names and zones, by id."""
        of_groups = {g.community_id: CountedHome(g.community_id, g.community, g.timezone) for g in self.groups}
        found = {**of_groups, **{home.id: home for home in self.homes}}
        return tuple(found[pk] for pk in sorted(found))

    @property
    def zones(self) -> list[str]:
        """The time zones days are cut in, most groups first."""
        names = [group.timezone for group in self.groups] or [home.timezone for home in self.homes]
        return sorted(set(names), key=lambda name: (-names.count(name), name))

    def days(self) -> list[date]:
        """Every local day the span touches in any of its zones, in order."""
        ends = [(local_day(self.since, zone), local_day(self.until - MICROSECOND, zone)) for zone in self.zones]
        if not ends or self.since >= self.until:
            return []
        first, last = min(low for low, _ in ends), max(high for _, high in ends)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def scope_of(group_ids: Collection[int], since: datetime, until: datetime) -> Scope:
    """These groups over this span. Groups that are not there are left out."""
    return Scope(tuple(list_counted_groups(group_ids=group_ids)), since, until)


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def midnight(day: date, timezone: str) -> datetime:
    """When that day begins in that zone, in UTC: also where the clocks jump over midnight."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def tells_of(counted: tuple[date, date], days: tuple[date, date]) -> bool:
    """Whether what was counted from a day to another says something of these ``days`` (ends belong to both): it ends among them,
    or half of them are counted. Three days at the end of a month and the month after it are no story of that month."""
    (since, last), (first, end) = counted, days
    common = (min(last, end) - max(since, first)).days + 1
    return first <= last <= end or 2 * common >= (end - first).days + 1


def days_earlier(moment: datetime, days: int, timezone: str) -> datetime:
    """The same time of day on that many local days before, in UTC."""
    return (moment.astimezone(ZoneInfo(timezone)) - timedelta(days=days)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time and the one before it that it is compared with: as long, on the same hours, whole days earlier.

    Seven days up to Saturday 20:00 are compared with seven days up to Saturday 20:00, not up to Saturday midnight.
    """

    since: datetime
    until: datetime
    before_since: datetime
    before_until: datetime


def span_with_before(since: datetime, until: datetime, timezone: str) -> Span:
    """The span and its predecessor; both ends move by the number of days that the span touches.

    A week that is not over yet (from five days on) moves by seven, so that weekdays stand beside weekdays.
    """
    days = max(1, ceil((until - since - HOUR) / timedelta(days=1)))
    days = WEEK if MOST_OF_A_WEEK <= days <= WEEK else days
    return Span(since, until, days_earlier(since, days, timezone), days_earlier(until, days, timezone))


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which a zone's clocks are ``offset`` ahead of UTC. The end does not belong to it."""

    since: datetime
    until: datetime
    offset: timedelta


@lru_cache(maxsize=512)
def stretches(timezone: str, since: datetime, until: datetime) -> tuple[Stretch, ...]:
    """The span cut where the zone's clocks change, so that local time is plain addition."""
    zone = ZoneInfo(timezone)
    found: list[Stretch] = []
    start, offset = since, _offset(zone, since)
    for change, after in _changes(zone, since, until):
        found.append(Stretch(start, change, offset))
        start, offset = change, after
    if start < until:
        found.append(Stretch(start, until, offset))
    return tuple(found)


def _changes(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Looks day by day and halves a day with a change down to the second: no zone changes twice within a day."""
    day, before = since, _offset(zone, since)
    while day < until:
        following = min(day + 24 * HOUR, until)
        after = _offset(zone, following)
        if after != before:
            yield _change_between(zone, day, following), after
        day, before = following, after


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high.replace(microsecond=0)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def scope_rows(groups: Sequence[CountedGroup], since: datetime, until: datetime) -> list[tuple[object, ...]]:
    """(group, community, from, until, offset in µs): one row per group and stretch, none of what belongs to another group."""
    return [
        (group.id, group.community_id, stretch.since, stretch.until, stretch.offset // MICROSECOND)
        for group in groups
        for stretch in stretches(group.timezone, since, until if group.until is None else min(until, group.until))
    ]

"""Makes a digest: sums of the kept daily counts, and a few questions that need the messages themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q, Sum

from qunying.communities.queries import CountedGroup, CountedHome, list_counted_groups
from qunying.desk.queries import count_open_cases, count_open_tasks
from qunying.insights.asking import whole_span
from qunying.insights.catalogue import SPEAKERS
from qunying.insights.digest.beside import NOTHING, Beside, read_beside
from qunying.insights.digest.periods import Dates, Period, dates_before
from qunying.insights.kept import Kept, read_kept
from qunying.insights.measure import measure
from qunying.insights.models import DayCount
from qunying.insights.scope import Scope, midnight
from qunying.insights.seats import count_people
from qunying.insights.talks import Opener, Saying, Talks, read_talks
from qunying.outbox.queries import count_done_by

TALKS = 500
QUOTED = 5
OPENERS = 5
MOVERS = 5
LOUDER, QUIETER = 1.3, 0.7  # of the messages before, as lists of groups have it
LEAST = 20  # messages before, under which one chatty evening more or less is no news
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sums:
    """What members said, how many of them, who came and who went."""

    messages: int = 0
    speakers: int = 0
    joined: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group of the community, and its messages before; None where nothing is compared."""

    id: int
    name: str
    messages: int
    before: int | None
    joined: int
    gone: int

    @property
    def change(self) -> float | None:
        """Against before, as a share; None where too little was said then."""
        return (self.messages - self.before) / self.before if self.before is not None and self.before >= LEAST else None


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for us now, and what was done in the span: effects that went out, and those of them taken back."""

    open: int = 0
    done: int = 0
    undone: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything a digest says. ``until`` is where the counts end: the end of its last day, or now.

    ``before`` is None while it is not over: half a week beside a whole one says nothing.
    """

    community_id: int
    community: str
    timezone: str
    period: Period
    dates: Dates
    dates_before: Dates
    until: datetime
    made_at: datetime
    members: int
    now: Sums
    before: Sums | None
    by_day: Mapping[date, int]
    hours: tuple[int, ...]
    groups: tuple[GroupLine, ...]
    talks: Talks
    kept: Kept
    work: Work
    beside: Beside = NOTHING

    @property
    def change(self) -> float | None:
        """Messages against before, as a share; None where nothing was said then."""
        if self.before is None or not self.before.messages:
            return None
        return (self.now.messages - self.before.messages) / self.before.messages

    @property
    def louder(self) -> tuple[GroupLine, ...]:
        """Groups in which much more was said than before, the largest rise first."""
        rose = [one for one in self.groups if one.change is not None and 1 + one.change >= LOUDER]
        return tuple(sorted(rose, key=lambda one: (-(one.change or 0), one.id))[:MOVERS])

    @property
    def quieter(self) -> tuple[GroupLine, ...]:
        """Groups in which much less was said than before, the largest fall first."""
        fell = [one for one in self.groups if one.change is not None and 1 + one.change <= QUIETER]
        return tuple(sorted(fell, key=lambda one: (one.change or 0, one.id))[:MOVERS])

    @property
    def waiting(self) -> tuple[Saying, ...]:
        """The open questions that are quoted: whoever waits longest first."""
        return self.talks.waiting[:QUOTED]

    @property
    def openers(self) -> tuple[Opener, ...]:
        """Members whose conversations most others joined."""
        return self.talks.openers(OPENERS, self.now.speakers)

    @property
    def peak_hour(self) -> int | None:
        """The hour in which most was said; None where nothing was."""
        return self.hours.index(max(self.hours)) if any(self.hours) else None


@dataclass(frozen=True, slots=True)
class Record:
    """A community with its groups, and from when to when something is known of it (``whole_span``)."""

    home: CountedHome
    groups: tuple[CountedGroup, ...]
    since: datetime
    until: datetime


def read_record(home: CountedHome, now: datetime) -> Record:
    """What digests of that community are made from."""
    groups = tuple(list_counted_groups(community_ids=[home.id]))
    return Record(home, groups, *whole_span(groups, now))


def make_digest(record: Record, period: Period, dates: Dates, now: datetime) -> Digest:
    """The digest of a community for these days, which are a whole day, week or month, or one that is running."""
    return tell_rest(make_outline(record, period, dates, now), record)


def make_outline(record: Record, period: Period, dates: Dates, now: datetime) -> Digest:
    """What of a digest comes from kept counts, and so at once: how much was said, who came and went, group by group."""
    home, groups = record.home, record.groups
    before = dates_before(period, dates)
    since, end = _moments(dates, home.timezone)
    until, is_over = min(now, end), now >= end
    counts = _Counts.read(home.id, dates, before)
    spans = {dates: (since, until), **({before: _moments(before, home.timezone)} if is_over else {})}
    sums = {one: counts.sums(one, _speakers(groups, span, counts, one)) for one, span in spans.items()}
    done, undone = count_done_by([home.id], since, until)
    return Digest(
        community_id=home.id,
        community=home.name,
        timezone=home.timezone,
        period=period,
        dates=dates,
        dates_before=before,
        until=until,
        made_at=now,
        members=count_people([home.id]).count,
        now=sums[dates],
        before=sums.get(before),
        by_day={day: counts.messages(day) for day in dates.days},
        hours=counts.hours(dates),
        groups=counts.lines(groups, compares=is_over),
        talks=Talks(),
        kept=Kept(),
        work=Work(count_open_tasks([home.id]) + count_open_cases([home.id]), done, undone),
    )


def tell_rest(outline: Digest, record: Record) -> Digest:
    """The outline with what the messages themselves must be asked for: conversations, and who stayed (not of a day)."""
    groups, now = record.groups, outline.made_at
    if not groups:
        return outline
    home, period, dates = record.home, outline.period, outline.dates
    since, _ = _moments(dates, home.timezone)
    return replace(
        outline,
        talks=read_talks(groups, since, outline.until, now, most=TALKS),
        kept=Kept() if period is Period.DAY else read_kept(groups, outline.until, record.since),
        beside=read_beside(home, groups, period, dates, (since, outline.until)),
    )


def _moments(dates: Dates, timezone: str) -> tuple[datetime, datetime]:
    return midnight(dates.first, timezone), midnight(dates.last + DAY, timezone)


def _speakers(groups: tuple[CountedGroup, ...], span: tuple[datetime, datetime], counts: _Counts, dates: Dates) -> int:
    """Different people who spoke: of one day as it is kept, of several asked for, because days do not add up."""
    if dates.first == dates.last or not groups:
        return counts.speakers(dates.first)
    (row,) = measure(SPEAKERS, Scope(groups, *span))
    return int(row["value"])


_FIGURES = ("messages", "speakers", "joined", "gone", "hours")


@dataclass(frozen=True, slots=True)
class _Counts:
    """The kept counts of a community by day, where one was counted, and those of its groups added up over the days told."""

    days: Mapping[date, tuple[int, int, int, int, Sequence[int]]]
    groups: Mapping[int, tuple[int, int, int, int]]

    @classmethod
    def read(cls, community_id: int, dates: Dates, before: Dates) -> _Counts:
        counted = DayCount.objects.filter(community_id=community_id, day__gte=before.first, day__lte=dates.last)
        of_all = counted.filter(group_id=0).values_list("day", *_FIGURES)
        told, told_before = (Q(day__gte=one.first, day__lte=one.last) for one in (dates, before))
        sums = {
            "said": Sum("messages", filter=told, default=0),
            "said_before": Sum("messages", filter=told_before, default=0),
            "came": Sum("joined", filter=told, default=0),
            "went": Sum("gone", filter=told, default=0),
        }
        of_groups = counted.exclude(group_id=0).order_by().values("group_id").annotate(**sums)
        groups = {group: tuple(figures) for group, *figures in of_groups.values_list("group_id", *sums)}
        return cls({day: tuple(figures) for day, *figures in of_all}, groups)

    def of(self, dates: Dates) -> list[tuple[int, int, int, int, Sequence[int]]]:
        return [row for day, row in self.days.items() if dates.first <= day <= dates.last]

    def messages(self, day: date) -> int:
        return self.days[day][0] if day in self.days else 0

    def speakers(self, day: date) -> int:
        return self.days[day][1] if day in self.days else 0

    def sums(self, dates: Dates, speakers: int) -> Sums:
        found = self.of(dates)
        return Sums(sum(row[0] for row in found), speakers, sum(row[2] for row in found), sum(row[3] for row in found))

    def hours(self, dates: Dates) -> tuple[int, ...]:
        kept = [row[4] for row in self.of(dates) if row[4]]
        return tuple(sum(row[hour] for row in kept) for hour in range(24))

    def lines(self, groups: Iterable[CountedGroup], *, compares: bool) -> tuple[GroupLine, ...]:
        """Every group, most talk first."""
        found = [self._line(group, compares=compares) for group in groups]
        return tuple(sorted(found, key=lambda one: (-one.messages, one.id)))

    def _line(self, group: CountedGroup, *, compares: bool) -> GroupLine:
        said, before, came, went = self.groups.get(group.id, (0, 0, 0, 0))
        return GroupLine(group.id, group.name, said, before if compares else None, joined=came, gone=went)

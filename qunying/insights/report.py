"""The story of some groups over a span: numbers and quotes, nothing rendered yet. Words are chosen where it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from qunying.communities.queries import CountedGroup
from qunying.insights.aside import read_aside
from qunying.insights.asking import whole_span
from qunying.insights.benchmarks import Peers
from qunying.insights.carrying import Carrying, read_carrying
from qunying.insights.dependency import Dependency, read_dependency
from qunying.insights.findings import Facts, Headcount, Newcomer, Newcomers, Peak, Suggestion
from qunying.insights.kept import Kept, read_kept
from qunying.insights.layers import Layers, read_layers
from qunying.insights.looking import Day, Look, Moved, Said, Speaker, look_at
from qunying.insights.scope import MICROSECOND, WEEK, Scope, Span, local_day, span_with_before, tells_of
from qunying.insights.suggest import suggest
from qunying.insights.talks import TALKS, Opener, Saying, Talks, read_talks
from qunying.insights.themes import Stories, read_themes
from qunying.insights.thresholds import limits_of
from qunying.people.queries import names_of
from qunying.talk.queries import Quote, list_first_words

PILLARS = 3
SPEAKERS_NAMED = 10
QUOTES = 5
OPENERS = 5
THEMES = 5  # told of a week
SOURCES = ("messages", "events", "memberships")


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says. ``until`` does not belong to the span; days are local to ``timezone``.

    ``kept`` is None where it was not asked for; ``carrying`` where nothing was counted of the group's community that says
    anything of the span; ``peers`` where the group stands beside no others in it.
    """

    groups: tuple[str, ...]
    community: str
    timezone: str
    since: datetime
    until: datetime
    made_at: datetime
    headcount: Headcount
    now: Said
    before: Said
    days: tuple[Day, ...]
    days_before: tuple[int, ...]
    heat: tuple[tuple[int, ...], ...]
    peak: Peak | None
    speakers: tuple[Speaker, ...]
    newcomers: Newcomers
    talks: Talks
    themes: Stories
    layers: Layers
    dependency: Dependency
    suggestions: tuple[Suggestion, ...]
    kept: Kept | None = None
    carrying: Carrying | None = None
    peers: Peers | None = None

    @property
    def change(self) -> float | None:
        """Messages against the span before, as a share; None where that one is empty."""
        return (self.now.messages - self.before.messages) / self.before.messages if self.before.messages else None

    @property
    def openers(self) -> tuple[Opener, ...]:
        """Members whose conversations most others joined."""
        return self.talks.openers(OPENERS, self.now.speakers)

    @property
    def waiting(self) -> tuple[Saying, ...]:
        """The open questions that are quoted: whoever waits longest first."""
        return self.talks.waiting[:QUOTES]

    @property
    def members(self) -> int | None:
        """How many members there are; None where somebody must be there and nobody is known."""
        return None if self.now.is_by_nobody and not self.headcount.members else self.headcount.members

    @property
    def silent(self) -> int | None:
        """How many members said nothing; None where it is not known who spoke."""
        return None if self.now.is_by_nobody else self.headcount.silent

    @property
    def pillars(self) -> tuple[Speaker, ...]:
        """The three who said most."""
        return self.speakers[:PILLARS]


@dataclass(frozen=True, slots=True)
class _Counts:
    now: Said
    before: Said
    moved: Moved
    silent: tuple[int, int, int]
    heat: tuple[tuple[int, ...], ...]
    joined_at: Mapping[int, Mapping[int, datetime]]
    days: list[Day]
    days_before: list[Day]
    speakers: list[Speaker]


def make_report(
    groups: Sequence[CountedGroup],
    since: datetime,
    until: datetime,
    now: datetime,
    *,
    talks: int = TALKS,
    with_slow: bool = True,
    peers: Peers | None = None,
    began_at: datetime | None = None,
) -> Report:
    """The report of these groups over [since, until), beside the span before (see ``Span``). ``groups`` is not empty.

    So many of the newest conversations at most are told, ``peers`` as they are given; ``began_at`` is where the record begins,
    where that is known already. Without ``with_slow`` nobody asks who stayed, who carries and on whom the groups hang: a page
    shows that when it has been counted.
    """
    span = span_with_before(since, until, groups[0].timezone)
    whole = Scope(tuple(groups), span.before_since, until)
    aside, limits = read_aside(whole, whole.group_ids), limits_of(groups)
    counts = _count(look_at(whole, SOURCES, aside), span)
    facts = Facts(
        headcount=_headcount(counts),
        now=counts.now,
        before=counts.before,
        peak=peak_of(counts.heat, counts.days),
        speakers=tuple(counts.speakers),
        newcomers=_newcomers(groups, counts.joined_at, until),
        talks=read_talks(groups, since, until, now, most=talks, aside=aside),
    )
    return Report(
        groups=tuple(group.name for group in groups),
        community=groups[0].community,
        timezone=whole.zones[0],
        since=since,
        until=until,
        made_at=now,
        days=tuple(counts.days),
        days_before=tuple(day.messages for day in counts.days_before),
        heat=counts.heat,
        suggestions=suggest(facts),
        headcount=facts.headcount,
        now=facts.now,
        before=facts.before,
        peak=facts.peak,
        speakers=facts.speakers,
        newcomers=facts.newcomers,
        talks=facts.talks,
        themes=read_themes(groups, until),
        layers=read_layers(groups, until, limits, aside=aside),
        carrying=_carrying(groups, since, until) if with_slow else None,
        peers=peers,
        kept=read_kept(groups, until, began_at or whole_span(groups, now)[0], aside) if with_slow else None,
        dependency=read_dependency(groups, until, aside=aside, limits=limits) if with_slow else Dependency(),
    )


def _carrying(groups: Sequence[CountedGroup], since: datetime, until: datetime) -> Carrying | None:
    """Who of the first of these groups, with whose history it goes on, carries its community; None of several groups, and
    where the days counted say nothing of the span."""
    group, zone = groups[0], groups[0].timezone
    if any(one.until is None for one in groups[1:]):
        return None
    found = read_carrying(group.community_id, zone, group_id=group.id)
    days = local_day(since, zone), local_day(until - MICROSECOND, zone)
    return found if found and tells_of((found.since, found.last), days) else None


def _count(look: Look, span: Span) -> _Counts:
    now, before = look.said(span.since, span.before_since, span.before_until)
    return _Counts(
        now=now,
        before=before,
        moved=look.moved(span.since),
        silent=look.silent(span.since),
        heat=look.heat(span.since),
        joined_at=look.newcomers(span.since),
        days=look.by_day(span.since),
        days_before=look.by_day(span.before_since, span.before_until),
        speakers=look.top_speakers(span.since, SPEAKERS_NAMED),
    )


def _headcount(counts: _Counts) -> Headcount:
    members, silent, never = counts.silent
    return Headcount(
        members=members,
        joined=counts.moved.joined,
        joined_by=tuple(counts.moved.joined_by.items()),
        left=counts.moved.left,
        removed=counts.moved.removed,
        silent=silent,
        never=never,
    )


def peak_of(heat: Sequence[Sequence[int]], days: Sequence[Day]) -> Peak | None:
    """The busiest hour of the week, the earliest among equals; averaged over weeks in which anything was said.

    Weeks are counted back from the last day, so that seven days are one week goes_together day it is. None where nothing was said.
    """
    cells = [(count, day, hour) for day, row in enumerate(heat) for hour, count in enumerate(row)]
    count, day, hour = max(cells, key=lambda cell: (cell[0], -cell[1], -cell[2]))
    weeks = len({(days[-1].day - one.day).days // WEEK for one in days if one.messages})
    return Peak(day, hour, count, count / weeks) if count and weeks else None


def _newcomers(
    groups: Sequence[CountedGroup], joined: Mapping[int, Mapping[int, datetime]], until: datetime
) -> Newcomers:
    quotes = [
        (group, quote)
        for group in groups
        for quote in list_first_words(group.id, joined.get(group.id, {}), min(until, group.until or until))
    ]
    first: dict[int, tuple[CountedGroup, Quote]] = {}
    for group, quote in sorted(quotes, key=lambda pair: pair[1].at):
        first.setdefault(quote.identity_id, (group, quote))
    names = {pk: one.name for pk, one in names_of(first).items()}
    told = [_newcomer(group, quote, joined[group.id][quote.identity_id], names) for group, quote in first.values()]
    waits = [one.waited.total_seconds() for one in told]
    return Newcomers(
        joined=len({identity for there in joined.values() for identity in there}),
        spoke=len(told),
        median_wait=timedelta(seconds=median(waits)) if waits else None,
        quotes=tuple(told[:QUOTES]),
    )


def _newcomer(group: CountedGroup, quote: Quote, joined_at: datetime, names: Mapping[int, str]) -> Newcomer:
    return Newcomer(
        name=names.get(quote.identity_id, ""),
        group=group.name,
        joined_at=joined_at,
        said_at=quote.at,
        waited=quote.at - joined_at,
        words=" ".join(quote.text.split()),
    )

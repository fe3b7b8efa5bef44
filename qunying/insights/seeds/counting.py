"""Counts who carries a community: on demand for the command, and by the keeper once a day for the pages.

Whole local days only, up to this morning (of an old record: up to its end), so that a day is the same whenever it is
counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from qunying.communities.queries import CountedGroup, CountedHome, list_counted_groups, list_counted_homes
from qunying.communities.queries_chain import find_start
from qunying.insights.asking import whole_span
from qunying.insights.dependency import Dependency
from qunying.insights.scope import Scope, local_day, midnight
from qunying.insights.seeds.hanging import Hanging, to_kept
from qunying.insights.seeds.ladder import RUNGS, Rung, met, rungs_of
from qunying.insights.seeds.lines import Crowd, read_lines
from qunying.insights.seeds.moving import do_decide
from qunying.insights.seeds.noting import read_noted
from qunying.insights.seeds.platform import OnPlatform, founding_of, read_platform
from qunying.insights.seeds.scoring import DAYS, Platform, Score, Weights, notes_part, parts_of, platform_part, score_of
from qunying.insights.seeds.signals import Signals, Tally
from qunying.people.ladder import Counted, LadderRow, SignalsRow, do_keep_signals, find_ladder, list_ladders
from qunying.people.queries import list_people_seated
from qunying.people.standings import list_standings
from qunying.talk.placing import count_unplaced

UNPLACED = 200  # messages; what is said just now always waits a few seconds for its place


@dataclass(frozen=True, slots=True)
class Ranked:
    """A member with what they did, how many private talks with them count, and the score that follows."""

    person_id: int
    signals: Signals
    platform: Platform | None
    notes: int
    score: Score


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everybody who did something for these groups in a span of whole days, best first; ``noted`` are members with whom we
    talked in private, ``dependency`` what hangs on the three who say most."""

    since: date
    until: date
    weights: Weights
    people: Sequence[Ranked]
    platform: OnPlatform
    noted: Mapping[int, int]
    dependency: Dependency

    @property
    def days(self) -> int:
        """The length of the span."""
        return (self.until - self.since).days


def count_ranking(
    home: CountedHome, groups: Sequence[CountedGroup], ladder: LadderRow, now: datetime, days: int = DAYS
) -> Ranking:
    """Reads and ranks the members present in these groups of one community, as they were at the end of the span."""
    until = last_day(groups, home.timezone, now)
    since = until - timedelta(days=days)
    scope = Scope(tuple(groups), midnight(since, home.timezone), midnight(until, home.timezone))
    crowd, seated = Crowd.of(scope), list_people_seated([group.id for group in groups])
    tally, hanging = Tally(crowd.apart), Hanging(crowd.apart)
    for lines in read_lines(scope, crowd):
        tally.take(lines)
        hanging.take(lines)
    founded = founding_of(tuple(groups), ladder.founded_on, find_start(home.id), now)
    platform = read_platform(home.id, home.timezone, founded, crowd, set(seated), now)
    noted = _noted(home, crowd, seated, now)
    beside = _Beside(platform, noted, days, Weights.of(ladder.weights))
    did = {who: one for who, one in tally.signals().items() if seated.get(who)}
    only_there = {who for who in (*platform.people, *noted) if seated.get(who)} - did.keys()
    found = [*(_ranked(who, one, beside) for who, one in did.items())]
    found += [_ranked(who, Signals(), beside) for who in only_there]
    dependency = hanging.found({who for who, is_there in seated.items() if is_there})
    return Ranking(since, until, beside.weights, sorted(found, key=_place), platform, noted, dependency)


def _noted(home: CountedHome, crowd: Crowd, seated: Mapping[int, bool], now: datetime) -> dict[int, int]:
    """Of an old record, too, talks are of the days before today: we talk with its people now."""
    found = read_noted(home.id, home.timezone, local_day(now, home.timezone))
    return {who: talks for who, talks in found.items() if who in seated and who not in crowd.apart}


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is known besides talk, and how all of it is weighed over so many days."""

    platform: OnPlatform
    noted: Mapping[int, int]
    days: int
    weights: Weights


def _place(one: Ranked) -> tuple[float, int, int]:
    return -one.score.total, -one.signals.days, one.person_id


def _ranked(who: int, signals: Signals, beside: _Beside) -> Ranked:
    on, talks = beside.platform, beside.noted.get(who, 0)
    did = on.people.get(who)
    part = platform_part(did or Platform(), on.elapsed) if on.people else None
    notes = notes_part(talks) if beside.noted else None
    return Ranked(who, signals, did, talks, score_of(parts_of(signals, beside.days, part, notes), beside.weights))


def last_day(groups: Sequence[CountedGroup], zone: str, now: datetime) -> date:
    """The local day up to which is counted: today, which does not belong to it; of an old record the day after its end."""
    return local_day(whole_span(groups, now)[1], zone)


def step(now: datetime) -> int:
    """Counts one community that was not counted today, or that somebody wants counted anew; answers 1 where there was one.

    What is new must stand in its thread first: while many messages wait for that, so does this.
    """
    homes = {home.id: home for home in list_counted_homes()}
    ladders = list_ladders(list(homes))
    waiting = [home for home in homes.values() if is_due(ladders.get(home.id), home, now)]
    if not waiting:
        return 0
    home = min(waiting, key=lambda one: (not _is_asked(ladders.get(one.id)), one.id))
    groups = list_counted_groups(community_ids=[home.id])
    waiting_for_places = count_unplaced([group.id for group in groups])
    if waiting_for_places is None or waiting_for_places > UNPLACED:
        return 0
    do_count(home, groups, now)
    return 1


def is_due(ladder: LadderRow | None, home: CountedHome, now: datetime) -> bool:
    """Whether the day has not been counted yet, or is to be counted anew."""
    if ladder is None or ladder.counted_at is None or _is_asked(ladder):
        return True
    return local_day(ladder.counted_at, home.timezone) < local_day(now, home.timezone)


def _is_asked(ladder: LadderRow | None) -> bool:
    return ladder is not None and ladder.asked_at is not None


def do_count(home: CountedHome, groups: Sequence[CountedGroup], now: datetime) -> Ranking:
    """Counts a community, keeps it, and decides who moves on its ladder, once a day."""
    ladder = find_ladder(home.id)
    ranking = count_ranking(home, groups, ladder, now)
    today = local_day(now, home.timezone)
    rungs = rungs_of(ladder.rungs)
    with transaction.atomic():
        # on its first day a ladder only begins: an import that is still being read may change where people start
        if ranking.until == today and (ladder.decided_on != today or ladder.begun_on == today):
            signals = {one.person_id: one.signals for one in ranking.people}
            do_decide(home.id, signals, rungs, today, now)
        standings = {who: one.rung for who, one in list_standings(home.id).items()}
        do_keep_signals(home.id, [_row(one, rungs, standings) for one in ranking.people], _counted(ranking, now))
    return ranking


def _counted(ranking: Ranking, now: datetime) -> Counted:
    on = ranking.platform
    people, strangers, noted = len(on.people), len(on.strangers), len(ranking.noted)
    hanging = to_kept(ranking.dependency)
    return Counted(now, ranking.since, ranking.until, on.founded_on, people, strangers, noted, hanging)


def _row(one: Ranked, rungs: Sequence[Rung], standings: Mapping[int, str]) -> SignalsRow:
    did, platform = one.signals, one.platform
    rung = standings.get(one.person_id, "")
    return SignalsRow(
        person_id=one.person_id,
        days=did.days,
        openings=did.openings,
        answerers=did.answerers,
        helped=did.helped,
        thanked=did.thanked,
        messages=did.messages,
        said=did.said,
        platform=[platform.deeds, platform.days] if platform else None,
        score=one.score.total,
        rung=rung,
        toward=_toward(did, rungs, rung),
        notes=one.notes,
    )


def _toward(did: Signals, rungs: Sequence[Rung], rung: str) -> float:
    """Which part of the next rung is met; 1 where there is none, so that nobody is about to rise to it."""
    codes = [one.code for one in RUNGS]
    held = codes.index(rung) + 1 if rung in codes else 0
    return met(did, rungs[held]) if held < len(rungs) else 1.0

"""Who carries a community or one of its groups, as the keeper last counted it: for pages, reports and cards.

Nothing is counted here, so that a page may ask: a bounded number of queries, goes_together the community's size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from qunying.desk.queries import list_task_states
from qunying.insights.dependency import Dependency
from qunying.insights.seeds.hanging import from_kept
from qunying.insights.seeds.kept import Scoring, platform_of_row, signals_of_row
from qunying.insights.seeds.ladder import Rung, rungs_of
from qunying.insights.seeds.scoring import Platform, Score
from qunying.insights.seeds.signals import Signals
from qunying.insights.seeds.winning import invite_key, talk_key
from qunying.journal.queries import list_facts_of_home
from qunying.outbox.queries import items_by_key
from qunying.people.ladder import LadderRow, SignalsRow, find_ladder, list_ranked
from qunying.people.queries import list_people_in_group
from qunying.people.shortlists import ListedAs, list_listed
from qunying.people.standings import RUNG_CODES, StandingRow, count_by_rung, find_joined, list_falling_counted
from qunying.people.whoever import people_named

SEEDS = 5
FALLING = 5
CLIMBS = 500  # facts read of a span
MOVED = ("rung.gained", "rung.lost")
NOTHING_HANGS = Dependency()


class Step(StrEnum):
    """How far somebody on a shortlist has come, the farthest."""

    LISTED = "listed"
    PLANNED = "planned"
    TALKED = "talked"
    INVITED = "invited"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Seed:
    """Somebody who carries: the score with its parts, what is behind them, the rung, and the shortlist with how far they have
    come, where they are on one."""

    person_id: int
    name: str
    score: Score
    signals: Signals
    platform: Platform | None
    talks: int
    rung: str
    list_id: int = 0
    list_name: str = ""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Climb:
    """Somebody stood on another rung in the end than at the beginning of a span; "" is the ordinary."""

    person_id: int
    name: str
    before: str
    after: str

    @property
    def is_gain(self) -> bool:
        """Upwards."""
        return _height(self.after) > _height(self.before)


@dataclass(frozen=True, slots=True)
class Grace:
    """Somebody is below what their rung takes, and loses it on that day unless something happens."""

    person_id: int
    name: str
    rung: str
    falls_on: date


@dataclass(frozen=True, slots=True)
class Carrying:
    """As counted of the whole local days from ``since`` to ``last``, both included. ``rungs`` are the community's,
    ``stand`` says how many stand on each."""

    since: date
    last: date
    days: int
    rungs: tuple[Rung, ...]
    seeds: tuple[Seed, ...] = ()
    falling: tuple[Grace, ...] = ()
    falling_count: int = 0
    stand: Mapping[str, int] = field(default_factory=dict)
    dependency: Dependency = NOTHING_HANGS
    has_notes: bool = False
    is_begun: bool = False


def read_carrying(
    community_id: int, zone: str, *, group_id: int | None = None, most: int = SEEDS, ladder: LadderRow | None = None
) -> Carrying | None:
    """What was last counted of a community; None where nothing was. With ``group_id`` only its seed users who sit there now:
    where people stand and what hangs on them is the whole community's."""
    ladder = ladder or find_ladder(community_id)
    if ladder.counted_from is None or ladder.counted_until is None:
        return None
    ranked = list_ranked(community_id, start=0, limit=most, group_id=group_id)
    scoring, count, dependency = Scoring(ladder, zone), 0, NOTHING_HANGS
    falling: list[StandingRow] = []
    stand: dict[str, int] = {}
    if group_id is None:
        joined = find_joined(community_id)
        falling, count = list_falling_counted(community_id, FALLING, joined)
        stand = {code: n for (_home, code), n in count_by_rung([community_id], joined).items()}
        dependency = from_kept(dict(ladder.hanging)) if ladder.hanging else NOTHING_HANGS
    ids = {*(one.person_id for one in ranked), *(one.person_id for one in falling)}
    called = people_named(ids | {one.person_id for one in dependency.pillars}) if ids else {}
    return Carrying(
        since=ladder.counted_from,
        last=date.fromordinal(ladder.counted_until.toordinal() - 1),
        days=scoring.days,
        rungs=rungs_of(ladder.rungs),
        seeds=_with_steps([_seed(one, scoring, called) for one in ranked], community_id, ladder.seed_group_id),
        falling=tuple(_grace(one, called) for one in falling if one.falls_on),
        falling_count=count,
        stand=stand,
        dependency=_named(dependency, called),
        has_notes=scoring.has_notes,
        is_begun=ladder.begun_on is not None,
    )


_Called = Mapping[int, tuple[int, str]]


def _seed(row: SignalsRow, scoring: Scoring, called: _Called) -> Seed:
    who, name = _who(row.person_id, called)
    did, platform = signals_of_row(row), platform_of_row(row)
    return Seed(who, name, scoring.of(row), did, platform, row.notes, row.rung)


def _who(noted: int, called: _Called) -> tuple[int, str]:
    """Who that is now, and what they are called."""
    return called.get(noted, (noted, f"#{noted}"))


def _grace(one: StandingRow, called: _Called) -> Grace:
    return Grace(*_who(one.person_id, called), one.rung, one.falls_on or one.since)


def _named(found: Dependency, called: _Called) -> Dependency:
    """Whoever was counted under an id that is another's now is told as that one; two who became one stay two until the next
    count, which a merge asks for."""
    who = {one.person_id: _who(one.person_id, called) for one in found.pillars}
    pillars = (replace(one, person_id=who[one.person_id][0], name=who[one.person_id][1]) for one in found.pillars)
    return replace(found, pillars=tuple(pillars))


def _with_steps(seeds: Sequence[Seed], community_id: int, seed_group: int | None) -> tuple[Seed, ...]:
    """With the newest shortlist of each and how far they have come; four queries at most, one where nobody is on any."""
    listed = list_listed(community_id, [one.person_id for one in seeds]) if seeds else {}
    if not listed:
        return tuple(seeds)
    group = seed_group or 0
    talks = {who: talk_key(one.list_id, one.listed_as) for who, one in listed.items()}
    asks = {who: invite_key(one.list_id, one.listed_as, group) for who, one in listed.items()} if group else {}
    tasks = list_task_states([*talks.values(), *asks.values()])
    sent = items_by_key(list(asks.values())) if asks else {}
    there = list_people_in_group(list(listed), group) if group else set()
    known = _Known(
        {who: tasks[key].state for who, key in talks.items() if key in tasks},
        {who for who, key in asks.items() if key in tasks or key in sent},
        there,
    )
    return tuple(_step(one, listed.get(one.person_id), known) for one in seeds)


@dataclass(frozen=True, slots=True)
class _Known:
    talks: Mapping[int, str]
    invited: set[int]
    there: set[int]


def _step(seed: Seed, listed: ListedAs | None, known: _Known) -> Seed:
    if listed is None:
        return seed
    return replace(seed, list_id=listed.list_id, list_name=listed.name, step=_farthest(seed.person_id, known))


def _farthest(who: int, known: _Known) -> Step:
    if who in known.there:
        return Step.JOINED
    if who in known.invited:
        return Step.INVITED
    if who in known.talks:
        return Step.TALKED if known.talks[who] == "done" else Step.PLANNED
    return Step.LISTED


def read_climbs(community_id: int, since: datetime, until: datetime) -> tuple[Climb, ...]:
    """Who stands on another rung since then, who rose first, the highest first; of an id that was joined with another meanwhile
    it tells that one. Two queries at most."""
    facts = list_facts_of_home(community_id, MOVED, since, until, CLIMBS)
    called = people_named({one.identity_id or 0 for one in facts}) if facts else {}
    moved: dict[tuple[int, str], tuple[str, str]] = {}
    for one in facts:
        who = _who(one.identity_id or 0, called)
        before = moved.get(who, (str(one.words.get("from", "")), ""))[0]
        moved[who] = (before, str(one.words.get("to", "")))
    found = [Climb(*who, *turn) for who, turn in moved.items() if turn[0] != turn[1]]
    return tuple(sorted(found, key=lambda one: (not one.is_gain, -_height(one.after), one.person_id)))


def _height(rung: str) -> int:
    return RUNG_CODES.index(rung) if rung in RUNG_CODES else -1

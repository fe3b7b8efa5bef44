"""Paths: what people do first after they came, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qunying.insights.columns import EPOCH, to_us
from qunying.insights.engines import chosen
from qunying.insights.engines.base import Row
from qunying.insights.engines.views import read_sql
from qunying.insights.journeys.did import HOME, hold_did
from qunying.insights.journeys.steps import JOINED, LEFT, SAID, sources_of
from qunying.insights.measure import Open
from qunying.insights.scope import MICROSECOND, Scope
from qunying.insights.talks import NO_QUESTION
from qunying.insights.world import see
from qunying.people.queries import list_odd_identities
from qunying.talk.before import first_answers, list_asked_by, list_openings_of

ASKED, OPENED, ANSWERED, ORDER = "asked", "opened", "answered", "order"
IN_RECORD = (JOINED, SAID, ORDER, LEFT)
ORDERED = (JOINED, SAID, ASKED, OPENED, ANSWERED, ORDER, LEFT)  # of what happens in the same moment
LONGEST = 5  # steps of a path, coming among them


@dataclass(frozen=True, slots=True)
class Path:
    """The first steps of so many people, coming first; every step counts when it is done for the first time."""

    steps: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Paths:
    """Every path that was taken, most people first. ``unfinished`` came too late for the window to be over, and are not in."""

    paths: tuple[Path, ...]
    unfinished: int

    @property
    def people(self) -> int:
        """Everybody whose window is over."""
        return sum(path.people for path in self.paths)


def count_paths(
    scope: Scope, began_at: datetime, window: timedelta, *, longest: int = LONGEST, open_session: Open = chosen.open
) -> Paths:
    """Of everybody who came for the first time ever in the span, what they did within ``window`` of coming.

    ``began_at`` is where the record begins. A person in two communities counts in each.
    """
    whole = replace(scope, since=min(began_at, scope.since))
    with open_session(see(whole, sources_of(IN_RECORD))) as session:
        hold_did(session, IN_RECORD, with_clocks=False)
        params = {"since_us": to_us(scope.since), "window_us": window // MICROSECOND}
        rows = session.ask(read_sql("journeys/paths"), params)
    last = to_us(scope.until - window)
    began = {row["member"]: row["start_us"] for row in rows}
    members = {member: start for member, start in began.items() if start <= last}
    firsts = _firsts(rows, members)
    for member, name, at in _of_talk(members, scope, window):
        firsts[member][name] = min(at, firsts[member].get(name, at))
    counted = Counter(_path(first)[:longest] for first in firsts.values())
    paths = sorted(counted.items(), key=lambda item: (-item[1], [ORDERED.index(step) for step in item[0]]))
    return Paths(tuple(Path(steps, people) for steps, people in paths), len(began) - len(members))


def _firsts(rows: Sequence[Row], members: Mapping[int, int]) -> dict[int, dict[str, int]]:
    """When each member first did what."""
    found: dict[int, dict[str, int]] = {member: {} for member in members}
    for row in rows:
        if row["member"] in found:
            found[row["member"]][row["name"]] = row["at_us"]
    return found


def _path(first: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(first, key=lambda step: (first[step], ORDERED.index(step))))


def _of_talk(members: Mapping[int, int], scope: Scope, window: timedelta) -> Iterator[tuple[int, str, int]]:
    """(member, step, moment) of what only the talk shows, within each one's window."""
    if not members:
        return
    accounts = _accounts(members, scope)
    since, until = (EPOCH + timedelta(microseconds=edge(members.values())) for edge in (min, max))
    asked = list_asked_by(sorted(accounts), scope.group_ids, since, until + window + MICROSECOND, NO_QUESTION)
    answers = first_answers([message for message, _, _, _ in asked])
    begun = list_openings_of(sorted(accounts), scope.group_ids, since, until + window + MICROSECOND)
    done = [
        *((home, who, ASKED, at) for _, home, who, at in asked),
        *((home, who, ANSWERED, answers[pk]) for pk, home, who, at in asked if pk in answers),
        *((home, who, OPENED, at) for home, who, at in begun),
    ]
    for home, who, name, at in done:
        member, moment = home * HOME + accounts[who], to_us(at)
        if member in members and 0 <= moment - members[member] <= window // MICROSECOND:
            yield member, name, moment


def _accounts(members: Mapping[int, int], scope: Scope) -> dict[int, int]:
    """The identities of these members, each with its person."""
    people = {member % HOME for member in members}
    merged = {one: person for one, person, _ in list_odd_identities(scope.group_ids) if person in people}
    return {person: person for person in people} | merged

"""Layers of a group: who begins conversations, who goes on with them, who is there without saying much, and who is not.

Conversation starts come from threads of talk, not from counts of messages. A member stands in the highest layer whose
condition they meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.communities.queries import CountedGroup
from qunying.insights.aside import Aside, read_aside
from qunying.insights.columns import Moves, People, Talk
from qunying.insights.looking import look_at
from qunying.insights.scope import Scope, days_earlier
from qunying.insights.thresholds import BUILT_IN, Thresholds, limits_of
from qunying.people.layers import Layer
from qunying.talk.threads import count_openings

SOURCES = ("messages", "events", "memberships")


@dataclass(frozen=True, slots=True)
class Layers:
    """Members by layer, each in the order in which they talk most; ``never`` of the dormant never said a word there."""

    people: Mapping[Layer, tuple[int, ...]]
    never: int
    thresholds: Thresholds = BUILT_IN

    @property
    def members(self) -> int:
        """Everybody in a layer."""
        return sum(map(len, self.people.values()))

    @property
    def active(self) -> int:
        """Openers and followers."""
        return len(self.people[Layer.OPENER]) + len(self.people[Layer.FOLLOWER])


@dataclass(frozen=True, slots=True)
class Traces:
    """What one member left behind in the time looked at."""

    messages: int = 0
    days: int = 0
    openings: int = 0
    came: bool = False


def layer_of(traces: Traces, thresholds: Thresholds) -> Layer:
    """The highest layer whose condition these traces meet."""
    if traces.openings >= thresholds.openings:
        return Layer.OPENER
    spoke = traces.days >= thresholds.days_spoken or traces.messages >= thresholds.messages
    if spoke or traces.openings:
        return Layer.FOLLOWER
    return Layer.LURKER if traces.messages or traces.came else Layer.DORMANT


def read_layers(
    groups: Sequence[CountedGroup],
    until: datetime,
    thresholds: Thresholds | None = None,
    *,
    aside: Aside | None = None,
    may_lag: bool = False,
) -> Layers:
    """The members who sit in these groups at that moment, by what they did in the days before it.

    Somebody in several of the groups stands once, in the layer of all they did there. Colleagues and programs are left out.
    Without ``thresholds`` those that their community set count. With ``may_lag`` those who sat there a while ago
    (``world.seats_noted_at``), where the groups are many.
    """
    limits = thresholds or limits_of(groups)
    zone = groups[0].timezone if groups else "UTC"
    scope = Scope(tuple(groups), days_earlier(until, limits.days, zone), until)
    known = aside or read_aside(scope, scope.group_ids)
    look = look_at(scope, SOURCES, known, may_lag=may_lag)
    traces = _traces(look.talk, look.moves, _openings(scope, known.persons))
    members = _members(look.people)
    found: dict[Layer, list[int]] = {layer: [] for layer in Layer}
    for person in members:
        found[layer_of(traces.get(person, Traces()), limits)].append(person)
    silent = sum(members[person] for person in found[Layer.DORMANT])
    return Layers(
        {
            layer: tuple(sorted(people, key=lambda person: (-traces.get(person, Traces()).messages, person)))
            for layer, people in found.items()
        },
        never=silent,
        thresholds=limits,
    )


def _members(people: People) -> dict[int, bool]:
    """Each member once, and whether they never said a word in any of the groups."""
    mute: dict[int, bool] = {}
    for person, is_mute in zip(people.person_id.tolist(), people.is_mute.tolist(), strict=True):
        mute[person] = mute.get(person, True) and is_mute
    return mute


def _traces(talk: Talk, moves: Moves, openings: Mapping[int, int]) -> dict[int, Traces]:
    said = {person: (messages, days) for person, messages, days in talk.by_person(len(talk.person_id))}
    came = set(moves.person_id[moves.is_in].tolist())
    return {
        person: Traces(*said.get(person, (0, 0)), openings.get(person, 0), person in came)
        for person in said.keys() | came | openings.keys()
    }


def _openings(scope: Scope, persons: Mapping[int, int]) -> Counter[int]:
    """How many conversations that others joined each person began."""
    found: Counter[int] = Counter()
    begun = [count_openings(scope.living_ids, scope.since, scope.until)]
    begun += [
        count_openings([group.id], scope.since, min(scope.until, group.until)) for group in scope.groups if group.until
    ]
    for counts in begun:
        for identity, count in counts.items():
            found[persons.get(identity, identity)] += count
    return found

"""The demo world: who lives in it, in which groups, since when."""

from __future__ import annotations

from datetime import date, timedelta

from qunying.carriers.sandbox.demo.folk import Community, Group, Member, Person, Role, Seat, Temper, Via, World
from qunying.carriers.sandbox.demo.places import COMMUNITIES, WORLD_NAME, plan_groups
from qunying.carriers.sandbox.demo.settling import settle_people

__all__ = [
    "Community",
    "Group",
    "Member",
    "Person",
    "Role",
    "Seat",
    "Temper",
    "Via",
    "World",
    "make_world",
]

HISTORY_DAYS = 63
DEFAULT_ANCHOR = date(2026, 11, 21)


def make_world(
    seed: int, groups: int = 40, *, anchor: date = DEFAULT_ANCHOR, history_days: int = HISTORY_DAYS
) -> World:
    """The world of this seed: 40 groups hold exactly 6,214 different people when `anchor` begins; other counts scale.

    The anchor is the demo's start day: tempers, camps and the scripted evening hang on it. The same arguments give an
    equal world in every process. ValueError when there is no group or less than 28 days of history.
    """
    if groups < 1:
        raise ValueError(f"a world needs at least one group, not {groups}")
    if history_days < 28:
        raise ValueError(f"a world needs at least 28 days of history, not {history_days}")
    planned = plan_groups(seed, groups, anchor, history_days)
    first_day = anchor - timedelta(days=history_days)
    people, gone = settle_people(seed, planned, anchor, first_day)
    rolls = _rolls_of(planned, (*people, *gone))
    return World(WORLD_NAME, seed, anchor, first_day, COMMUNITIES, planned, people, gone, rolls)


def _rolls_of(groups: tuple[Group, ...], people: tuple[Person, ...]) -> dict[str, tuple[Member, ...]]:
    rolls: dict[str, list[Member]] = {group.ref: [] for group in groups}
    for person in people:
        for seat in person.seats:
            rolls[seat.group].append(Member(person, seat))
    return {ref: tuple(members) for ref, members in rolls.items()}

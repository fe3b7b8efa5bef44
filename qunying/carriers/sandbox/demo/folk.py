"""What the demo world is made of: communities, groups, people and their seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Temper = Literal["lively", "steady", "quieting", "new", "crowded", "carried"]
Role = Literal["member", "admin", "owner"]
Via = Literal["qr", "invite", "link", "search"]
Purpose = Literal["acquire", "activate", "retain", "convert"]


@dataclass(frozen=True, slots=True)
class Community:
    """What the groups of one topic promise their members, and what their owner wants from them."""

    key: str
    name: str
    topic: str
    promise: str
    purpose: tuple[Purpose, ...]
    timezone: str


@dataclass(frozen=True, slots=True)
class Group:
    """One chat group. `pace` is messages on an ordinary day; `drop` the share of talk it lost a week before the anchor."""

    ref: str
    community: str
    name: str
    carrier_name: str
    city: str
    industry: str
    opened: date
    capacity: int
    weight: int
    temper: Temper
    size: int
    pace: float
    drop: float


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's time in one group; `left` and `carded` (the day the group card was set) are None when it never happens."""

    group: str
    joined: date
    via: Via = "qr"
    left: date | None = None
    carded: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the world. `talkativeness` is relative: 0 never opens their mouth, 1 speaks like an average talker."""

    ref: str
    name: str
    card: str
    city: str
    job: str
    role: Role
    seats: tuple[Seat, ...]
    talkativeness: float
    voice: int
    is_staff: bool = False
    duty: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """The refs of the groups this person sits or sat in."""
        return tuple(seat.group for seat in self.seats)

    def joined(self, group: str) -> date:
        """The day this person joined the group; KeyError when they never did."""
        for seat in self.seats:
            if seat.group == group:
                return seat.joined
        raise KeyError(group)


class Member(NamedTuple):
    """A person on their seat in one group."""

    person: Person
    seat: Seat


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything that does not depend on the day.

    `people` are those who are members when the anchor day begins; `gone` left between `first_day` and the anchor;
    `rolls` lists both, by group ref. The talk starts on `first_day` and never ends.
    """

    name: str
    seed: int
    anchor: date
    first_day: date
    communities: tuple[Community, ...]
    groups: tuple[Group, ...]
    people: tuple[Person, ...]
    gone: tuple[Person, ...]
    rolls: Mapping[str, tuple[Member, ...]]

    def group(self, ref: str) -> Group:
        """The group with this ref; KeyError when the world has none."""
        for group in self.groups:
            if group.ref == ref:
                return group
        raise KeyError(ref)

"""What is known of who has seen which rule. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qunying.kernel.scene import RuleInForce

NAME = "rules"
REACH = "reach"
WROTE, WARNED, TOLD, REPLIED, CONFIRMED = "wrote", "warned", "told", "replied", "confirmed"
SURER = (WROTE, WARNED, TOLD, REPLIED, CONFIRMED)
NOTED, ASKED, WAITING, FAILED = "noted", "asked", "waiting", "failed"

Meaning = tuple[int, int]  # a rule and the version since which it means what it means
Seat = tuple[int, int]  # a group and somebody in it


def meaning_of(rule: RuleInForce) -> Meaning:
    """What somebody knows who knows that rule."""
    return rule.id, rule.meaning


@dataclass(frozen=True, slots=True)
class Reach:
    """That somebody has seen a rule: by what, when, where. ``act_key`` is the effect that told them, where one did."""

    how: str
    at: datetime
    group_id: int | None = None
    act_key: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a rule was said in a group: when it was heard there first and last, and when we last set out to say it.

    ``state`` is what became of that: only noted, asked, waiting or failed. ``source_key`` is the last message.
    """

    first_heard_at: datetime | None = None
    heard_at: datetime | None = None
    source_key: str = ""
    asked_at: datetime | None = None
    act_key: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """That somebody was, or is to be, told in private of these rules."""

    act_key: str
    community_id: int
    group_id: int
    identity_id: int
    at: datetime
    meanings: tuple[Meaning, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Whom a warning is for, and its words."""

    member_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of the groups and people of a batch, and what is new and must be written.

    ``members``: of groups in which something is planned everybody who is to be reached, with the moment they came. ``seats``:
    all groups in which each of them sits; the first of these is the one that reminds them. A reach of None is one that turned out not to be.
    ``warnings``: what a person has just let go of all that warns somebody, by its key.
    """

    spoken: Mapping[tuple[int, Meaning], Spoken] = field(default_factory=dict)
    reached: Mapping[tuple[Meaning, int], Reach | None] = field(default_factory=dict)
    reminders: Mapping[str, Reminder] = field(default_factory=dict)
    members: Mapping[int, Mapping[int, datetime | None]] = field(default_factory=dict)
    seats: Mapping[int, frozenset[int]] = field(default_factory=dict)
    wakes_at: Mapping[int, datetime] = field(default_factory=dict)
    warnings: Mapping[str, Warned] = field(default_factory=dict)
    new_spoken: frozenset[tuple[int, Meaning]] = frozenset()
    new_reached: frozenset[tuple[Meaning, int]] = frozenset()
    new_reminders: frozenset[str] = frozenset()

    def spoken_in(self, group_id: int, rule: RuleInForce) -> Spoken:
        """How that rule was said there so far."""
        return self.spoken.get((group_id, meaning_of(rule)), Spoken())

    def has_reached(self, rule: RuleInForce, identity_id: int) -> bool:
        """Whether somebody has seen that rule as it is meant now."""
        return self.reached.get((meaning_of(rule), identity_id)) is not None

    def is_home(self, group_id: int, identity_id: int) -> bool:
        """Whether that group is the one that reminds somebody."""
        return min(self.seats.get(identity_id, frozenset()) | {group_id}) == group_id

    def unreached(self, group_id: int, rule: RuleInForce) -> list[int]:
        """Who of a group has not seen that rule; only where something is planned."""
        return [one for one in self.members.get(group_id, {}) if not self.has_reached(rule, one)]

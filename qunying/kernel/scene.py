"""Where an event happens: the group with its modes and settings, and the people it names. Read once per batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from qunying.kernel.events import CardChanged, Event, MemberJoined, MemberLeft, Who
from qunying.kernel.hours import QuietHours


class Mode(StrEnum):
    """How far a capability may go in a group: nothing, notes only, proposals, acts."""

    OFF = "off"
    OBSERVE = "observe"
    SUGGEST = "suggest"
    ACT = "act"


STAFF_ROLES = frozenset({"owner", "admin"})


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in one group at this moment of the story. ``is_official``: on the community's own roster."""

    identity_id: int
    ref: str
    name: str
    card: str = ""
    role: str = "member"
    is_present: bool = True
    is_official: bool = False
    joined_at: datetime | None = None
    messages: int = 0  # said in this group before the batch

    @property
    def is_staff(self) -> bool:
        """Whether they speak for the community: on its roster, or owner or administrator of the group."""
        return self.is_official or self.role in STAFF_ROLES

    @property
    def shown_name(self) -> str:
        """What others in the group see: the name; group cards are for looking people up."""
        return self.name or self.ref


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule of a community that everybody must know. ``meaning`` is the version since which it means what it means now.

    ``ends_at``: the moment from which it no longer matters, None where there is no such moment; ``deadline`` says what ends.
    """

    id: int
    name: str
    text: str
    meaning: int
    since: datetime
    deadline: str = ""
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupScene:
    """One group as the capabilities see it. ``rules`` are those that everybody must know, in the community's order."""

    id: int
    ref: str
    carrier: str
    community_id: int
    name: str
    language: str
    quiet: QuietHours
    staff_names: tuple[str, ...] = ()
    modes: Mapping[str, Mode] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[RuleInForce, ...] = ()

    def mode(self, capability: str) -> Mode:
        """The mode of a capability here; a group nobody decided about is observed."""
        return self.modes.get(capability, Mode.OBSERVE)

    def at(self, moment: datetime) -> GroupScene:
        """The group as it is to be spoken in at that moment: without the rules that no longer matter."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule.ends_at is None or moment < rule.ends_at))


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the pure part of the story may know, besides what capabilities read for themselves.

    ``replied_at`` is when the system last answered somebody in a group: at most one reply per group and minute.
    """

    groups: Mapping[int, GroupScene]
    members: Mapping[tuple[int, str], Member]
    replied_at: Mapping[int, datetime] = field(default_factory=dict)

    def group(self, event: Event) -> GroupScene | None:
        """The group an event happened in, None for what happens in no group."""
        return self.groups.get(event.group_id) if event.group_id is not None else None

    def member(self, event: Event, who: Who) -> Member:
        """Who that is in the event's group, under the name the event gives them.

        Everybody an event names is in the scene; anything else is a bug.
        """
        member = self.members[(event.group_id or 0, who.ref)]
        return replace(member, name=who.name) if who.name and who.name != member.name else member


def move_on(scene: Scene, event: Event) -> Scene:
    """The scene as the next event sees it: somebody came, went or has a new card."""
    match event:
        case MemberJoined(member=who):
            before = scene.member(event, who)
            member = replace(before, is_present=True, joined_at=event.at, card=who.card or before.card)
        case MemberLeft(member=who):
            member = replace(scene.member(event, who), is_present=False)
        case CardChanged(member=who):
            before = scene.member(event, who)
            member = replace(before, card=who.card, role=who.role or before.role)
        case _:
            return scene
    return replace(scene, members={**scene.members, (event.group_id or 0, member.ref): member})

"""A room as its state says: its name, who is there, who may do what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qunying.carriers.wire.line import GroupLook
from qunying.kernel.events import Who

OWNER, ADMIN, MUTED = 100, 50, -1
CREATOR = 2**53  # from room version 12 on, whoever made a room has more power than any number
KEPT_TYPES = (
    "m.room.create",
    "m.room.member",
    "m.room.power_levels",
    "m.room.name",
    "m.room.canonical_alias",
    "m.room.encryption",
)
_SPEAKS = ("Say", "Announce")
_NEEDS = {  # what an effect needs in the power levels, and what is meant where they do not say
    "DeleteMessage": ("redact", 50),
    "RemoveMember": ("kick", 50),
    "Ban": ("ban", 50),
    "Unban": ("ban", 50),
    "ApproveJoin": ("invite", 0),
    "RejectJoin": ("kick", 50),
    "Invite": ("invite", 0),
}


@dataclass(slots=True)
class Room:
    """What a line knows of one room."""

    ref: str
    state: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    creators: frozenset[str] = frozenset()
    mutes: dict[str, int] = field(default_factory=dict)  # until when, in milliseconds, by whom we muted

    def heed(self, event: Mapping[str, Any]) -> None:
        """Takes note of a state event."""
        kind, content = event.get("type"), event.get("content")
        if kind not in KEPT_TYPES or not isinstance(content, Mapping) or not isinstance(event.get("state_key"), str):
            return
        self.state[(kind, event["state_key"])] = content
        if kind == "m.room.create" and _version(content) >= 12:
            more = content.get("additional_creators")
            self.creators = frozenset({str(event.get("sender")), *(more if isinstance(more, list) else ())})

    def content(self, kind: str, key: str = "") -> Mapping[str, Any]:
        """What the state says, empty where it says nothing."""
        return self.state.get((kind, key), {})

    @property
    def name(self) -> str:
        """The room's name, its address, or its id."""
        named, address = self.content("m.room.name").get("name"), self.content("m.room.canonical_alias").get("alias")
        return next((one for one in (named, address) if isinstance(one, str) and one.strip()), self.ref)

    @property
    def is_named(self) -> bool:
        """Whether anybody gave it a name or an address."""
        return self.name != self.ref

    @property
    def is_encrypted(self) -> bool:
        """Whether its messages cannot be read by us."""
        return ("m.room.encryption", "") in self.state

    def membership(self, user: str) -> str:
        """``join invite knock leave ban``, or empty."""
        return str(self.content("m.room.member", user).get("membership", ""))

    def people(self, *memberships: str) -> Iterator[str]:
        """Those who stand so."""
        for (kind, user), content in self.state.items():
            if kind == "m.room.member" and content.get("membership") in memberships:
                yield user

    def name_of(self, user: str) -> str:
        """How somebody is called there, their id where they have no name."""
        name = self.content("m.room.member", user).get("displayname")
        return name if isinstance(name, str) and name.strip() else user

    def level_of(self, user: str, levels: Mapping[str, Any] | None = None) -> int:
        """Somebody's power, now or by other levels."""
        if user in self.creators:
            return CREATOR
        found = levels if levels is not None else self.content("m.room.power_levels")
        users = found.get("users")
        default = as_level(found.get("users_default"), 0)
        return as_level(users.get(user), default) if isinstance(users, Mapping) else default

    def role_of(self, user: str, levels: Mapping[str, Any] | None = None) -> str:
        """``owner admin member``."""
        level = self.level_of(user, levels)
        return "owner" if level >= OWNER else "admin" if level >= ADMIN else "member"

    def is_mute(self, user: str, levels: Mapping[str, Any] | None = None) -> bool:
        """Whether somebody may not speak though a newcomer may."""
        found = levels if levels is not None else self.content("m.room.power_levels")
        needed = speaking_level(found)
        return self.level_of(user, found) < needed <= max(as_level(found.get("users_default"), 0), 0)

    def who(self, user: str) -> Who:
        """Somebody with their name there, which is their card too, and their role."""
        name = self.name_of(user)
        return Who(user, name, name, self.role_of(user))

    def look(self, own: str, does: frozenset[str]) -> GroupLook:
        """The room as we see it."""
        lacks = {kind: why for kind in does if (why := self._lacks(kind, own))}
        members = tuple(self.who(user) for user in self.people("join") if user != own)
        return GroupLook(self.ref, self.name, does - lacks.keys(), lacks, members)

    def _lacks(self, kind: str, own: str) -> str:
        if kind in _SPEAKS and self.is_encrypted:
            return "encrypted"
        needed = self.needs(kind)
        return f"power_{needed}" if self.level_of(own) < needed else ""

    def needs(self, kind: str) -> int:
        """The power that an effect needs; 0 where it needs none of this room."""
        levels = self.content("m.room.power_levels")
        if kind in _SPEAKS:
            return speaking_level(levels)
        if kind in ("Mute", "Unmute"):
            return event_level(levels, "m.room.power_levels", is_state=True)
        if kind == "Pin":
            return event_level(levels, "m.room.pinned_events", is_state=True)
        word, otherwise = _NEEDS.get(kind, ("", 0))
        return as_level(levels.get(word), otherwise) if word else 0


def speaking_level(levels: Mapping[str, Any]) -> int:
    """The power that saying something needs."""
    return event_level(levels, "m.room.message", is_state=False)


def event_level(levels: Mapping[str, Any], kind: str, *, is_state: bool) -> int:
    """The power that an event of that kind needs."""
    default = as_level(levels.get("state_default"), 50) if is_state else as_level(levels.get("events_default"), 0)
    events = levels.get("events")
    return as_level(events.get(kind), default) if isinstance(events, Mapping) else default


def as_level(value: object, otherwise: int) -> int:
    """A power as a number; older rooms wrote it as text."""
    if isinstance(value, bool):
        return otherwise
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else otherwise


def _version(content: Mapping[str, Any]) -> int:
    version = str(content.get("room_version", "1"))
    return int(version) if version.isdecimal() else 1

"""A room's events → arrivals; what cannot be read is named instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from qunying.carriers.base import Arrival, EventPlace
from qunying.carriers.matrix.message import edited, mentioned
from qunying.carriers.matrix.parse import BESIDE, moment, parse
from qunying.carriers.matrix.room import Room

OPEN_END = int(timedelta(days=3650).total_seconds() * 1000)  # a mute of which nobody said when it ends
LONGEST_REF = 128
HEARD = frozenset(
    {
        "m.room.message",
        "m.sticker",
        "m.room.encrypted",
        "m.room.redaction",
        "m.room.member",
        "m.room.name",
        "m.room.power_levels",
    }
)
MEANT_NOTHING = frozenset(
    {
        "m.reaction",
        "m.room.aliases",
        "m.room.avatar",
        "m.room.canonical_alias",
        "m.room.create",
        "m.room.encryption",
        "m.room.guest_access",
        "m.room.history_visibility",
        "m.room.join_rules",
        "m.room.pinned_events",
        "m.room.server_acl",
        "m.room.third_party_invite",
        "m.room.tombstone",
        "m.room.topic",
        "m.space.child",
        "m.space.parent",
    }
)
_PROBE = EventPlace("", 0, 0, None, 0)


@dataclass(frozen=True, slots=True)
class Mishap:
    """What went wrong, as ``Ear.mishap`` takes it."""

    what: str
    sample: str = ""


Told: TypeAlias = Arrival | Mishap


def tell(event: Mapping[str, Any], room: Room, own: str, partner: str = "") -> Iterator[Told]:
    """What one event brings, before the room takes note of it; ``partner`` is the other side of a private chat. Never raises."""
    try:
        yield from list(_tell(event, room, own, partner))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield Mishap("malformed", f"{event.get('type')!s:.60} {type(error).__name__}")


def _tell(event: Mapping[str, Any], room: Room, own: str, partner: str) -> Iterator[Told]:
    kind = event["type"]
    if kind not in HEARD:
        if kind not in MEANT_NOTHING:
            yield Mishap("unknown_kind", str(kind)[:100])
        return
    if kind == "m.room.encrypted":
        yield Mishap("encrypted", room.ref)
    if partner:
        yield from _in_private(event, room, own, partner)
    elif kind == "m.room.power_levels":
        yield from _powers(event, room, own)
    elif not (kind == "m.room.member" and event["state_key"] == own):
        key = f"encrypted:{room.ref}" if kind == "m.room.encrypted" else event["event_id"]
        yield from _arrival(key, event, room, {"own": own})


def _in_private(event: Mapping[str, Any], room: Room, own: str, partner: str) -> Iterator[Told]:
    """Only what the other side writes; our own words are known to whoever had us write them."""
    is_said = event["type"] in ("m.room.message", "m.sticker") and event["sender"] == partner
    if is_said and edited(event["content"]) is None:
        yield from _arrival(event["event_id"], event, room, {"own": own, "is_private": True}, partner)


def _powers(event: Mapping[str, Any], room: Room, own: str) -> Iterator[Told]:
    """One arrival per person whose role or voice changed."""
    after = event["content"]
    before = event.get("unsigned", {}).get("prev_content") or room.content("m.room.power_levels")
    people = {*before.get("users", {}), *after.get("users", {})} - {own}
    for person in sorted(people):
        if (role := room.role_of(person, after)) != room.role_of(person, before):
            yield from _arrival(
                f"{event['event_id']}:{person}", event, room, {"own": own, "member": person, "role": role}
            )
        if (is_mute := room.is_mute(person, after)) != room.is_mute(person, before):
            until = room.mutes.get(person, event["origin_server_ts"] + OPEN_END) if is_mute else None
            words = {"own": own, "member": person, "until": until}
            yield from _arrival(f"{event['event_id']}:voice:{person}", event, room, words)


def _arrival(
    key: str, event: Mapping[str, Any], room: Room, beside: Mapping[str, Any], partner: str = ""
) -> Iterator[Told]:
    payload = {**event, "room_id": room.ref, BESIDE: {**beside, "names": _names(event, beside, room)}}
    at = moment(event["origin_server_ts"])
    if max(len(room.ref), len(partner)) > LONGEST_REF:
        raise ValueError("reference too long")
    if parse(payload, _PROBE) is not None:
        yield Arrival(key, at, payload, "" if partner else room.ref, partner)


def _names(event: Mapping[str, Any], beside: Mapping[str, Any], room: Room) -> dict[str, str]:
    """How those are called whom the event names: the platform only gives their references."""
    content = event["content"]
    people = [event["sender"], beside.get("member"), event.get("state_key"), *mentioned(content)]
    return {one: room.name_of(one) for one in people if isinstance(one, str) and one.startswith("@")}


def our_coming_in(events: Sequence[Mapping[str, Any]], own: str) -> int:
    """Where among these we came last; 0 where we were there all the time."""
    return max((number for number, event in enumerate(events) if is_our_coming(event, own)), default=0)


def is_our_coming(event: Mapping[str, Any], own: str) -> bool:
    """Whether that is our account entering the room."""
    if event.get("type") != "m.room.member" or event.get("state_key") != own:
        return False
    content, unsigned = event.get("content"), event.get("unsigned")
    before = unsigned.get("prev_content") if isinstance(unsigned, Mapping) else None
    was = before.get("membership") if isinstance(before, Mapping) else ""
    return isinstance(content, Mapping) and content.get("membership") == "join" and was != "join"

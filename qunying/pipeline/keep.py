"""Keeps what the events of a batch say about the world: talk, people, and what the capabilities remember."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qunying.communities.actions import do_see_group
from qunying.kernel.capability import Capability
from qunying.kernel.events import (
    CardChanged,
    Event,
    GroupSeen,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessageRecalled,
    MessageReceived,
    Who,
)
from qunying.kernel.opinions import Decision
from qunying.kernel.readings import Reading
from qunying.kernel.scene import Scene
from qunying.people.actions import Came, NewCard, Seat, Spoke, Went, do_change_cards, do_count_talk, do_move
from qunying.people.sitting import Listing, do_see_members
from qunying.talk.actions import (
    Change,
    NewMessage,
    NewWhisper,
    do_change_messages,
    do_keep_messages,
    do_keep_whispers,
)


def do_keep(
    roster: Sequence[Capability],
    decisions: Sequence[Decision],
    readings: Mapping[str, Reading],
    scene: Scene,
    memories: Mapping[str, Any],
) -> None:
    """Writes talk, people and the capabilities' own tables for a batch."""
    events = [decision.event for decision in decisions]
    kept = do_keep_messages(
        [_message(e, readings, scene) for e in events if isinstance(e, MessageReceived) and not e.is_private]
    )
    do_count_talk(spoken_in(kept))
    do_change_messages(_changes(events, readings, scene, {(new.group_id, new.source_key) for new in kept}))
    do_move((_seat(e, scene), _move(e, scene)) for e in events if isinstance(e, MemberJoined | MemberLeft))
    do_change_cards(
        (_seat(e, scene), NewCard(e.member.card, e.member.role))
        for e in events
        if isinstance(e, CardChanged)
        or (isinstance(e, MemberJoined) and e.member.card)  # who comes back, under another
    )
    for event in events:
        if isinstance(event, GroupSeen):
            _do_see(event, scene)
    do_keep_whispers(_whisper(e, scene) for e in events if isinstance(e, MessageReceived) and e.is_private)
    for capability in roster:
        capability.save(memories[capability.name])


def spoken_in(kept: Sequence[NewMessage]) -> dict[Seat, Spoke]:
    """How much each member said among these messages; our own account's words do not count as talk."""
    spoken: dict[Seat, Spoke] = {}
    for new in kept:
        if new.sender_id is None or new.is_own:
            continue
        seat = Seat(new.group_id, new.sender_id)
        before = spoken.get(seat)
        spoken[seat] = (
            Spoke(before.messages + 1, min(before.first_at, new.at), max(before.last_at, new.at))
            if before
            else Spoke(1, new.at, new.at)
        )
    return spoken


def _message(event: MessageReceived, readings: Mapping[str, Reading], scene: Scene) -> NewMessage:
    return NewMessage(
        community_id=event.community_id,
        group_id=event.group_id or 0,
        sender_id=None if event.is_own else scene.member(event, event.sender).identity_id,
        source_key=event.source_key,
        at=event.at,
        text=event.text,
        kind=event.kind,
        reply_to=event.reply_to,
        mentions=[scene.member(event, who).identity_id for who in event.mentions],
        media=[{"kind": part.kind, "name": part.name, "url": part.url, "size": part.size} for part in event.media],
        is_own=event.is_own,
        reading=readings.get(event.key),
    )


def _changes(
    events: Sequence[Event], readings: Mapping[str, Reading], scene: Scene, unheard: set[tuple[int, str]]
) -> Iterator[Change]:
    """What was changed, without changes of messages that are heard only later in this batch: told alone, they are unknown."""
    for event in events:
        if event.group_id is None:
            continue
        if isinstance(event, MessageReceived):
            unheard.discard((event.group_id, event.source_key))
        change = _change(event, readings, scene)
        if change is not None and (change.group_id, change.source_key) not in unheard:
            yield change


def _change(event: Event, readings: Mapping[str, Reading], scene: Scene) -> Change | None:
    match event:
        case MessageEdited():
            by = scene.member(event, event.sender).identity_id
            return Change(
                group_id=event.group_id or 0,
                source_key=event.source_key,
                at=event.at,
                text=event.text,
                by=by,
                reading=readings.get(event.key),
            )
        case MessageRecalled():
            by_whom = scene.member(event, event.by).identity_id if event.by else None
            return Change(group_id=event.group_id or 0, source_key=event.source_key, at=event.at, by=by_whom)
        case _:
            return None


def _seat(event: MemberJoined | MemberLeft | CardChanged, scene: Scene) -> Seat:
    return Seat(event.group_id or 0, scene.member(event, event.member).identity_id)


def _move(event: MemberJoined | MemberLeft, scene: Scene) -> Came | Went:
    if isinstance(event, MemberLeft):
        return Went(event.at)
    inviter = scene.member(event, event.inviter).identity_id if event.inviter else None
    return Came(event.at, event.via, inviter)


def _do_see(event: GroupSeen, scene: Scene) -> None:
    """A group as the platform shows it: its name, and who sits there."""
    group_id, is_listed = event.group_id or 0, event.members is not None
    is_first = do_see_group(group_id, event.name, is_listed=is_listed, at=event.at)
    if event.members is not None:
        seen = {_seat_of(event, who, scene): NewCard(who.card, who.role) for who in event.members}
        do_see_members(Listing(event.community_id, group_id, event.at, event.key, is_first), seen)


def _seat_of(event: Event, who: Who, scene: Scene) -> Seat:
    return Seat(event.group_id or 0, scene.member(event, who).identity_id)


def _whisper(event: MessageReceived, scene: Scene) -> NewWhisper:
    return NewWhisper(
        community_id=event.community_id,
        identity_id=scene.member(event, event.sender).identity_id,
        source_key=event.source_key,
        at=event.at,
        text=event.text,
        is_own=event.is_own,
    )

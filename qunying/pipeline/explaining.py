"""Why, on demand: what the capabilities make of one kept message, by the code that decides; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.communities.queries import GroupInfo, staff_of
from qunying.intake.queries import find_told
from qunying.kernel.capability import Capability
from qunying.kernel.checks import Explanation
from qunying.kernel.events import Attachment, Event, MessageReceived, PictureRead, Who
from qunying.kernel.readings import UNREAD
from qunying.kernel.scene import Member, Mode, Scene
from qunying.people.queries import names_of
from qunying.people.seats import seats_of
from qunying.pipeline.batch import PICTURES, picture_of_words
from qunying.pipeline.judging import judge, learnt_for
from qunying.pipeline.roster import ROSTER
from qunying.pipeline.setting import scenes_of
from qunying.talk.lines import Line
from qunying.talk.queries import list_mentioned


@dataclass(frozen=True, slots=True)
class Explained:
    """What one capability makes of a message, and how far it may go in that group now."""

    capability: str
    mode: Mode
    explanation: Explanation


def explain_message(
    group: GroupInfo, line: Line, now: datetime, roster: Sequence[Capability] = ROSTER
) -> list[Explained]:
    """What every capability that explains itself makes of a message of a member; nothing for what is nobody's."""
    who = names_of([line.sender_id]).get(line.sender_id) if line.sender_id and not line.is_own else None
    if who is None or line.sender_id is None:
        return []
    events = list(_events(group, line, Who(who.ref, who.name)))
    readings = judge(events, learnt_for(events))
    told = [(event, readings.get(event.key, UNREAD)) for event in events]
    scene = _scene(group, line, line.sender_id, Who(who.ref, who.name), roster)
    found = scene.groups[group.id]
    return [
        Explained(
            each.name,
            found.mode(each.name),
            each.explains(told, scene, each.brief(events, scene), now),
        )
        for each in roster
        if each.explains
    ]


def _events(group: GroupInfo, line: Line, sender: Who) -> Iterator[Event]:
    """The message as it stands, and its pictures as they were read."""
    yield MessageReceived(
        key=f"why:{line.id}",
        at=line.at,
        lane_id=0,
        community_id=group.community_id,
        group_id=group.id,
        sender=sender,
        source_key=line.source_key,
        text=line.text,
        kind=line.kind,
        reply_to=line.reply_to,
        mentions=tuple(Who(str(one)) for one in list_mentioned(line.id)),
        media=tuple(
            Attachment(str(part.get("kind", "")), str(part.get("name") or ""), str(part.get("url") or ""))
            for part in line.media
        ),
    )
    shown = find_told(PICTURES, group.id, f"picture:{line.source_key}")
    if shown is not None:
        at, words = shown
        yield PictureRead(
            key=f"why:{line.id}:picture",
            at=at,
            lane_id=0,
            community_id=group.community_id,
            group_id=group.id,
            **picture_of_words({**words, "sender": {"ref": sender.ref, "name": sender.name}}),
        )


def _scene(group: GroupInfo, line: Line, identity_id: int, who: Who, roster: Sequence[Capability]) -> Scene:
    """The group and the sender as they are now; who came in only after that message is told as if long there."""
    staff = staff_of({group.community_id})
    seat = seats_of(group.id, [identity_id]).get(identity_id)
    joined = seat.joined_at if seat and seat.joined_at and seat.joined_at <= line.at else None
    roll = {(one.carrier, one.ref) for lines in staff.values() for one in lines}
    member = Member(
        identity_id=identity_id,
        ref=who.ref,
        name=who.name,
        card=seat.card if seat else "",
        role=(seat.role if seat else "") or "member",
        is_present=seat.is_present if seat else False,
        is_official=(group.carrier, who.ref) in roll,
        joined_at=joined,
        messages=seat.messages if seat else 0,
    )
    return Scene(scenes_of([group], staff, roster), {(group.id, who.ref): member})

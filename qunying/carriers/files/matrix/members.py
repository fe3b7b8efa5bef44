"""Who is in a Matrix room: what the member events say, and the names they give."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ..jsonvalues import as_map, as_ref, as_text, first_text
from ..records import PastJoin, PastLeave, PastNotice, PersonRef, Record


@dataclass(slots=True)
class Members:
    """Names and invitations met so far, by the person's full Matrix id."""

    names: dict[str, str] = field(default_factory=dict)
    inviters: dict[str, str] = field(default_factory=dict)
    membership: dict[str, str] = field(default_factory=dict)

    def person(self, ref: str) -> PersonRef | None:
        """The person with that id, by the name last given; None for an empty id."""
        return PersonRef(self.names.get(ref) or self.local_name(ref), ref) if ref else None

    @staticmethod
    def local_name(ref: str) -> str:
        """``alice`` for ``@alice:example.org``."""
        return ref.removeprefix("@").split(":")[0] or ref


def tell_membership(event: dict[str, object], at: datetime, place: int, members: Members) -> Record:
    """A join, a leave with or without somebody's doing, or a notice (invited, knocked, renamed, unbanned)."""
    content = as_map(event.get("content"))
    target = as_text(event.get("state_key")) or as_text(event.get("sender"))
    before = _before(event, target, members)
    now = as_text(content.get("membership"))
    if name := as_text(content.get("displayname")):
        members.names[target] = name
    members.membership[target] = now
    person = members.person(target)
    operator = members.person(as_text(event.get("sender")))
    source_id = as_ref(event.get("event_id"))
    if person is None:
        return PastNotice(at=at, text=f"m.room.member: {now}", place=place, source_id=source_id)
    if now == "join" and before != "join":
        inviter = members.person(members.inviters.pop(target, ""))
        via = "invite" if inviter else "request" if before == "knock" else ""
        return PastJoin(at=at, people=(person,), place=place, inviter=inviter, via=via, source_id=source_id)
    if (now == "leave" and before in {"join", ""}) or (now == "ban" and before in {"join", ""}):
        is_own_will = now == "leave" and operator is not None and operator.ref == target
        return PastLeave(
            at=at, people=(person,), place=place, operator=None if is_own_will else operator, source_id=source_id
        )
    if now == "invite":
        members.inviters[target] = as_text(event.get("sender"))
    words = f"m.room.member: {before or '?'} → {now} {person.name}"
    return PastNotice(at=at, text=words, place=place, by=operator, source_id=source_id)


def _before(event: dict[str, object], target: str, members: Members) -> str:
    """The membership before this event: as the event tells, else as the file told; empty where neither does."""
    previous = as_map(as_map(event.get("unsigned")).get("prev_content")) or as_map(event.get("prev_content"))
    return first_text(previous, "membership") or members.membership.get(target, "")

"""Events of a Matrix room → ours. Beside the platform's own words a payload has ``qunying``: who we are there, how those
it names are called, and whom of several it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from qunying.carriers.base import EventPlace
from qunying.carriers.matrix.message import attachments, edited, kind_of, mentioned, replied_to, said
from qunying.carriers.wire.roster import is_roster, read_roster
from qunying.kernel import clock
from qunying.kernel.events import (
    CardChanged,
    Event,
    GroupSeen,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessageRecalled,
    MessageReceived,
    MuteChanged,
    Who,
)
from qunying.kernel.texts import mark

BESIDE = "qunying"
ENCRYPTED = mark("（这个群开了端到端加密，之后的消息读不到）")


def parse(payload: Mapping[str, Any], place: EventPlace) -> Event | None:
    """The event a payload tells, None for what means nothing to us. Raises ``KeyError``, ``TypeError``, ``ValueError`` or
    ``AttributeError`` on broken ones."""
    if is_roster(payload):
        name, members = read_roster(payload)
        return GroupSeen(**place.base(clock.now()), name=name, members=members)  # as of when it is taken in
    base = place.base(moment(payload["origin_server_ts"]))
    content, beside = payload["content"], payload.get(BESIDE, {})
    sender = _named(_text(payload["sender"]), beside)
    match payload["type"]:
        case "m.room.message" | "m.sticker":
            return _message(payload, content, beside, sender, base)
        case "m.room.encrypted":
            key = f"encrypted:{payload['room_id']}"
            return MessageReceived(**base, sender=sender, source_key=key, text=ENCRYPTED, kind="system")
        case "m.room.redaction":
            key = _text(payload.get("redacts") or content["redacts"])
            return MessageRecalled(**base, source_key=key, by=Who(sender.ref, sender.name))
        case "m.room.member":
            return _membership(payload, content, beside, sender, base)
        case "m.room.name":
            name = content.get("name")
            return GroupSeen(**base, name=name) if isinstance(name, str) and name.strip() else None
        case "m.room.power_levels":
            return _power(beside, sender, base)
        case _:
            return None


def moment(milliseconds: object) -> datetime:
    """Their time. Raises ``ValueError`` for anything that is none."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        raise ValueError("no time")
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("no time") from error


def _message(
    payload: Mapping[str, Any], content: Mapping[str, Any], beside: Mapping[str, Any], sender: Who, base: dict[str, Any]
) -> MessageReceived | MessageEdited | None:
    if not content:  # withdrawn before we heard it
        return None
    key, own = _text(payload["event_id"]), beside.get("own", "")
    change = edited(content)
    if change is not None:
        target, new = change
        return MessageEdited(**base, sender=sender, source_key=target, text=said(new, is_own=sender.ref == own))
    return MessageReceived(
        **base,
        sender=sender,
        source_key=key,
        text=said(content, is_own=sender.ref == own),
        kind=kind_of(payload["type"], content),
        reply_to=replied_to(content),
        mentions=tuple(_named(ref, beside) for ref in mentioned(content)),
        media=attachments(payload["type"], content),
        is_private=bool(beside.get("is_private")),
        is_own=sender.ref == own,
    )


def _membership(
    payload: Mapping[str, Any], content: Mapping[str, Any], beside: Mapping[str, Any], sender: Who, base: dict[str, Any]
) -> Event | None:
    member = _called(_text(payload["state_key"]), content, beside)
    before = _before(payload)
    was, is_self = before.get("membership", ""), sender.ref == member.ref
    match content["membership"]:
        case "join" if was == "join":
            return (
                CardChanged(**base, member=member) if before.get("displayname") != content.get("displayname") else None
            )
        case "join":
            asked = _text(payload.get("unsigned", {}).get("prev_sender", "")) if was == "invite" else ""
            inviter = Who(asked) if asked and asked != member.ref else None
            return MemberJoined(**base, member=member, inviter=inviter, via="invite" if inviter else "")
        case "leave" | "ban" if was in ("join", ""):
            left = _called(member.ref, before, beside)
            return MemberLeft(**base, member=Who(left.ref, left.name), operator=None if is_self else sender)
        case "knock":
            words = content.get("reason")
            ref = f"{member.ref} {_text(payload['event_id'])}"
            return JoinRequested(**base, member=member, request_ref=ref, words=words if isinstance(words, str) else "")
        case _:
            return None


def _before(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    unsigned = payload.get("unsigned", {})
    before = unsigned.get("prev_content") or payload.get("prev_content") or {}
    return before if isinstance(before, Mapping) else {}


def _power(beside: Mapping[str, Any], sender: Who, base: dict[str, Any]) -> Event | None:
    """One of those whose power changed, as the line told them apart."""
    if "member" not in beside:
        return None
    named = _named(_text(beside["member"]), beside)
    if "until" in beside:
        until = moment(beside["until"]) if beside["until"] is not None else None
        return MuteChanged(**base, member=named, until=until, operator=sender)
    return CardChanged(**base, member=Who(named.ref, named.name, named.name, _text(beside["role"])))


def _named(ref: str, beside: Mapping[str, Any]) -> Who:
    names = beside.get("names", {})
    name = names.get(ref, "")
    return Who(ref, name, name)


def _called(ref: str, content: Mapping[str, Any], beside: Mapping[str, Any]) -> Who:
    name = content.get("displayname")
    shown = name if isinstance(name, str) and name.strip() else _named(ref, beside).name or ref
    return Who(ref, shown, shown)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value

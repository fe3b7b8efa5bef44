"""OneBot 11's events → our events. Ids become strings, what a message means by an id there was noted by the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from qunying.carriers.base import EventPlace
from qunying.carriers.onebot.fields import as_map, as_name, as_ref, as_size, as_text, as_time
from qunying.carriers.onebot.names import OURS, name_meant, name_of
from qunying.carriers.onebot.segments import read_message
from qunying.carriers.wire.roster import is_roster, read_roster
from qunying.kernel.events import (
    FOREVER,
    Attachment,
    CardChanged,
    Event,
    GroupSeen,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageRecalled,
    MessageReceived,
    MuteChanged,
    Who,
)

LONGEST_MUTE = timedelta(days=30)
ROLES = frozenset(["owner", "admin", "member"])


def parse(payload: Mapping[str, Any], place: EventPlace) -> Event | None:
    """The event a payload tells, None for what means nothing to us. Raises ``ValueError`` where it says no time."""
    if is_roster(payload):
        return _roster(payload, place)
    at = as_time(payload.get("time"))
    if at is None:
        raise ValueError("no time")
    match payload.get("post_type"):
        case "message" | "message_sent":
            return _message(payload, place.base(at))
        case "notice":
            return _notice(payload, place.base(at), at)
        case "request":
            return _request(payload, place.base(at))
        case _:
            return None


def _roster(payload: Mapping[str, Any], place: EventPlace) -> GroupSeen:
    """``at`` is when the line looked, which it wrote into what it kept; intake knows no earlier moment."""
    name, members = read_roster(payload)
    at = datetime.fromisoformat(payload["at"])
    return GroupSeen(**place.base(at), name=name, members=members)


def is_sent(payload: Mapping[str, Any]) -> bool:
    """Whether the account that tells it said it."""
    sender = as_ref(payload.get("user_id"))
    return payload.get("post_type") == "message_sent" or sender == as_ref(payload.get("self_id"))


def is_own(payload: Mapping[str, Any]) -> bool:
    """Whether an account of ours said it."""
    return is_sent(payload) or bool(as_map(payload.get(OURS)).get("is_own"))


def other_side(payload: Mapping[str, Any]) -> str:
    """With whom a private chat is; empty where that is not told, or is an account of ours."""
    if is_sent(payload):
        return as_ref(payload.get("target_id"))
    return "" if is_own(payload) else as_ref(payload.get("user_id"))


def _message(payload: Mapping[str, Any], base: dict[str, Any]) -> MessageReceived | None:
    is_private = payload.get("message_type") == "private"
    sender = Who(other_side(payload)) if is_private and is_own(payload) else sender_of(payload)
    if not sender.ref:
        return None
    spoken = read_message(payload.get("message", payload.get("raw_message")))
    return MessageReceived(
        **base,
        sender=sender,
        source_key=name_of_message(payload),
        text=spoken.text,
        kind=spoken.kind,
        reply_to=name_meant(payload, spoken.reply) if spoken.reply else "",
        mentions=() if is_private else spoken.mentions,
        media=spoken.media,
        is_private=is_private,
        is_own=is_own(payload),
    )


def name_of_message(payload: Mapping[str, Any]) -> str:
    """Our name for a message, unless we named it already when we said it."""
    return as_text(as_map(payload.get(OURS)).get("name")) or name_of(payload)


def sender_of(payload: Mapping[str, Any]) -> Who:
    """Who said it. Somebody anonymous is known by what QQ calls them for that day."""
    anonymous = as_map(payload.get("anonymous"))
    if as_ref(anonymous.get("id")):
        return Who(f"anonymous:{as_ref(anonymous['id'])}", as_name(anonymous.get("name")))
    sender = as_map(payload.get("sender"))
    role = as_text(sender.get("role"))
    ref = as_ref(payload.get("user_id")) or as_ref(sender.get("user_id"))
    return Who(ref, as_name(sender.get("nickname")), as_name(sender.get("card")), role if role in ROLES else "")


def _notice(payload: Mapping[str, Any], base: dict[str, Any], at: datetime) -> Event | None:
    user = Who(as_ref(payload.get("user_id")))
    if not user.ref and payload.get("notice_type") == "group_ban":
        until = None if payload.get("sub_type") == "lift_ban" else FOREVER
        return MuteChanged(**base, member=None, until=until, operator=_operator(payload))
    if not user.ref or user.ref == as_ref(payload.get("self_id")):
        return _group_notice(payload, base) if payload.get("notice_type") in ("notify", "group_recall") else None
    match payload.get("notice_type"):
        case "group_increase":
            return MemberJoined(**base, member=_comer(payload), inviter=_inviter(payload), via=_via(payload))
        case "group_decrease":
            return MemberLeft(**base, member=user, operator=_operator(payload) if _is_kick(payload) else None)
        case "group_ban":
            return MuteChanged(**base, member=user, until=_until(payload, at), operator=_operator(payload))
        case "group_card":
            return CardChanged(**base, member=Who(user.ref, card=as_name(payload.get("card_new"))))
        case "group_admin":
            role = "admin" if payload.get("sub_type") == "set" else "member"
            card = as_name(as_map(payload.get(OURS)).get("card"))
            return CardChanged(**base, member=Who(user.ref, card=card, role=role))
        case "group_upload":
            return _upload(payload, base, user)
        case _:
            return _group_notice(payload, base)


def _group_notice(payload: Mapping[str, Any], base: dict[str, Any]) -> Event | None:
    match payload.get("notice_type"), payload.get("sub_type"):
        case "group_recall", _:
            message_id = as_ref(payload.get("message_id"))
            return MessageRecalled(**base, source_key=name_meant(payload, message_id), by=_operator(payload))
        case "notify", "group_name":
            name = as_name(payload.get("name_new"))
            return GroupSeen(**base, name=name) if name else None
        case _:
            return None


def _operator(payload: Mapping[str, Any]) -> Who | None:
    ref = as_ref(payload.get("operator_id"))
    return Who(ref) if ref else None


def _via(payload: Mapping[str, Any]) -> str:
    via = as_text(payload.get("sub_type"))
    return via if via in ("approve", "invite") else ""


def _comer(payload: Mapping[str, Any]) -> Who:
    """Who comes or asks to come, with the names that the line found out."""
    ours = as_map(payload.get(OURS))
    return Who(as_ref(payload.get("user_id")), as_name(ours.get("nickname")), as_name(ours.get("card")))


def _inviter(payload: Mapping[str, Any]) -> Who | None:
    """Who nodded somebody in did not invite them."""
    return _operator(payload) if payload.get("sub_type") == "invite" else None


def _is_kick(payload: Mapping[str, Any]) -> bool:
    return payload.get("sub_type") == "kick" and as_ref(payload.get("operator_id")) != as_ref(payload.get("user_id"))


def _until(payload: Mapping[str, Any], at: datetime) -> datetime | None:
    seconds = as_size(payload.get("duration")) or 0
    if payload.get("sub_type") == "lift_ban" or not seconds:
        return None
    return at + min(timedelta(seconds=min(seconds, 10_000_000)), LONGEST_MUTE)


def _upload(payload: Mapping[str, Any], base: dict[str, Any], user: Who) -> MessageReceived | None:
    """A file put into the group's folder is something somebody showed there."""
    file = as_map(payload.get("file"))
    ref = as_ref(file.get("id"))
    if not ref:
        return None
    name = as_name(file.get("name"))
    media = (Attachment("file", name, as_text(file.get("url"))[:2000], as_size(file.get("size"))),)
    return MessageReceived(**base, sender=user, source_key=f"f{ref}", text=name, kind="file", media=media)


def _request(payload: Mapping[str, Any], base: dict[str, Any]) -> JoinRequested | None:
    """An invitation of our own account is no request to join; the line tells a person of it."""
    flag, user = as_text(payload.get("flag")), as_ref(payload.get("user_id"))
    if payload.get("request_type") != "group" or payload.get("sub_type") != "add" or not (flag and user):
        return None
    return JoinRequested(
        **base, member=_comer(payload), request_ref=f"add:{flag}", words=as_text(payload.get("comment"))[:2000]
    )

"""Our effects → OneBot's actions. Nothing is ever asked ``_async``: whose outcome nobody hears of is no moderation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from qunying.carriers.base import Delivery
from qunying.kernel.effects import (
    Announce,
    ApproveJoin,
    Ban,
    DeleteMessage,
    Mute,
    Pin,
    RejectJoin,
    RemoveMember,
    Say,
    SetCard,
    Unmute,
    Whisper,
)

DOES = frozenset(
    kind.__name__
    for kind in (
        Say,
        Announce,
        Whisper,
        DeleteMessage,
        Mute,
        Unmute,
        RemoveMember,
        Ban,
        SetCard,
        ApproveJoin,
        RejectJoin,
        Pin,
    )
)
SPEAKS = frozenset(kind.__name__ for kind in (Say, Announce, Whisper))  # needs no right in the group
LONGEST_MUTE = timedelta(days=30) - timedelta(seconds=1)
NOTICE = "notice:"  # before the id of a group notice, where a message's name would stand
ANONYMOUS = "anonymous:"


@dataclass(frozen=True, slots=True)
class Act:
    """An action with its parameters; ``message`` names the message it is about, whose id is to be found."""

    action: str
    params: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""


def read_delivery(delivery: Delivery) -> Act | None:
    """What to ask for, None where QQ has no such thing."""
    match delivery.effect:
        case Say(text=text, reply_to=reply_to):
            return Act("send_group_msg", _group(delivery, message=_words(text, delivery.mention_refs)), reply_to)
        case Announce(text=text):
            return Act("_send_group_notice", _group(delivery, content=text))
        case Whisper(text=text):
            return Act("send_private_msg", {"user_id": number(delivery.member_ref), "message": _words(text)})
        case DeleteMessage(message_key=key) if key.startswith(NOTICE):
            return Act("_del_group_notice", _group(delivery, notice_id=key.removeprefix(NOTICE)))
        case DeleteMessage(message_key=key):
            return Act("delete_msg", message=key)
        case Pin(message_key=key):
            return Act("set_essence_msg", message=key)
        case ApproveJoin(request_ref=ref):
            return Act("set_group_add_request", _request(ref, approve=True))
        case RejectJoin(request_ref=ref, words=words):
            return Act("set_group_add_request", _request(ref, approve=False, reason=words))
        case _:
            return _on_member(delivery)


def _on_member(delivery: Delivery) -> Act | None:
    match delivery.effect:
        case Mute(duration=duration):
            return Act("set_group_ban", _member(delivery, duration=_seconds(duration)))
        case Unmute():
            return Act("set_group_ban", _member(delivery, duration=0))
        case RemoveMember():
            return Act("set_group_kick", _member(delivery, reject_add_request=False))
        case Ban():
            return Act("set_group_kick", _member(delivery, reject_add_request=True))
        case SetCard(card=card):
            return Act("set_group_card", _member(delivery, card=card))
        case _:
            return None


def as_message(delivery: Delivery, text: str) -> Act:
    """The same words as an ordinary message, where there are no group notices."""
    return Act("send_group_msg", _group(delivery, message=_words(text)))


def _seconds(duration: timedelta) -> int:
    """Always said, for implementations differ in what they mean without it; never zero, which would lift the mute."""
    return max(1, int(min(duration, LONGEST_MUTE).total_seconds()))


def _group(delivery: Delivery, **params: Any) -> dict[str, Any]:
    return {"group_id": number(delivery.group_ref), **params}


def _member(delivery: Delivery, **params: Any) -> dict[str, Any]:
    return _group(delivery, user_id=number(delivery.member_ref), **params)


def _request(ref: str, **params: Any) -> dict[str, Any]:
    kind, _, flag = ref.partition(":")
    return {"flag": flag, "sub_type": kind, **params}


def _words(text: str, mention_refs: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Segments, never a string: what a member wrote must not become a code when we repeat it."""
    mentions = [{"type": "at", "data": {"qq": ref}} for ref in mention_refs]
    gap = " " if mentions and text else ""
    return [*mentions, {"type": "text", "data": {"text": gap + text}}]


def reply_segment(message_id: str) -> dict[str, Any]:
    """That the words answer a message."""
    return {"type": "reply", "data": {"id": message_id}}


def number(ref: str) -> int | str:
    """An id as the standard writes it; as it is where a bridge uses others."""
    return int(ref) if ref.removeprefix("-").isdecimal() and ref.isascii() and len(ref) < 19 else ref

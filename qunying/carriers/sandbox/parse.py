"""The sandbox's payloads → our events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from qunying.carriers.base import EventPlace
from qunying.kernel.events import (
    Attachment,
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


def parse(payload: Mapping[str, Any], place: EventPlace) -> Event | None:
    """The event a payload tells, None for kinds we do not know. Raises ``KeyError`` or ``ValueError`` on broken ones."""
    base = place.base(datetime.fromisoformat(payload["at"]).astimezone(UTC))
    match payload["type"]:
        case "message":
            return _message(payload, base)
        case "whisper":
            return MessageReceived(
                **base, sender=_who(payload["from"]), source_key=payload["ref"], text=payload["text"], is_private=True
            )
        case "edit":
            return MessageEdited(**base, sender=_who(payload["from"]), source_key=payload["of"], text=payload["text"])
        case "recall":
            by = payload.get("by")
            return MessageRecalled(**base, source_key=payload["of"], by=Who(by) if by else None)
        case "join":
            inviter = payload.get("inviter")
            return MemberJoined(
                **base,
                member=_who(payload["user"]),
                via=payload.get("via", ""),
                inviter=Who(inviter) if inviter else None,
            )
        case "leave":
            operator = payload.get("operator")
            return MemberLeft(**base, member=_who(payload["user"]), operator=Who(operator) if operator else None)
        case "card":
            return CardChanged(**base, member=_who(payload["user"]))
        case "group":
            return GroupSeen(**base, name=payload["name"], members=tuple(_who(user) for user in payload["members"]))
        case "ask":
            words = payload.get("words", "")
            return JoinRequested(**base, member=_who(payload["user"]), request_ref=payload["ref"], words=words)
        case "mute":
            until = payload.get("until")
            return MuteChanged(
                **base,
                member=_who(payload["user"]),
                until=datetime.fromisoformat(until) if until else None,
                operator=Who(payload["by"]),
            )
        case _:
            return None


def _message(payload: Mapping[str, Any], base: dict[str, Any]) -> MessageReceived:
    return MessageReceived(
        **base,
        sender=_who(payload["from"]),
        source_key=payload["ref"],
        text=payload.get("text", ""),
        kind=payload.get("kind", "text"),
        reply_to=payload.get("reply_to", ""),
        mentions=tuple(Who(ref) for ref in payload.get("mentions", ())),
        media=tuple(
            Attachment(part["kind"], part.get("name", ""), part.get("url", ""), part.get("size"))
            for part in payload.get("media", ())
        ),
        is_own=bool(payload.get("is_own")),
    )


def _who(user: Mapping[str, Any]) -> Who:
    return Who(user["ref"], user.get("name", ""), user.get("card", ""), user.get("role", ""))

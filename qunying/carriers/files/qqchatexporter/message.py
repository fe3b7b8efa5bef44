"""One message of a QQChatExporter file, of any version, as a record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from ..jsonvalues import as_list, as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time, written_time
from ..records import Media, MessageKind, PastMessage, PersonRef, Record
from ..system_lines import tell_system_line

GRAY_TIP = 5
EVERYBODY = PersonRef("全体成员", "all")

_BY_NAME = {
    "text": MessageKind.TEXT,
    "reply": MessageKind.TEXT,
    "at": MessageKind.TEXT,
    "face": MessageKind.TEXT,
    "image": MessageKind.IMAGE,
    "audio": MessageKind.VOICE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "file": MessageKind.FILE,
    "market_face": MessageKind.STICKER,
    "sticker": MessageKind.STICKER,
    "json": MessageKind.LINK,
    "ark": MessageKind.LINK,
    "location": MessageKind.LOCATION,
    "forward": MessageKind.FORWARD,
    "multi_forward": MessageKind.FORWARD,
    "red_packet": MessageKind.RED_PACKET,
    "wallet": MessageKind.RED_PACKET,
    "call": MessageKind.CALL,
}
_BY_NUMBER = {
    1: MessageKind.TEXT,
    2: MessageKind.TEXT,
    3: MessageKind.FILE,
    6: MessageKind.VOICE,
    7: MessageKind.VIDEO,
    8: MessageKind.FORWARD,
    9: MessageKind.TEXT,
    10: MessageKind.RED_PACKET,
    11: MessageKind.LINK,
    17: MessageKind.STICKER,
    19: MessageKind.CALL,
}
_SAYS_NOTHING = re.compile(r"(?:\[[^\[\]]*\]|\s)*")
_REPLY_MARK = re.compile(r"\[(?:回复|reply)[^\]]*\]\s*", re.IGNORECASE)


@dataclass(slots=True)
class People:
    """Who was met so far: mentions name only an internal uid, senders tell the QQ number that goes with it."""

    me: PersonRef | None = None
    by_uid: dict[str, str] = field(default_factory=dict)


def tell_message(value: object, place: int, people: People) -> Record:
    """The record a message stands for; without time or content it is ``Skipped``."""
    row = as_map(value)
    content = as_map(row.get("content"))
    at = unix_time(row.get("timestamp")) or written_time(row.get("timestamp")) or written_time(row.get("time"))
    if not row or not isinstance(row.get("content", ""), dict | str):
        return skip("bad_record", place, value)
    if at is None:
        return skip("bad_time", place, row)
    text = as_text(content.get("text")) or as_text(row.get("content"))
    source_id = as_ref(row.get("id")) or as_ref(row.get("messageId"))
    if _is_system(row):
        return tell_system_line(text, at=at, place=place, me=people.me, source_id=source_id)
    return _said(row, content, at, place, people, text, source_id)


def _said(
    row: dict[str, object],
    content: dict[str, object],
    at: datetime,
    place: int,
    people: People,
    text: str,
    source_id: str | None,
) -> PastMessage:
    reply = _reply(content)
    media = tuple(_media(as_map(resource)) for resource in as_list(content.get("resources")))
    kind = _kind(row, media, text)
    if reply:
        text = _REPLY_MARK.sub("", text, count=1) if _REPLY_MARK.match(text) else text
    return PastMessage(
        at=at,
        sender=_sender(row, people),
        text=text or (raw_text(content or row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=source_id,
        reply_to=as_ref(reply.get("referencedMessageId")) or as_ref(reply.get("messageId")),
        quote=as_text(reply.get("content")),
        mentions=tuple(_mentioned(mention, people) for mention in _mentions(content)),
        media=media,
        is_recalled=row.get("recalled") is True or row.get("isRecalled") is True,
    )


def _is_system(row: dict[str, object]) -> bool:
    is_marked = row.get("system") is True or row.get("isSystemMessage") is True or row.get("type") == "system"
    return is_marked or as_size(row.get("messageType")) == GRAY_TIP


def _sender(row: dict[str, object], people: People) -> PersonRef | None:
    sender, raw = as_map(row.get("sender")), as_map(row.get("rawMessage"))
    uid = as_ref(sender.get("uid")) or as_ref(raw.get("senderUid"))
    uin = as_ref(sender.get("uin")) or as_ref(raw.get("senderUin"))
    if uid and uin:
        people.by_uid[uid] = uin
    shown = as_text(sender.get("name"))
    card = as_text(sender.get("groupCard")) or as_text(raw.get("sendMemberName"))
    name = as_text(sender.get("nickname")) or as_text(raw.get("sendNickName")) or shown
    if not (name or uin or uid):
        return None
    return PersonRef(name or card or uin or uid or "", uin or uid, card or None)


def _mentions(content: dict[str, object]) -> list[dict[str, object]]:
    """A list of their own; some versions tell them among the parts of the text alone."""
    told = [as_map(mention) for mention in as_list(content.get("mentions"))]
    parts = [as_map(part) for part in as_list(content.get("elements"))]
    return told or [as_map(part.get("data")) for part in parts if part.get("type") == "at"]


def _mentioned(mention: dict[str, object], people: People) -> PersonRef:
    uid = as_ref(mention.get("uid"))
    if mention.get("type") == "all" or uid == "all":
        return EVERYBODY
    uin = as_ref(mention.get("uin")) or people.by_uid.get(uid or "")
    return PersonRef(as_text(mention.get("name")).lstrip("@"), uin or uid)


def _reply(content: dict[str, object]) -> dict[str, object]:
    """What the message answers: version 4 has it beside the text, later ones as an element."""
    for element in as_list(content.get("elements")):
        if as_map(element).get("type") == "reply":
            return as_map(as_map(element).get("data"))
    return as_map(content.get("reply"))


def _media(resource: dict[str, object]) -> Media:
    kind = _BY_NAME.get(as_text(resource.get("type")), MessageKind.FILE)
    name = first_text(resource, "localPath", "filename", "fileName")
    return Media(kind, name=name, size=as_size(resource.get("size")), url=as_text(resource.get("url")))


def _kind(row: dict[str, object], media: tuple[Media, ...], text: str) -> MessageKind:
    """What the message mainly is: its attachment where the words are only a mark like ``[图片]``, else its own type."""
    name = as_text(row.get("type"))
    number = as_size(row.get("messageType"))
    if name.startswith("type_"):
        number = as_size(name[5:])
    kind = _BY_NAME.get(name) or _BY_NUMBER.get(-1 if number is None else number)
    if media and kind in {MessageKind.TEXT, None} and _SAYS_NOTHING.fullmatch(text):
        return media[0].kind
    if kind is None:
        return MessageKind.TEXT if number is None and not name and text else MessageKind.OTHER
    return kind

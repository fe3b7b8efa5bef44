"""One message of a WeCom archive as a record."""

from __future__ import annotations

import json
from datetime import datetime

from ..jsonvalues import as_list, as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time
from ..records import Media, MessageKind, PastMessage, PastNotice, PastRecall, PersonRef, Record

_KINDS = {
    "text": MessageKind.TEXT,
    "markdown": MessageKind.TEXT,
    "mixed": MessageKind.TEXT,
    "image": MessageKind.IMAGE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "emotion": MessageKind.STICKER,
    "file": MessageKind.FILE,
    "docmsg": MessageKind.LINK,
    "link": MessageKind.LINK,
    "news": MessageKind.LINK,
    "weapp": MessageKind.LINK,
    "sphfeed": MessageKind.LINK,
    "location": MessageKind.LOCATION,
    "card": MessageKind.CONTACT,
    "chatrecord": MessageKind.FORWARD,
    "redpacket": MessageKind.RED_PACKET,
    "external_redpacket": MessageKind.RED_PACKET,
    "vote": MessageKind.POLL,
    "voiptext": MessageKind.CALL,
    "meeting_voice_call": MessageKind.CALL,
    "meeting": MessageKind.CALL,
}
_ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE, MessageKind.STICKER})
_BODY_ELSEWHERE = {"markdown": "info", "news": "info", "docmsg": "doc", "qydiskfile": "info"}
_CONSENT = frozenset({"agree", "disagree"})
_ROBOT = "wb"
_DEEPEST = 5


def tell_message(row: dict[str, object], place: int) -> Record:
    """The record of a message of a conversation; without a time it is ``Skipped``."""
    at = unix_time(row.get("msgtime"))
    kind = as_text(row.get("msgtype"))
    body = as_map(row.get(kind)) or as_map(row.get(_BODY_ELSEWHERE.get(kind, "")))
    if at is None:
        return skip("bad_time", place, row)
    sender = person(as_text(row.get("from")))
    source_id = as_ref(row.get("msgid"))
    if kind == "revoke" or row.get("action") == "recall":
        return PastRecall(at=at, place=place, by=sender, source_id=as_ref(body.get("pre_msgid")))
    if kind in _CONSENT:
        who = person(as_text(body.get("userid"))) or sender
        return PastNotice(at=at, text=kind, place=place, by=who, source_id=source_id)
    return _said(row, kind, body, at, place, sender, source_id)


def person(ref: str) -> PersonRef | None:
    """Somebody by their id, which is all an archive knows; robots' ids begin with ``wb``."""
    return PersonRef(ref, ref, is_bot=ref.startswith(_ROBOT)) if ref else None


def _said(
    row: dict[str, object],
    word: str,
    body: dict[str, object],
    at: datetime,
    place: int,
    sender: PersonRef | None,
    source_id: str | None,
) -> PastMessage:
    kind = _KINDS.get(word, MessageKind.OTHER)
    name = first_text(body, "filename", "md5sum", "sdkfileid")[:200]
    media = [Media(kind, name, _size(body))] if kind in _ATTACHED else _inner_media(body)
    return PastMessage(
        at=at,
        sender=sender,
        text=words_of(word, body) or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=source_id,
        media=tuple(media),
    )


def _size(body: dict[str, object]) -> int | None:
    sizes = (as_size(body.get(key)) for key in ("filesize", "imagesize", "voice_size"))
    return next((size for size in sizes if size is not None), None)


def words_of(word: str, body: dict[str, object], depth: int = 0) -> str:
    """What a body says in words: its text, the title and lines of a card, the words of everything inside."""
    if word in {"text", "markdown", "ChatRecordText"}:
        return as_text(body.get("content"))
    inner = as_list(body.get("item")) or as_list(body.get("voteitem")) or as_list(body.get("details"))
    lines = [
        first_text(body, "title", "topic", "votetitle", "room_name", "filename", "corpname", "wish"),
        first_text(body, "description", "content", "address", "feed_desc", "displayname", "userid", "remarks"),
        first_text(body, "link_url", "url"),
        *(_inner_words(one, depth) for one in inner),
    ]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _inner_words(value: object, depth: int) -> str:
    """A part of a mixed or forwarded message, whose content is JSON once more; or an answer of a poll."""
    part = as_map(value)
    if not part:
        return as_text(value)
    content = _decoded(part.get("content", part))
    return words_of(as_text(part.get("type")), content, depth + 1) if depth < _DEEPEST else ""


def _decoded(value: object) -> dict[str, object]:
    """The object a content is, or is the JSON of; a text that is no JSON is the content itself."""
    if not isinstance(value, str):
        return as_map(value)
    try:
        return as_map(json.loads(value))
    except (ValueError, RecursionError):
        return {"content": value}


def _inner_media(body: dict[str, object]) -> list[Media]:
    """The pictures and files among the words of a mixed message."""
    parts = [as_map(one) for one in as_list(body.get("item"))]
    found = [(_KINDS.get(as_text(part.get("type"))), _decoded(part.get("content"))) for part in parts]
    return [
        Media(kind, first_text(one, "filename", "md5sum")[:200], _size(one)) for kind, one in found if kind in _ATTACHED
    ]

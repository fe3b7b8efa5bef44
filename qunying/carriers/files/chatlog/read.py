"""chatlog: a JSON list of messages, a CSV with a header row, or plain text; the answer may hold several chats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from ..formats import Choices
from ..jsonstream import Found, read_items
from ..jsonvalues import as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time, written_time
from ..records import Media, MessageKind, PastMessage, PastNotice, PersonRef, Record, Skipped
from ..sources import Source
from ..system_lines import tell_system_line
from ..talks import Talk
from ..wechat_kinds import PAT, SYSTEM_TYPES, kind_of_type
from ..wechat_words import Exporter, named_mentions
from .tables import ROOM, WECHAT, is_table, read_table
from .texts import looks_like_text, read_text

_FIELDS = ('"seq"', '"time"', '"talker"', '"isChatRoom"', '"sender"', '"isSelf"')
_ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE, MessageKind.STICKER})
_OBJECT_LIST = re.compile(r"\s*\[")


def detect(head: str) -> int:
    """By the fields of the JSON, the header row of the CSV, or two headers in a row of the text."""
    if _OBJECT_LIST.match(head):
        return 95 if all(name in head for name in _FIELDS) else 0
    if is_table(head):
        return 95
    return 75 if looks_like_text(head) else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """Reads whichever of the three shapes the file has."""
    head = source.head().decode(source.encoding, "replace").lstrip("\ufeff")
    if _OBJECT_LIST.match(head) and '"' in head[:2000]:
        yield from _read_list(source, choices)
    elif is_table(head):
        yield from read_table(source, choices)
    else:
        yield from read_text(source, choices)


def _read_list(source: Source, choices: Choices) -> Iterator[Record]:
    talk = Talk(choices, lambda: _talkers(source), platform=WECHAT)
    me = Exporter(lambda: _own(source))
    for found in read_items(source, "item"):
        if isinstance(found, Skipped):
            yield found
            continue
        row = as_map(found.value)
        talker = as_text(row.get("talker"))
        if row:
            is_private = row.get("isChatRoom") is False and not talker.endswith(ROOM)
            yield from talk.enter(talker, as_text(row.get("talkerName")), is_private=is_private)
        yield _record(found, row, me)


def _talkers(source: Source) -> Iterator[str]:
    for found in read_items(source, "item"):
        if isinstance(found, Found):
            yield as_text(as_map(found.value).get("talker"))


def _own(source: Source) -> Iterator[PersonRef | None]:
    """Who wrote each message that is marked as the exporter's own."""
    rows = (as_map(found.value) for found in read_items(source, "item") if isinstance(found, Found))
    return (_person(row) for row in rows if row.get("isSelf") is True)


def _record(found: Found, row: dict[str, object], me: Exporter) -> Record:
    if not row:
        return skip("bad_record", found.place, found.value)
    at = written_time(row.get("time")) or unix_time(row.get("time"))
    if at is None:
        return skip("bad_time", found.place, row)
    number, sub_number = as_size(row.get("type")), as_size(row.get("subType"))
    text = as_text(row.get("content"))
    source_id = as_ref(row.get("seq"))
    if number in SYSTEM_TYPES:
        return tell_system_line(text, at=at, place=found.place, me=me.meant_in(text), source_id=source_id)
    sender = _sender(row, me)
    if (number, sub_number) == PAT:
        return PastNotice(at=at, text=text, place=found.place, by=sender, source_id=source_id)
    return _message(row, at, found.place, sender, text)


def _sender(row: dict[str, object], me: Exporter) -> PersonRef | None:
    person = _person(row)
    if person is not None and row.get("isSelf") is True:
        me.met(person)
    return person


def _person(row: dict[str, object]) -> PersonRef | None:
    ref, name = as_ref(row.get("sender")), as_text(row.get("senderName"))
    return PersonRef(name or ref or "", ref) if ref or name else None


def _message(row: dict[str, object], at: datetime, place: int, sender: PersonRef | None, text: str) -> PastMessage:
    kind = kind_of_type(as_size(row.get("type")), as_size(row.get("subType")))
    contents = as_map(row.get("contents"))
    refer = as_map(contents.get("refer"))
    words = text or first_text(contents, "title", "desc", "url")
    return PastMessage(
        at=at,
        sender=sender,
        text=words or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=as_ref(row.get("seq")),
        reply_to=as_ref(refer.get("seq")),
        mentions=named_mentions(text),
        quote=as_text(refer.get("content")) or first_text(as_map(refer.get("contents")), "title"),
        media=(_media(contents, kind),) if kind in _ATTACHED else (),
    )


def _media(contents: dict[str, object], kind: MessageKind) -> Media:
    name = first_text(contents, "title", "path", "imgfile", "videofile", "voice", "md5")
    return Media(kind, name=name, url=first_text(contents, "url"))

"""chatlog: a JSON list of messages, a CSV with a header row, or plain text; the answer may hold several chats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..formats import Choices
from ..jsonstream import Found, read_items
from ..jsonvalues import as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time, written_time
from ..records import ChatStarts, Media, MessageKind, PastMessage, PastNotice, PersonRef, Record, Skipped
from ..sources import Source
from ..system_lines import tell_system_line
from ..wechat_kinds import PAT, SYSTEM_TYPES, kind_of_type
from .tables import is_table, read_table
from .texts import looks_like_text, read_text

_FIELDS = ('"seq"', '"time"', '"talker"', '"isChatRoom"', '"sender"', '"isSelf"')
_ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE, MessageKind.STICKER})
_OBJECT_LIST = re.compile(r"\s*\[")


@dataclass(slots=True)
class Talk:
    """The chat being read, and who exported once a message of theirs was met."""

    choices: Choices
    talker: str | None = None
    me: PersonRef | None = None
    announced: list[ChatStarts] = field(default_factory=list)

    def enter(self, talker: str, name: str, *, is_private: bool) -> Iterator[ChatStarts]:
        """Announces the chat when it is another one than before."""
        if talker == self.talker:
            return
        self.talker = talker
        name = name or self.choices.chat_name
        yield ChatStarts(name=name, ref=talker, platform="wechat", is_private=is_private)


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
    talk = Talk(choices)
    for found in read_items(source, "item"):
        if isinstance(found, Skipped):
            yield found
            continue
        row = as_map(found.value)
        talker = as_text(row.get("talker"))
        if row and (talker or talk.talker is None):
            is_private = row.get("isChatRoom") is False and not talker.endswith("@chatroom")
            yield from talk.enter(talker, as_text(row.get("talkerName")), is_private=is_private)
        yield _record(found, row, talk)


def _record(found: Found, row: dict[str, object], talk: Talk) -> Record:
    if not row:
        return skip("bad_record", found.place, found.value)
    at = written_time(row.get("time")) or unix_time(row.get("time"))
    if at is None:
        return skip("bad_time", found.place, row)
    number, sub_number = as_size(row.get("type")), as_size(row.get("subType"))
    text = as_text(row.get("content"))
    source_id = as_ref(row.get("seq"))
    if number in SYSTEM_TYPES:
        return tell_system_line(text, at=at, place=found.place, me=talk.me, source_id=source_id)
    sender = _sender(row, talk)
    if (number, sub_number) == PAT:
        return PastNotice(at=at, text=text, place=found.place, by=sender, source_id=source_id)
    message = _message(row, at, found.place, text, kind_of_type(number, sub_number))
    return replace(message, sender=sender, source_id=source_id)


def _sender(row: dict[str, object], talk: Talk) -> PersonRef | None:
    ref, name = as_ref(row.get("sender")), as_text(row.get("senderName"))
    if not ref and not name:
        return None
    person = PersonRef(name or ref or "", ref)
    if row.get("isSelf") is True:
        talk.me = person
    return person


def _message(row: dict[str, object], at: datetime, place: int, text: str, kind: MessageKind) -> PastMessage:
    contents = as_map(row.get("contents"))
    title = first_text(contents, "title", "desc")
    attached = Media(
        kind,
        name=first_text(contents, "title", "path", "imgfile", "videofile", "voice", "md5"),
        url=first_text(contents, "url"),
    )
    refer = as_map(contents.get("refer"))
    words = text or title or first_text(contents, "url")
    return PastMessage(
        at=at,
        sender=None,
        text=words or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        quote=as_text(refer.get("content")) or first_text(as_map(refer.get("contents")), "title"),
        media=(attached,) if kind in _ATTACHED else (),
    )

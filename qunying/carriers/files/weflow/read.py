"""WeFlow and EchoTrace: ``{session, messages, avatars}``; WeFlow's HTTP interface: ``{success, talker, messages}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ..formats import Choices
from ..jsonstream import Found, read_header, read_items
from ..jsonvalues import as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time, written_time
from ..records import ChatStarts, Media, MessageKind, PastMessage, PastRecall, PersonRef, Record, Skipped
from ..sources import Source
from ..system_lines import tell_system_line
from ..wechat_kinds import SYSTEM_TYPES, kind_of_name, kind_of_type
from ..wechat_words import Exporter, named_mentions
from .xml import app_title, app_type, is_app_message, mentioned_refs, quoted_words, recalled_id, system_words

ROOM = "@chatroom"
_QUOTE_MARK = re.compile(r"(?P<text>.*?)\s*\[引用\s*(?P<quote>.+)\]\s*", re.DOTALL)
_ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE, MessageKind.STICKER})


@dataclass(slots=True)
class People:
    """Names met so far by WeChat id, and who exported."""

    me: Exporter
    names: dict[str, str] = field(default_factory=dict)


def detect(head: str) -> int:
    """Certain by ``session`` with WeFlow's field names; likely for an answer of the interface."""
    if '"session"' in head and ('"senderUsername"' in head or '"wxid"' in head):
        return 95
    has_interface = '"success"' in head and '"talker"' in head and '"messages"' in head
    return 85 if has_interface and ('"createTime"' in head or '"count"' in head) else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """One chat. ``avatars``, the bulk of such a file, is passed over unread."""
    is_interface = '"session"' not in source.head().decode(source.encoding, "replace")
    session = {} if is_interface else as_map(read_header(source, "session").get("session"))
    talker = as_text(read_header(source, "talker").get("talker")) if is_interface else as_text(session.get("wxid"))
    yield ChatStarts(
        name=first_text(session, "displayName", "remark", "nickname") or choices.chat_name,
        ref=talker,
        platform="wechat",
        is_private=session.get("type") == "私聊" or (bool(talker) and not talker.endswith(ROOM)),
    )
    people = People(Exporter(lambda: _own(source)))
    for found in read_items(source, "messages.item"):
        yield found if isinstance(found, Skipped) else _record(found, people)


def _record(found: Found, people: People) -> Record:
    row = as_map(found.value)
    if not row:
        return skip("bad_record", found.place, found.value)
    at = unix_time(row.get("createTime")) or written_time(row.get("formattedTime"))
    if at is None:
        return skip("bad_time", found.place, row)
    sender = _sender(row, people)
    content = _content(row, sender)
    if _is_system(row):
        return _system(row, content, at, found.place, people)
    return _message(row, content, at, found.place, sender, people)


def _own(source: Source) -> Iterator[PersonRef | None]:
    """Who wrote each message that is marked as the exporter's own."""
    rows = (as_map(found.value) for found in read_items(source, "messages.item") if isinstance(found, Found))
    return (_sender(row, People(Exporter(lambda: iter(())))) for row in rows if _is_own(row))


def _is_own(row: dict[str, object]) -> bool:
    return row.get("isSend") == 1 or row.get("isSelf") == 1  # True equals 1


def _sender(row: dict[str, object], people: People) -> PersonRef | None:
    ref = as_ref(row.get("senderUsername")) or as_ref(row.get("sender"))
    if ref is not None and ref.endswith(ROOM):
        ref = None
    name = first_text(row, "senderDisplayName", "senderName")
    if ref and name:
        people.names[ref] = name
    if ref is None and not name:
        return None
    person = PersonRef(name or people.names.get(ref or "", ref or ""), ref)
    if _is_own(row):
        people.me.met(person)
    return person


def _content(row: dict[str, object], sender: PersonRef | None) -> str:
    """The words; in groups the raw database text repeats its sender before them."""
    text = as_text(row.get("content"))
    return text.removeprefix(f"{sender.ref}:\n") if sender and sender.ref else text


def _is_system(row: dict[str, object]) -> bool:
    return row.get("type") == "系统消息" or as_size(row.get("type")) in SYSTEM_TYPES


def _system(row: dict[str, object], content: str, at: datetime, place: int, people: People) -> Record:
    words = system_words(content)
    record = tell_system_line(words, at=at, place=place, me=people.me.meant_in(words), source_id=_source_id(row))
    if isinstance(record, PastRecall):
        return PastRecall(at=at, place=place, by=record.by, source_id=recalled_id(content))
    return record


def _source_id(row: dict[str, object]) -> str | None:
    """The server's id; local ids start anew in each of WeChat's databases, so the time is put before them."""
    served = first_text(row, "serverId", "svrId", "msgSvrId", "platformMessageId")
    local = as_ref(row.get("localId"))
    return served or (f"{as_text(row.get('createTime'))}-{local}" if local else None)


def _kind(row: dict[str, object], content: str) -> MessageKind:
    name = as_text(row.get("type"))
    if name and not name.isdigit():
        return kind_of_name(name)
    return kind_of_type(as_size(row.get("type")), app_type(content))


def _message(
    row: dict[str, object], content: str, at: datetime, place: int, sender: PersonRef | None, people: People
) -> PastMessage:
    kind = _kind(row, content)
    text, quote = content, ""
    if is_app_message(content):
        text, quote = app_title(content), quoted_words(content)
    elif row.get("type") == "引用消息" and (marked := _QUOTE_MARK.fullmatch(content)):
        text, quote = marked["text"], marked["quote"]
    called = mentioned_refs(as_text(row.get("source")))
    mentions = [PersonRef(people.names.get(ref, ""), ref) for ref in called] or named_mentions(text)
    return PastMessage(
        at=at,
        sender=sender,
        text=text or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=_source_id(row),
        quote=quote,
        mentions=tuple(mentions),
        media=(Media(kind, name=first_text(row, "mediaFileName", "mediaPath"), url=first_text(row, "mediaUrl")),)
        if kind in _ATTACHED
        else (),
    )

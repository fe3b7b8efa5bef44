"""ChatLab 0.0.2: ``{chatlab, meta, members, messages}`` in one document, or the same as typed lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from ..formats import Choices
from ..jsonstream import Found, read_header, read_items, read_json_lines
from ..jsonvalues import as_list, as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time
from ..records import ChatStarts, Media, MessageKind, PastMessage, PastNotice, PastRecall, PersonRef, Record, Skipped
from ..sources import Source
from ..system_lines import SystemKind, read_system_line, tell_system_line

Members = dict[str, PersonRef]

POKE, SYSTEM, RECALL = 22, 80, 81
_KINDS = {
    0: MessageKind.TEXT,
    1: MessageKind.IMAGE,
    2: MessageKind.VOICE,
    3: MessageKind.VIDEO,
    4: MessageKind.FILE,
    5: MessageKind.STICKER,
    7: MessageKind.LINK,
    8: MessageKind.LOCATION,
    20: MessageKind.RED_PACKET,
    21: MessageKind.TRANSFER,
    23: MessageKind.CALL,
    24: MessageKind.LINK,
    25: MessageKind.TEXT,
    26: MessageKind.FORWARD,
    27: MessageKind.CONTACT,
}
_ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE, MessageKind.STICKER})
_LINES = re.compile(r'\s*(?:#[^\n]*\n\s*)*\{[^\n]*"_type"\s*:\s*"(?:header|member|message)"')


def detect(head: str) -> int:
    """Certain where the ``chatlab`` header is in sight; likely for lines of an export cut in parts."""
    if '"chatlab"' in head and ('"meta"' in head or '"messages"' in head):
        return 95
    return 60 if _LINES.match(head) else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """Reads either shape, told apart by the first line."""
    if _LINES.match(source.head().decode(source.encoding, "replace").lstrip("\ufeff")):
        yield from _read_lines(source, choices)
    else:
        yield from _read_document(source, choices)


def _read_document(source: Source, choices: Choices) -> Iterator[Record]:
    header = read_header(source, "meta", "members")
    members: Members = {}
    for member in as_list(header.get("members")):
        _meet(members, as_map(member))
    yield _chat(as_map(header.get("meta")), choices)
    for found in read_items(source, "messages.item"):
        yield found if isinstance(found, Skipped) else _record(found, members)


def _read_lines(source: Source, choices: Choices) -> Iterator[Record]:
    members: Members = {}
    is_announced = False
    for found in read_json_lines(source):
        if isinstance(found, Skipped):
            yield found
            continue
        row = as_map(found.value)
        kind = row.get("_type")
        if kind == "member":
            _meet(members, row)
            continue
        if kind == "header" or not is_announced:
            yield _chat(as_map(row.get("meta")), choices)
            is_announced = True
        if kind != "header":
            yield _record(found, members)


def _chat(meta: dict[str, object], choices: Choices) -> ChatStarts:
    return ChatStarts(
        name=as_text(meta.get("name")) or choices.chat_name,
        ref=as_ref(meta.get("groupId")) or "",
        platform=as_text(meta.get("platform")).lower(),
        is_private=meta.get("type") == "private",
    )


def _meet(members: Members, row: dict[str, object]) -> None:
    ref = as_ref(row.get("platformId"))
    if ref is None:
        return
    roles = {as_text(as_map(role).get("id")) for role in as_list(row.get("roles"))}
    members[ref] = PersonRef(
        name=as_text(row.get("accountName")) or ref,
        ref=ref,
        card=as_text(row.get("groupNickname")) or None,
        role=next((role for role in ("owner", "admin") if role in roles), None),
    )


def _sender(row: dict[str, object], members: Members) -> PersonRef | None:
    ref = as_ref(row.get("sender"))
    name = as_text(row.get("accountName"))
    known = members.get(ref) if ref else None
    if known is None:
        return PersonRef(name or ref or "", ref, as_text(row.get("groupNickname")) or None) if name or ref else None
    if name == known.name and not row.get("groupNickname"):
        return known
    return PersonRef(name or known.name, ref, as_text(row.get("groupNickname")) or known.card, known.role)


def _record(found: Found, members: Members) -> Record:
    row = as_map(found.value)
    if "timestamp" not in row and "content" not in row:
        return skip("bad_record", found.place, found.value)
    at = unix_time(row.get("timestamp"))
    if at is None:
        return skip("bad_time", found.place, row)
    kind = as_size(row.get("type"))
    if kind in {SYSTEM, RECALL, POKE}:
        return _system(row, kind, at, found.place, _sender(row, members))
    return _message(row, kind, at, found.place, _sender(row, members))


def _system(row: dict[str, object], kind: int | None, at: datetime, place: int, sender: PersonRef | None) -> Record:
    text = as_text(row.get("content"))
    source_id = as_ref(row.get("platformMessageId"))
    if kind == POKE:
        return PastNotice(at=at, text=text, place=place, by=sender, source_id=source_id)
    if kind == SYSTEM:
        return tell_system_line(text, at=at, place=place, source_id=source_id)
    line = read_system_line(text)
    if not text or (line is not None and line.kind is SystemKind.RECALL):
        return PastRecall(at=at, place=place, by=(line.by if line else None) or sender, source_id=source_id)
    return PastMessage(at=at, sender=sender, text=text, place=place, source_id=source_id, is_recalled=True)


def _message(row: dict[str, object], number: int | None, at: datetime, place: int, sender: PersonRef | None) -> Record:
    kind = _KINDS.get(-1 if number is None else number, MessageKind.OTHER)
    text = as_text(row.get("content"))
    url = text if text.startswith(("http://", "https://", "file://")) else ""
    return PastMessage(
        at=at,
        sender=sender,
        text=text or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=as_ref(row.get("platformMessageId")),
        reply_to=as_ref(row.get("replyToMessageId")),
        media=(Media(kind, name=first_text(row, "fileName", "filename"), url=url),) if kind in _ATTACHED else (),
    )

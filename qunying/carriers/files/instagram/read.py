"""Instagram's and Messenger's ``message_1.json``: newest first, names instead of ids, text broken in a known way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from ..formats import Choices
from ..jsonstream import Found, read_header, read_items
from ..jsonvalues import as_list, as_map, as_size, as_text, raw_text, skip, unix_time
from ..records import (
    ChatStarts,
    Media,
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PersonRef,
    Record,
    Skipped,
)
from ..sources import Source

_ATTACHED = {
    "photos": MessageKind.IMAGE,
    "videos": MessageKind.VIDEO,
    "audio_files": MessageKind.VOICE,
    "files": MessageKind.FILE,
    "gifs": MessageKind.STICKER,
}
_ADDED = re.compile(r"(?P<by>.+) added (?P<who>.+) to the group\.?")
_REMOVED = re.compile(r"(?P<by>.+) removed (?P<who>.+) from the group\.?")
_LEFT = re.compile(r"(?P<who>.+) left the group\.?")
_NOTED = re.compile(r".+ (?:created the group|named the group .*|changed the (?:group photo|theme).*)\.?")
_BETWEEN_NAMES = re.compile(r"\s*,\s*|\s+and\s+")


def detect(head: str) -> int:
    """By the names of the message fields, which no other export uses together."""
    if '"sender_name"' not in head or '"timestamp_ms"' not in head:
        return 0
    return 95 if '"participants"' in head or '"messages"' in head else 70


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """One conversation; of several files ``message_1.json``, ``message_2.json`` … each is read for itself."""
    header = read_header(source, "participants", "title", "thread_path", "thread_type")
    participants = as_list(header.get("participants"))
    is_group = "group" in as_text(header.get("thread_type")).lower() or len(participants) > 2 or not participants
    yield ChatStarts(
        name=mend(as_text(header.get("title"))) or choices.chat_name,
        ref=as_text(header.get("thread_path")),
        platform="instagram",
        is_private=not is_group,
    )
    for found in read_items(source, "messages.item"):
        yield found if isinstance(found, Skipped) else _record(found)


def mend(text: str) -> str:
    """UTF-8 that was written as if every byte were a character, put right; a text that is sound stays as it is."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _record(found: Found) -> Record:
    row = as_map(found.value)
    if not row:
        return skip("bad_record", found.place, found.value)
    at = unix_time(row.get("timestamp_ms"))
    if at is None:
        return skip("bad_time", found.place, row)
    name = mend(as_text(row.get("sender_name")))
    sender = PersonRef(name) if name else None
    text = mend(as_text(row.get("content")))
    return _event(row, text, at, found.place, sender) or _message(row, text, at, found.place, sender)


def _event(row: dict[str, object], text: str, at: datetime, place: int, sender: PersonRef | None) -> Record | None:
    """Messenger types its events; Instagram writes them as a sentence of the one who acts."""
    users = tuple(
        PersonRef(name) for user in as_list(row.get("users")) if (name := mend(as_text(as_map(user).get("name"))))
    )
    kind = as_text(row.get("type"))
    if kind == "Subscribe" and users:
        return _join(at, users, place, sender)
    if kind == "Unsubscribe" and users:
        return _leave(at, users, place, sender)
    if sender is None or not text.startswith((sender.name, "You ")):
        return None
    if added := _ADDED.fullmatch(text):
        return _join(at, _names(added["who"]), place, sender)
    if removed := _REMOVED.fullmatch(text):
        return _leave(at, _names(removed["who"]), place, sender)
    if _LEFT.fullmatch(text):
        return PastLeave(at=at, people=(sender,), place=place)
    return PastNotice(at=at, text=text, place=place, by=sender) if _NOTED.fullmatch(text) else None


def _join(at: datetime, people: tuple[PersonRef, ...], place: int, by: PersonRef | None) -> PastJoin:
    inviter = None if by is None or by in people else by
    return PastJoin(at=at, people=people, place=place, inviter=inviter, via="added" if inviter else "")


def _leave(at: datetime, people: tuple[PersonRef, ...], place: int, by: PersonRef | None) -> PastLeave:
    return PastLeave(at=at, people=people, place=place, operator=None if by is None or by in people else by)


def _names(text: str) -> tuple[PersonRef, ...]:
    return tuple(PersonRef(name) for name in _BETWEEN_NAMES.split(text) if name)


def _message(row: dict[str, object], text: str, at: datetime, place: int, sender: PersonRef | None) -> PastMessage:
    media = tuple(_media(row))
    share = as_map(row.get("share"))
    link = mend(as_text(share.get("link")))
    kind = _kind(row, text, media, has_link=bool(link))
    words = "\n".join(part for part in (text, link if link not in text else "") if part)
    return PastMessage(
        at=at,
        sender=sender,
        text=words or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        media=media,
        is_recalled=row.get("is_unsent") is True,
    )


def _kind(row: dict[str, object], text: str, media: tuple[Media, ...], *, has_link: bool) -> MessageKind:
    if "call_duration" in row:
        return MessageKind.CALL
    if media and not text:
        return media[0].kind
    if has_link and not text:
        return MessageKind.LINK
    return MessageKind.TEXT if text or row.get("is_unsent") is True else MessageKind.OTHER


def _media(row: dict[str, object]) -> Iterator[Media]:
    for key, kind in _ATTACHED.items():
        for file in map(as_map, as_list(row.get(key))):
            yield Media(kind, name=mend(as_text(file.get("uri"))), size=as_size(file.get("size")))
    sticker = as_map(row.get("sticker"))
    if sticker:
        yield Media(MessageKind.STICKER, name=as_text(sticker.get("uri")))

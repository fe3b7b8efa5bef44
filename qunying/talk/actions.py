"""Writes what was said; in bulk, once per message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qunying.store import rows
from qunying.talk.models import Message, Revision, Whisper
from qunying.talk.search import TALK_INDEX

MAX_TEXT = 100_000

_COLUMNS = [
    "id",
    "community_id",
    "group_id",
    "sender_id",
    "source_key",
    "at",
    "kind",
    "text",
    "reply_to",
    "quote",
    "mentions",
    "media",
    "edited_at",
    "recalled_at",
    "is_own",
    "is_imported",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to keep. ``mentions`` are identity ids, ``media`` are JSON-able descriptions."""

    community_id: int
    group_id: int
    sender_id: int | None
    source_key: str
    at: datetime
    text: str
    kind: str = "text"
    reply_to: str = ""
    quote: str = ""
    mentions: Sequence[int] = ()
    media: Sequence[Mapping[str, Any]] = ()
    edited_at: datetime | None = None
    recalled_at: datetime | None = None
    is_own: bool = False
    is_imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An earlier message was edited (``text``) or withdrawn (``text`` None)."""

    group_id: int
    source_key: str
    at: datetime
    text: str | None = None
    by: int | None = None


def do_keep_messages(messages: Sequence[NewMessage]) -> list[NewMessage]:
    """Keeps what is not kept yet, and answers just that.

    Who calls holds the lane (or the group's row), so nobody else keeps messages of these groups at the same time.
    """
    fresh = _fresh(messages)
    if fresh:
        ids = rows.next_ids(Message, len(fresh))
        rows.insert(Message, _COLUMNS, [_row(pk, new) for pk, new in zip(ids, fresh, strict=True)])
        TALK_INDEX.add((pk, new.text) for pk, new in zip(ids, fresh, strict=True))
    return fresh


def _fresh(messages: Sequence[NewMessage]) -> list[NewMessage]:
    found = Message.objects.filter(
        group__in={new.group_id for new in messages}, source_key__in=[new.source_key for new in messages]
    )
    known = set(found.values_list("group_id", "source_key")) if messages else set()
    first: dict[tuple[int, str], NewMessage] = {}
    for new in messages:
        key = (new.group_id, new.source_key)
        if key not in known:
            first.setdefault(key, new)
    return list(first.values())


def _row(pk: int, new: NewMessage) -> tuple[object, ...]:
    return (
        pk,
        new.community_id,
        new.group_id,
        new.sender_id,
        new.source_key,
        new.at,
        new.kind,
        new.text[:MAX_TEXT].replace("\x00", "\ufffd"),
        new.reply_to,
        new.quote,
        list(new.mentions),
        list(new.media),
        new.edited_at,
        new.recalled_at,
        new.is_own,
        new.is_imported,
    )


def do_keep_whisper(
    *, community_id: int, identity_id: int, source_key: str, at: datetime, text: str, is_own: bool = False
) -> None:
    """Keeps one private message to or from our account, once."""
    Whisper.objects.get_or_create(
        community_id=community_id,
        identity_id=identity_id,
        source_key=source_key,
        defaults={"at": at, "text": text[:MAX_TEXT], "is_own": is_own},
    )


def do_change_messages(changes: Iterable[Change]) -> None:
    """Edits and withdraws, in order. A message that we never saw cannot be changed: such a change is left out."""
    for change in changes:
        message = Message.objects.filter(group=change.group_id, source_key=change.source_key).first()
        if message is not None:
            _do_change(message, change)


def _do_change(message: Message, change: Change) -> None:
    Revision.objects.create(
        community_id=message.community_id,
        message=message,
        at=change.at,
        kind="recall" if change.text is None else "edit",
        before="" if change.text is None else message.text,
        by_id=change.by,
    )
    if change.text is None:
        message.recalled_at = message.recalled_at or change.at
        message.save(update_fields=["recalled_at"])
        return
    TALK_INDEX.remove([(message.pk, message.text)])
    message.text, message.edited_at = change.text[:MAX_TEXT], change.at
    message.save(update_fields=["text", "edited_at"])
    TALK_INDEX.add([(message.pk, message.text)])

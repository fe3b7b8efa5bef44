"""Writes what was said; in bulk, once per message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qunying.kernel.readings import Reading
from qunying.store import rows
from qunying.talk.corrections import do_erase_corrected, do_forget_corrections
from qunying.talk.models import Message, Revision, Whisper
from qunying.talk.readings import do_add_readings, do_forget_readings, do_keep_readings
from qunying.talk.search import TALK_INDEX
from qunying.talk.theme_scopes import do_note_talk
from qunying.talk.themes import do_forget_themes
from qunying.talk.threads import do_forget_threads, do_recount_threads_of

MAX_TEXT = 100_000
KEYS_AT_ONCE = 10_000

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


@dataclass(slots=True, kw_only=True)
class NewMessage:
    """A message to keep. ``mentions`` are identity ids, ``media`` are JSON-able descriptions.

    Not to be changed, yet not frozen: an import makes millions, and freezing makes each four times as dear.
    """

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
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWhisper:
    """A private message to keep; ``identity_id`` is the person, whoever of the two said it."""

    community_id: int
    identity_id: int
    source_key: str
    at: datetime
    text: str
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An earlier message was edited (``text``) or withdrawn (``text`` None)."""

    group_id: int
    source_key: str
    at: datetime
    text: str | None = None
    by: int | None = None
    reading: Reading | None = None  # of the new words; without one nobody has read them


def do_keep_messages(messages: Sequence[NewMessage]) -> list[NewMessage]:
    """Keeps what is not kept yet, and answers just that.

    Who calls holds the lane (or the group's row), so nobody else keeps messages of these groups at the same time.
    """
    fresh = _fresh(messages)
    if fresh:
        ids = rows.next_ids(Message, len(fresh))
        rows.insert(Message, _COLUMNS, [_row(pk, new) for pk, new in zip(ids, fresh, strict=True)])
        TALK_INDEX.add((pk, new.text) for pk, new in zip(ids, fresh, strict=True))
        do_add_readings((pk, new.reading) for pk, new in zip(ids, fresh, strict=True) if new.reading is not None)
    return fresh


def _fresh(messages: Sequence[NewMessage]) -> list[NewMessage]:
    known = _known_keys(messages)
    first: dict[tuple[int, str], NewMessage] = {}
    for new in messages:
        key = (new.group_id, new.source_key)
        if key not in known:
            first.setdefault(key, new)
    return list(first.values())


def _known_keys(messages: Sequence[NewMessage]) -> set[tuple[int, str]]:
    """Which of these are kept already."""
    key = ("group_id", "source_key")
    return set(rows.select(Message, key, key, {(new.group_id, new.source_key) for new in messages}))


def _row(pk: int, new: NewMessage) -> tuple[object, ...]:
    return (
        pk,
        new.community_id,
        new.group_id,
        new.sender_id,
        new.source_key,
        new.at,
        new.kind,
        _kept_text(new.text),
        new.reply_to,
        new.quote,
        list(new.mentions),
        list(new.media),
        new.edited_at,
        new.recalled_at,
        new.is_own,
        new.is_imported,
    )


def _kept_text(text: str) -> str:
    return text[:MAX_TEXT].replace("\x00", "\ufffd")


def do_keep_whispers(whispers: Iterable[NewWhisper]) -> None:
    """Keeps private messages to or from our account, each once."""
    rows.insert(
        Whisper,
        ["community_id", "identity_id", "source_key", "at", "text", "is_own"],
        [
            (new.community_id, new.identity_id, new.source_key, new.at, _kept_text(new.text), new.is_own)
            for new in whispers
        ],
        ignore=True,
    )


def do_change_messages(changes: Iterable[Change]) -> None:
    """Edits and withdraws, in order. Left out is a change of a message that we never saw, and withdrawing it once more."""
    changes = list(changes)
    if not changes:
        return
    found = _changed_by(changes)
    texts_before = {message.pk: message.text for message in found.values()}
    revisions = [
        _do_change(message, change)
        for change in changes
        if (message := found.get((change.group_id, change.source_key))) is not None
        and (change.text is not None or message.recalled_at is None)
    ]
    rows.insert(Revision, ["community_id", "message_id", "at", "kind", "before", "by_id"], revisions)
    rows.update(
        Message,
        ["text", "edited_at", "recalled_at"],
        ["id"],
        [(one.text, one.edited_at, one.recalled_at, one.pk) for one in found.values()],
    )
    reworded = [message for message in found.values() if message.text != texts_before[message.pk]]
    TALK_INDEX.remove((message.pk, texts_before[message.pk]) for message in reworded)
    TALK_INDEX.add((message.pk, message.text) for message in reworded)
    do_forget_readings([message.pk for message in reworded])
    do_recount_threads_of([message.pk for message in found.values() if message.recalled_at is not None])
    do_note_talk({message.group_id: message.community_id for message in found.values()})
    last = {(change.group_id, change.source_key): change.reading for change in changes if change.text is not None}
    do_keep_readings((found[key].pk, reading) for key, reading in last.items() if key in found and reading is not None)


def _changed_by(changes: Sequence[Change]) -> dict[tuple[int, str], Message]:
    wanted = {(change.group_id, change.source_key) for change in changes}
    ids = [pk for (pk,) in rows.select(Message, ["id"], ("group_id", "source_key"), wanted)]
    return {(one.group_id, one.source_key): one for one in Message.objects.filter(pk__in=ids)}


def _do_change(message: Message, change: Change) -> tuple[object, ...]:
    """Changes the message in memory and answers the row of its revision."""
    is_recall = change.text is None
    before = "" if is_recall else message.text
    if change.text is None:
        message.recalled_at = change.at
    else:
        message.text, message.edited_at = _kept_text(change.text), change.at
    return (message.community_id, message.pk, change.at, "recall" if is_recall else "edit", before, change.by)


def do_forget_talk(community_ids: Sequence[int], at_most: int) -> int:
    """Removes up to so many messages of communities that are being removed, from the search index too, as many private
    words, threads, themes and corrections; answers how many."""
    corrections = do_forget_corrections(community_ids, at_most)
    themes = do_forget_themes(community_ids, at_most)
    threads = do_forget_threads(community_ids, at_most)
    said = list(Message.objects.filter(group__community__in=community_ids).values_list("pk", "text")[:at_most])
    TALK_INDEX.remove(said)
    do_erase_corrected(pk for pk, _text in said)
    Message.objects.filter(pk__in=rows.among(pk for pk, _text in said)).delete()
    whispers = list(Whisper.objects.filter(community__in=community_ids).values_list("pk", flat=True)[:at_most])
    Whisper.objects.filter(pk__in=whispers).delete()
    return len(said) + len(whispers) + corrections + threads + themes

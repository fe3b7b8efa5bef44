"""One message of a Slack day file as a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ..jsonvalues import as_list, as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time
from ..records import Media, MessageKind, PastJoin, PastLeave, PastMessage, PastNotice, PastRecall, PersonRef, Record
from .people import known_person, sender_of_message
from .text import block_text, mentioned_refs, plain_text

_JOINS = frozenset({"channel_join", "group_join"})
_LEAVES = frozenset({"channel_leave", "group_leave"})
_SAID = frozenset(
    {
        "",
        "bot_message",
        "me_message",
        "file_share",
        "file_comment",
        "thread_broadcast",
        "reply_broadcast",
        "slackbot_response",
        "message_changed",
        "assistant_app_thread",
    }
)
_NOTED = frozenset(
    {
        "bot_add",
        "bot_remove",
        "bot_enable",
        "bot_disable",
        "channel_topic",
        "channel_purpose",
        "channel_name",
        "channel_archive",
        "channel_unarchive",
        "channel_convert_to_private",
        "channel_posting_permissions",
        "group_topic",
        "group_purpose",
        "group_name",
        "group_archive",
        "group_unarchive",
        "pinned_item",
        "unpinned_item",
        "reminder_add",
        "file_mention",
        "sh_room_created",
        "huddle_thread",
        "app_conversation_join",
    }
)


@dataclass(slots=True)
class Workspace:
    """The people and channels of the export, by id."""

    people: dict[str, PersonRef] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)


def tell_message(value: object, place: int, workspace: Workspace) -> Record:
    """The record a message stands for; without a time it is ``Skipped``."""
    row = as_map(value)
    if not row:
        return skip("bad_record", place, value)
    at = unix_time(row.get("ts"))
    if at is None:
        return skip("bad_time", place, row)
    subtype = as_text(row.get("subtype"))
    if subtype == "message_changed":
        row = {**as_map(row.get("message")), "ts": row.get("ts")} if row.get("message") else row
    sender = sender_of_message(row, workspace.people)
    if subtype in _SAID:
        return _message(row, at, place, sender, workspace)
    return _event(row, subtype, at, place, sender, workspace)


def _event(
    row: dict[str, object], subtype: str, at: datetime, place: int, sender: PersonRef | None, workspace: Workspace
) -> Record:
    source_id = as_ref(row.get("ts"))
    if subtype in _JOINS and sender is not None:
        inviter_ref = as_ref(row.get("inviter"))
        inviter = known_person(inviter_ref, workspace.people) if inviter_ref else None
        via = "invite" if inviter else ""
        return PastJoin(at=at, people=(sender,), place=place, inviter=inviter, via=via, source_id=source_id)
    if subtype in _LEAVES and sender is not None:
        return PastLeave(at=at, people=(sender,), place=place, source_id=source_id)
    if subtype in {"tombstone", "message_deleted"}:
        gone = as_ref(row.get("deleted_ts")) or source_id
        return PastRecall(at=at, place=place, by=None if subtype == "tombstone" else sender, source_id=gone)
    if subtype in _NOTED:
        text = plain_text(as_text(row.get("text")), workspace.people, workspace.channels)
        return PastNotice(at=at, text=text or subtype, place=place, by=sender, source_id=source_id)
    message = _message(row, at, place, sender, workspace)
    return PastMessage(
        at=at,
        sender=sender,
        text=message.text or raw_text(row),
        place=place,
        kind=MessageKind.OTHER,
        source_id=source_id,
        mentions=message.mentions,
        media=message.media,
    )


def _message(
    row: dict[str, object], at: datetime, place: int, sender: PersonRef | None, workspace: Workspace
) -> PastMessage:
    written = as_text(row.get("text")) or block_text(row.get("blocks")) or _attached_text(row)
    media = tuple(_media(row))
    source_id, thread = as_ref(row.get("ts")), as_ref(row.get("thread_ts"))
    edited = as_map(row.get("edited"))
    return PastMessage(
        at=at,
        sender=sender,
        text=plain_text(written, workspace.people, workspace.channels),
        place=place,
        kind=media[0].kind if media and not as_text(row.get("text")).strip() else MessageKind.TEXT,
        source_id=source_id,
        reply_to=thread if thread != source_id else None,
        mentions=tuple(known_person(ref, workspace.people) for ref in mentioned_refs(written)),
        media=media,
        edited_at=unix_time(edited.get("ts")),
    )


def _attached_text(row: dict[str, object]) -> str:
    """What integrations post: a message without words and one or more cards with them."""
    cards = map(as_map, as_list(row.get("attachments")))
    words = (first_text(card, "pretext", "fallback", "title", "text") for card in cards)
    bodies = map(as_map, as_list(row.get("attachments")))
    texts = (first_text(body, "text") for body in bodies)
    joined = ("\n".join(dict.fromkeys(part for part in pair if part)) for pair in zip(words, texts, strict=True))
    return "\n".join(card for card in joined if card)


def _media(row: dict[str, object]) -> list[Media]:
    files = [as_map(file) for file in (*as_list(row.get("files")), row.get("file"))]
    return [
        Media(
            _file_kind(as_text(file.get("mimetype"))),
            name=first_text(file, "name", "title", "id"),
            size=as_size(file.get("size")),
            url=first_text(file, "url_private_download", "url_private", "permalink"),
        )
        for file in files
        if file
    ]


def _file_kind(mime: str) -> MessageKind:
    kinds = {"image": MessageKind.IMAGE, "video": MessageKind.VIDEO, "audio": MessageKind.VOICE}
    return kinds.get(mime.partition("/")[0], MessageKind.FILE)

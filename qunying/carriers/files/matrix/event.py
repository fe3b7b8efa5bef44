"""One event of a Matrix room as a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ..jsonvalues import as_list, as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time
from ..records import Media, MessageKind, PastMessage, PastNotice, PastRecall, PersonRef, Record
from .members import Members, tell_membership

_KINDS = {
    "m.text": MessageKind.TEXT,
    "m.notice": MessageKind.TEXT,
    "m.emote": MessageKind.TEXT,
    "m.image": MessageKind.IMAGE,
    "m.video": MessageKind.VIDEO,
    "m.audio": MessageKind.VOICE,
    "m.file": MessageKind.FILE,
    "m.location": MessageKind.LOCATION,
}
_ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.VOICE, MessageKind.FILE, MessageKind.STICKER})
_POLLS = frozenset({"m.poll.start", "org.matrix.msc3381.poll.start"})
_STATE_WORDS = ("name", "topic", "alias", "join_rule", "history_visibility", "url", "replacement_room")


@dataclass(frozen=True, slots=True)
class Edit:
    """The latest replacement of one message."""

    target: str
    sender: str
    at: datetime
    place: int
    content: dict[str, object]


@dataclass(slots=True)
class Room:
    """What the events so far, and the edits of the whole file, tell about the room."""

    members: Members = field(default_factory=Members)
    edits: dict[str, Edit] = field(default_factory=dict)

    def remember(self, edit: Edit) -> None:
        """Keeps the newest edit of a message."""
        known = self.edits.get(edit.target)
        if known is None or known.at <= edit.at:
            self.edits[edit.target] = edit


def edit_of(event: dict[str, object], place: int) -> Edit | None:
    """The edit an event is, or None."""
    content = as_map(event.get("content"))
    relation = as_map(content.get("m.relates_to"))
    target, at = as_ref(relation.get("event_id")), unix_time(event.get("origin_server_ts"))
    if relation.get("rel_type") != "m.replace" or target is None or at is None:
        return None
    return Edit(target, as_text(event.get("sender")), at, place, as_map(content.get("m.new_content")) or content)


def tell_event(value: object, place: int, room: Room) -> Record | None:
    """The record an event stands for; None for an edit, which is told with the message it edits."""
    event = as_map(value)
    kind = as_text(event.get("type"))
    if not kind:
        return skip("bad_record", place, value)
    at = unix_time(event.get("origin_server_ts"))
    if at is None:
        return skip("bad_time", place, event)
    if kind == "m.room.encrypted":
        return skip("encrypted", place, {"event_id": event.get("event_id"), "sender": event.get("sender")})
    if kind == "m.room.member":
        return tell_membership(event, at, place, room.members)
    if kind == "m.room.redaction":
        return _redaction(event, at, place, room)
    if edit_of(event, place) is not None:
        return None
    return _said(event, kind, at, place, room)


def tell_orphaned_edit(edit: Edit, room: Room) -> PastMessage:
    """An edit whose message is not in the file: what it says is still known."""
    sender = room.members.person(edit.sender)
    return _message(edit.content, edit.at, edit.place, sender, edit.target, "m.room.message", edit.at)


def _said(event: dict[str, object], kind: str, at: datetime, place: int, room: Room) -> Record:
    sender = room.members.person(as_text(event.get("sender")))
    content, source_id = as_map(event.get("content")), as_ref(event.get("event_id"))
    if kind in {"m.room.message", "m.sticker"} or kind in _POLLS:
        if _is_redacted(event, content):
            room.edits.pop(source_id or "", None)
            return PastMessage(at=at, sender=sender, text="", place=place, source_id=source_id, is_recalled=True)
        edit = room.edits.pop(source_id or "", None)
        if edit is not None and edit.sender != as_text(event.get("sender")):
            edit = None  # nobody edits another's words; servers refuse it, a file may still hold it
        if edit is not None:
            content = {**edit.content, "m.relates_to": content.get("m.relates_to")}
        return _message(content, at, place, sender, source_id, kind, edit.at if edit else None)
    if kind == "m.call.invite":
        return PastMessage(at=at, sender=sender, text="", place=place, kind=MessageKind.CALL, source_id=source_id)
    return _other(event, kind, content, at, place, sender)


def _is_redacted(event: dict[str, object], content: dict[str, object]) -> bool:
    return "redacted_because" in as_map(event.get("unsigned")) or "redacted_because" in event or not content


def _message(
    content: dict[str, object],
    at: datetime,
    place: int,
    sender: PersonRef | None,
    source_id: str | None,
    event_kind: str,
    edited_at: datetime | None,
) -> PastMessage:
    kind = _kind(content, event_kind)
    reply_to = _reply_to(content)
    text = _poll_text(content) if kind is MessageKind.POLL else as_text(content.get("body"))
    mentions = as_list(as_map(content.get("m.mentions")).get("user_ids"))
    return PastMessage(
        at=at,
        sender=sender,
        text=(_without_fallback(text) if reply_to else text)
        or (raw_text(content) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=source_id,
        reply_to=reply_to,
        mentions=tuple(PersonRef(Members.local_name(ref), ref) for user in mentions if (ref := as_text(user))),
        media=(_media(content, kind),) if kind in _ATTACHED else (),
        edited_at=edited_at,
    )


def _kind(content: dict[str, object], event_kind: str) -> MessageKind:
    if event_kind == "m.sticker":
        return MessageKind.STICKER
    if event_kind in _POLLS:
        return MessageKind.POLL
    return _KINDS.get(as_text(content.get("msgtype")), MessageKind.OTHER)


def _media(content: dict[str, object], kind: MessageKind) -> Media:
    url = as_text(content.get("url")) or as_text(as_map(content.get("file")).get("url"))
    size = as_size(as_map(content.get("info")).get("size"))
    return Media(kind, first_text(content, "filename", "body"), size, url)


def _reply_to(content: dict[str, object]) -> str | None:
    """What is answered; inside of a thread without an answer of its own, the message the thread hangs on."""
    relation = as_map(content.get("m.relates_to"))
    answered = as_ref(as_map(relation.get("m.in_reply_to")).get("event_id"))
    if relation.get("rel_type") == "m.thread" and (relation.get("is_falling_back") is True or answered is None):
        return as_ref(relation.get("event_id"))
    return answered


def _without_fallback(text: str) -> str:
    """The words without the quotation older clients put before an answer."""
    lines = text.split("\n")
    quoted = next((index for index, line in enumerate(lines) if not line.startswith(">")), len(lines))
    if quoted == 0 or not lines[0].startswith("> <@"):
        return text
    return "\n".join(lines[quoted:]).lstrip("\n")


def _poll_text(content: dict[str, object]) -> str:
    poll = as_map(content.get("m.poll")) or as_map(content.get("org.matrix.msc3381.poll.start"))
    question = first_text(as_map(poll.get("question")), "m.text", "org.matrix.msc1767.text", "body")
    answers = (
        first_text(as_map(answer), "m.text", "org.matrix.msc1767.text") for answer in as_list(poll.get("answers"))
    )
    lines = [line for line in (question, *answers) if line]
    return "\n".join(lines) or first_text(content, "org.matrix.msc1767.text", "m.text", "body")


def _redaction(event: dict[str, object], at: datetime, place: int, room: Room) -> PastRecall:
    content = as_map(event.get("content"))
    target = as_ref(event.get("redacts")) or as_ref(content.get("redacts"))
    return PastRecall(at=at, place=place, by=room.members.person(as_text(event.get("sender"))), source_id=target)


def _other(
    event: dict[str, object],
    kind: str,
    content: dict[str, object],
    at: datetime,
    place: int,
    sender: PersonRef | None,
) -> Record:
    """State changes and reactions are notices; a kind of event nobody knows is a message that keeps its raw text."""
    source_id = as_ref(event.get("event_id"))
    if kind == "m.reaction":
        words = as_text(as_map(content.get("m.relates_to")).get("key"))
    elif "state_key" in event:
        words = first_text(content, *_STATE_WORDS)
    else:
        text = as_text(content.get("body")) or raw_text(content)
        return PastMessage(at=at, sender=sender, text=text, place=place, kind=MessageKind.OTHER, source_id=source_id)
    return PastNotice(at=at, text=f"{kind}: {words}" if words else kind, place=place, by=sender, source_id=source_id)

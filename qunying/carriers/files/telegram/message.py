"""One message of Telegram Desktop's JSON as a record."""

from __future__ import annotations

from datetime import datetime

from ..jsonvalues import as_list, as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time, written_time
from ..records import Media, MessageKind, PastJoin, PastLeave, PastMessage, PastNotice, PersonRef, Record

_MEDIA_KINDS = {
    "sticker": MessageKind.STICKER,
    "animation": MessageKind.STICKER,
    "video_file": MessageKind.VIDEO,
    "video_message": MessageKind.VIDEO,
    "voice_message": MessageKind.VOICE,
    "audio_file": MessageKind.FILE,
}
_SHOWN_KINDS = {
    "poll": MessageKind.POLL,
    "todo_list": MessageKind.POLL,
    "location_information": MessageKind.LOCATION,
    "contact_information": MessageKind.CONTACT,
    "game_title": MessageKind.LINK,
    "invoice_information": MessageKind.OTHER,
    "giveaway_information": MessageKind.OTHER,
    "giveaway_results": MessageKind.OTHER,
    "story": MessageKind.OTHER,
}
_JOIN_VIA = {
    "invite_members": "added",
    "create_group": "created",
    "join_group_by_link": "link",
    "join_group_by_request": "request",
}


def tell_message(value: object, place: int) -> Record:
    """The record a message or service row stands for; without a time it is ``Skipped``."""
    row = as_map(value)
    if as_text(row.get("type")) not in {"message", "service"}:
        return skip("bad_record", place, value)
    at = unix_time(row.get("date_unixtime")) or written_time(row.get("date"))
    if at is None:
        return skip("bad_time", place, row)
    if row["type"] == "service":
        return _service(row, at, place)
    return _message(row, at, place)


def plain_text(value: object, *, is_exact: bool = True) -> str:
    """A text, or the parts of a formatted one put together.

    Where the parts are not exact, a link that would run into a formatted word before it is kept apart by a space: old
    exports lose the space there.
    """
    if not isinstance(value, list):
        return as_text(value)
    text = ""
    was_formatted = False
    for part in value:
        words = as_text(part["text"]) if isinstance(part, dict) and "text" in part else as_text(part)
        if not is_exact and was_formatted and as_map(part).get("type") == "link":
            words = f" {words}" if not text.endswith((" ", "\n")) else words
        text += words
        was_formatted = isinstance(part, dict)
    return text


def _person(row: dict[str, object], name: str, ref: str) -> PersonRef | None:
    shown, known = as_text(row.get(name)), as_ref(row.get(ref))
    return PersonRef(shown or known or "", known) if shown or known else None


def _message(row: dict[str, object], at: datetime, place: int) -> PastMessage:
    media = _media(row)
    kind = _kind(row, media)
    text = plain_text(row.get("text"), is_exact="text_entities" in row) or _shown(row)
    return PastMessage(
        at=at,
        sender=_person(row, "from", "from_id"),
        text=text or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=as_ref(row.get("id")),
        reply_to=as_ref(row.get("reply_to_message_id")),
        mentions=_mentions(row),
        media=media,
        edited_at=unix_time(row.get("edited_unixtime")) or written_time(row.get("edited")),
        forwarded_from=as_text(row.get("forwarded_from")) or as_text(row.get("saved_from")),
    )


def _kind(row: dict[str, object], media: tuple[Media, ...]) -> MessageKind:
    shown = next((kind for key, kind in _SHOWN_KINDS.items() if row.get(key)), None)
    if shown is not None:
        return shown
    if media:
        return media[0].kind
    return MessageKind.FORWARD if row.get("forwarded_from") and not row.get("text") else MessageKind.TEXT


def _media(row: dict[str, object]) -> tuple[Media, ...]:
    """The photo or file; a note like "(File not included …)" in place of a path is no path."""
    if "photo" in row:
        return (Media(MessageKind.IMAGE, _path(row.get("photo")), as_size(row.get("photo_file_size"))),)
    if "file" not in row and "media_type" not in row:
        return ()
    kind = _MEDIA_KINDS.get(as_text(row.get("media_type")), MessageKind.FILE)
    if kind is MessageKind.FILE and as_text(row.get("mime_type")).startswith("image/"):
        kind = MessageKind.IMAGE
    name = _path(row.get("file")) or as_text(row.get("file_name"))
    return (Media(kind, name, as_size(row.get("file_size"))),)


def _path(value: object) -> str:
    path = as_text(value)
    return "" if path.startswith("(") else path


def _mentions(row: dict[str, object]) -> tuple[PersonRef, ...]:
    """``@name`` names an account by its handle only; a mention by name carries the account's number."""
    parts = as_list(row.get("text_entities")) or as_list(row.get("text"))
    found = []
    for part in map(as_map, parts):
        if part.get("type") == "mention":
            found.append(PersonRef(as_text(part.get("text")).lstrip("@")))
        elif part.get("type") == "mention_name":
            ref = as_ref(part.get("user_id"))
            found.append(PersonRef(as_text(part.get("text")).lstrip("@"), f"user{ref}" if ref else None))
    return tuple(found)


def _shown(row: dict[str, object]) -> str:
    """Words for what has none of its own: a poll's question and answers, a place, a contact."""
    question = as_map(row.get("poll")) or as_map(row.get("todo_list"))
    if question:
        answers = [plain_text(as_map(answer).get("text")) for answer in as_list(question.get("answers"))]
        return "\n".join([plain_text(question.get("question") or question.get("title")), *answers]).strip()
    contact = as_map(row.get("contact_information"))
    if contact:
        parts = (as_text(contact.get(key)) for key in ("first_name", "last_name", "phone_number"))
        return " ".join(part for part in parts if part)
    place = as_map(row.get("location_information"))
    if place:
        coordinates = f"{as_text(place.get('latitude'))},{as_text(place.get('longitude'))}"
        return " ".join(
            part for part in (first_text(row, "place_name"), first_text(row, "address"), coordinates) if part
        )
    sticker = as_text(row.get("sticker_emoji"))
    return sticker or first_text(row, "game_title")


def _service(row: dict[str, object], at: datetime, place: int) -> Record:
    action = as_text(row.get("action"))
    actor = _person(row, "actor", "actor_id")
    source_id = as_ref(row.get("id"))
    if action in _JOIN_VIA:
        return _joined(row, action, actor, at, place)
    if action == "remove_members":
        people = _members(row, actor)
        is_own_will = actor is None or people == (actor,)
        if people:
            return PastLeave(
                at=at, people=people, place=place, operator=None if is_own_will else actor, source_id=source_id
            )
    return PastNotice(at=at, text=_notice(row, action), place=place, by=actor, source_id=source_id)


def _joined(row: dict[str, object], action: str, actor: PersonRef | None, at: datetime, place: int) -> Record:
    """Who came, by whom. One who adds only themselves came alone; ``inviter`` names the owner of a link."""
    source_id = as_ref(row.get("id"))
    via = _JOIN_VIA[action]
    if via in {"link", "request"}:
        inviter_name = as_text(row.get("inviter"))
        inviter = PersonRef(inviter_name) if inviter_name and inviter_name != "Group" else None
        return PastJoin(
            at=at, people=(actor,) if actor else (), place=place, inviter=inviter, via=via, source_id=source_id
        )
    people = _members(row, actor)
    if via == "created" and actor is not None and actor not in people:
        people = (actor, *people)
    if not people:
        return PastNotice(at=at, text=_notice(row, action), place=place, by=actor, source_id=source_id)
    if people == (actor,):
        return PastJoin(at=at, people=people, place=place, via="" if via == "added" else via, source_id=source_id)
    return PastJoin(at=at, people=people, place=place, inviter=actor, via=via, source_id=source_id)


def _members(row: dict[str, object], actor: PersonRef | None) -> tuple[PersonRef, ...]:
    """The members of a service row, which has only names; null stands for deleted accounts."""
    names = [as_text(name) for name in as_list(row.get("members"))]
    return tuple(actor if actor is not None and name == actor.name else PersonRef(name) for name in names if name)


def _notice(row: dict[str, object], action: str) -> str:
    words = plain_text(row.get("text")) or first_text(row, "title", "information_text", "new_title", "emoticon")
    return f"{action}: {words}" if words else action or raw_text(row)

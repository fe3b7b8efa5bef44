"""One line of a telegram-cli dump as a record."""

from __future__ import annotations

from datetime import datetime

from ..jsonvalues import as_map, as_ref, as_size, as_text, first_text, raw_text, skip, unix_time
from ..records import Media, MessageKind, PastJoin, PastLeave, PastMessage, PastNotice, PersonRef, Record

_MEDIA_KINDS = {
    "photo": MessageKind.IMAGE,
    "audio": MessageKind.VOICE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "document": MessageKind.FILE,
    "geo": MessageKind.LOCATION,
    "venue": MessageKind.LOCATION,
    "contact": MessageKind.CONTACT,
    "webpage": MessageKind.TEXT,
    "unsupported": MessageKind.OTHER,
}
_ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE})


def tell_cli_line(value: object, place: int) -> Record:
    """The record a line stands for; without a time it is ``Skipped``."""
    row = as_map(value)
    if not row or as_text(row.get("event")) not in {"message", "service"}:
        return skip("bad_record", place, value)
    at = unix_time(row.get("date"))
    if at is None:
        return skip("bad_time", place, row)
    if row.get("service") is True or row["event"] == "service":
        return _service(row, at, place)
    media = as_map(row.get("media"))
    kind = _MEDIA_KINDS.get(as_text(media.get("type")), MessageKind.OTHER) if media else MessageKind.TEXT
    text = as_text(row.get("text")) or as_text(media.get("caption"))
    attached = Media(kind, first_text(media, "file", "caption"), as_size(media.get("size")))
    return PastMessage(
        at=at,
        sender=_person(as_map(row.get("from"))),
        text=text or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=as_ref(row.get("id")),
        reply_to=as_ref(row.get("reply_id")),
        media=(attached,) if kind in _ATTACHED else (),
        forwarded_from=_name(as_map(row.get("fwd_from"))),
    )


def _service(row: dict[str, object], at: datetime, place: int) -> Record:
    action = as_map(row.get("action"))
    actor = _person(as_map(row.get("from")))
    kind = as_text(action.get("type"))
    source_id = as_ref(row.get("id"))
    member = _person(as_map(action.get("user")))
    if kind == "chat_add_user" and member is not None:
        inviter = actor if actor != member else None
        return PastJoin(
            at=at,
            people=(member,),
            place=place,
            inviter=inviter,
            via="added" if inviter else "",
            source_id=source_id,
        )
    if kind == "chat_add_user_link" and actor is not None:
        inviter = _person(as_map(action.get("link_issuer")))
        return PastJoin(at=at, people=(actor,), place=place, inviter=inviter, via="link", source_id=source_id)
    if kind == "chat_del_user" and member is not None:
        operator = actor if actor != member else None
        return PastLeave(at=at, people=(member,), place=place, operator=operator, source_id=source_id)
    words = first_text(action, "title")
    text = f"{kind}: {words}" if words else kind or raw_text(action)
    return PastNotice(at=at, text=text, place=place, by=actor, source_id=source_id)


def _person(peer: dict[str, object]) -> PersonRef | None:
    """Refs are written as Desktop writes them, ``user123``, so that both exports name the same person alike."""
    number = as_ref(peer.get("peer_id"))
    kind = as_text(peer.get("peer_type")) or "user"
    if number is None:
        return None
    return PersonRef(_name(peer) or number, f"{kind}{number}")


def _name(peer: dict[str, object]) -> str:
    names = (as_text(peer.get("first_name")), as_text(peer.get("last_name")))
    return " ".join(name for name in names if name) or first_text(peer, "title", "print_name", "username")

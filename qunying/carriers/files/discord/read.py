"""DiscordChatExporter: ``{guild, channel, dateRange, messages, messageCount}``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ..formats import Choices
from ..jsonstream import Found, read_header, read_items
from ..jsonvalues import as_list, as_map, as_ref, as_size, as_text, first_text, raw_text, skip, written_time
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

_NAMES = {
    "0": "Default",
    "1": "RecipientAdd",
    "2": "RecipientRemove",
    "3": "Call",
    "4": "ChannelNameChange",
    "5": "ChannelIconChange",
    "6": "ChannelPinnedMessage",
    "7": "GuildMemberJoin",
    "18": "ThreadCreated",
    "19": "Reply",
    "20": "ApplicationCommand",
    "21": "ThreadStarterMessage",
    "23": "ContextMenuCommand",
}
_SAID = frozenset({"Default", "Reply", "ApplicationCommand", "ThreadStarterMessage", "ContextMenuCommand"})
_NOTED = frozenset({"ChannelNameChange", "ChannelIconChange", "ChannelPinnedMessage", "ThreadCreated"})
_NOTED_NUMBERS = frozenset(map(str, (*range(8, 13), *range(14, 18), 22, 25, *range(26, 33), *range(36, 40))))
"""Boosts, followed channels, stages, raid alarms: Discord's own lines, which the exporter has no names for."""
_SUFFIXES = {
    MessageKind.IMAGE: (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".avif", ".heic"),
    MessageKind.VIDEO: (".mp4", ".mov", ".webm", ".mkv"),
    MessageKind.VOICE: (".ogg", ".mp3", ".m4a", ".wav", ".flac", ".opus"),
}


def detect(head: str) -> int:
    """By ``guild`` and ``channel`` with the exporter's other fields."""
    if '"guild"' not in head or '"channel"' not in head:
        return 0
    return 95 if '"dateRange"' in head or '"discriminator"' in head or '"timestampEdited"' in head else 60


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """One channel or thread."""
    header = read_header(source, "guild", "channel")
    yield _chat(as_map(header.get("guild")), as_map(header.get("channel")), choices)
    for found in read_items(source, "messages.item"):
        yield found if isinstance(found, Skipped) else _record(found)


def _chat(guild: dict[str, object], channel: dict[str, object], choices: Choices) -> ChatStarts:
    """A channel is named with its server: every server has a "general"."""
    kind = as_text(channel.get("type"))
    is_private = kind in {"DirectTextChat", "1"} or (not kind and guild.get("id") == "0")
    name = as_text(channel.get("name"))
    server = "" if as_ref(guild.get("id")) is None else as_text(guild.get("name"))
    return ChatStarts(
        name=(f"{server} #{name}" if server and name else name or server) or choices.chat_name,
        ref=as_ref(channel.get("id")) or "",
        platform="discord",
        is_private=is_private,
    )


def _person(user: dict[str, object]) -> PersonRef | None:
    ref, name = as_ref(user.get("id")), as_text(user.get("name"))
    if ref is None and not name:
        return None
    nickname = as_text(user.get("nickname"))
    card = nickname if nickname and nickname != name else None
    return PersonRef(name or nickname or ref or "", ref, card, is_bot=user.get("isBot") is True)


def _people(users: object) -> tuple[PersonRef, ...]:
    return tuple(person for user in as_list(users) if (person := _person(as_map(user))))


def _record(found: Found) -> Record:
    row = as_map(found.value)
    if not row:
        return skip("bad_record", found.place, found.value)
    at = written_time(row.get("timestamp"))
    if at is None:
        return skip("bad_time", found.place, row)
    kind = as_text(row.get("type"))
    return _told(row, _NAMES.get(kind, kind), at, found.place)


def _told(row: dict[str, object], name: str, at: datetime, place: int) -> Record:
    author = _person(as_map(row.get("author")))
    mentions = _people(row.get("mentions"))
    source_id = as_ref(row.get("id"))
    if name == "GuildMemberJoin" and author is not None:
        return PastJoin(at=at, people=(author,), place=place, source_id=source_id)
    if name == "RecipientAdd" and mentions:
        return PastJoin(at=at, people=mentions, place=place, inviter=author, via="added", source_id=source_id)
    if name == "RecipientRemove" and (mentions or author):
        people = mentions or ((author,) if author else ())
        operator = None if author is None or author in people else author
        return PastLeave(at=at, people=people, place=place, operator=operator, source_id=source_id)
    if name in _NOTED or name in _NOTED_NUMBERS or (name.startswith("Guild") and name != "GuildMemberJoin"):
        return PastNotice(at=at, text=as_text(row.get("content")) or name, place=place, by=author, source_id=source_id)
    return _message(row, name, at, place, author, mentions)


def _message(
    row: dict[str, object],
    name: str,
    at: datetime,
    place: int,
    author: PersonRef | None,
    mentions: tuple[PersonRef, ...],
) -> PastMessage:
    media = tuple(_media(row))
    forwarded = as_map(row.get("forwardedMessage"))
    text = as_text(row.get("content")) or as_text(forwarded.get("content")) or _embedded(row)
    kind = _kind(name, text, media, is_forward=bool(forwarded))
    reference = as_map(row.get("reference"))
    is_reply = not forwarded and as_text(reference.get("type")) != "Forward"
    return PastMessage(
        at=at,
        sender=author,
        text=text or (raw_text(row) if kind is MessageKind.OTHER else ""),
        place=place,
        kind=kind,
        source_id=as_ref(row.get("id")),
        reply_to=as_ref(reference.get("messageId")) if is_reply else None,
        mentions=mentions,
        media=media,
        edited_at=written_time(row.get("timestampEdited")),
    )


def _kind(name: str, text: str, media: tuple[Media, ...], *, is_forward: bool) -> MessageKind:
    if is_forward:
        return MessageKind.FORWARD
    if name == "Call":
        return MessageKind.CALL
    if name and name not in _SAID:
        return MessageKind.OTHER
    return media[0].kind if media and not text else MessageKind.TEXT


def _media(row: dict[str, object]) -> Iterator[Media]:
    for attachment in map(as_map, as_list(row.get("attachments"))):
        name, size = as_text(attachment.get("fileName")), as_size(attachment.get("fileSizeBytes"))
        kinds = (kind for kind, suffixes in _SUFFIXES.items() if name.lower().endswith(suffixes))
        yield Media(next(kinds, MessageKind.FILE), name, size, as_text(attachment.get("url")))
    for sticker in map(as_map, as_list(row.get("stickers"))):
        yield Media(MessageKind.STICKER, as_text(sticker.get("name")), url=as_text(sticker.get("sourceUrl")))


def _embedded(row: dict[str, object]) -> str:
    """The words of the cards under a message that has none itself, as bots post them."""
    cards = map(as_map, as_list(row.get("embeds")))
    words = (first_text(card, key) for card in cards for key in ("title", "description", "url"))
    return "\n".join(word for word in words if word)

"""What a chat export can tell: the words every file format is translated into.

A format yields these in the order of the file. Times are aware where the file knows its zone and naive (local time
of whoever exported) where it does not; the reader of the import asks for a zone once and attaches it. Nothing that
cannot be understood is dropped: it becomes a ``Skipped`` with the place and a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from qunying.kernel.texts import mark


class MessageKind(StrEnum):
    """What a message mainly is; ``OTHER`` keeps its raw text, so that nothing is lost."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    STICKER = "sticker"
    LINK = "link"
    LOCATION = "location"
    CONTACT = "contact"
    RED_PACKET = "red_packet"
    TRANSFER = "transfer"
    FORWARD = "forward"
    CALL = "call"
    POLL = "poll"
    NOTICE = "notice"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PersonRef:
    """Somebody as the file names them: ``ref`` is the platform's stable id, ``None`` where the file has only names.

    ``alias`` is what this place of the file calls them, where it gives no id and the id was found by that name.
    """

    name: str
    ref: str | None = None
    card: str | None = None
    role: str | None = None  # "owner", "admin" or "member" where the file says so
    is_bot: bool = False
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """One attachment: its kind, the name or path the export gives it, its size in bytes where known."""

    kind: MessageKind
    name: str = ""
    size: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatStarts:
    """From here on records belong to this chat. A file with one chat says it once, before its first record.

    Empty ``name`` where the file does not know it. ``is_one_of_many``: the export holds a whole account or workspace;
    the private chats of such a one are announced, and the import leaves them out.
    """

    name: str
    ref: str = ""
    platform: str = ""  # "qq" "wechat" "telegram" "whatsapp" "discord" "slack" "matrix" "irc" ""
    is_private: bool = False
    is_one_of_many: bool = False


@dataclass(slots=True)
class PastMessage:
    """One message. ``source_id`` is the platform's message id; ``place`` the line or ordinal (from 1) in the file.

    Not to be changed, yet not frozen: a large export makes millions, and freezing makes each four times as dear.
    """

    at: datetime
    sender: PersonRef | None
    text: str
    place: int
    kind: MessageKind = MessageKind.TEXT
    source_id: str | None = None
    reply_to: str | None = None  # the source_id answered
    quote: str = ""  # the quoted words, where the file has them and no id
    mentions: tuple[PersonRef, ...] = ()
    media: tuple[Media, ...] = ()
    edited_at: datetime | None = None
    is_recalled: bool = False
    forwarded_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastJoin:
    """People who came in, who brought them, and by which way (``invite link qr request added created``)."""

    at: datetime
    people: tuple[PersonRef, ...]
    place: int
    inviter: PersonRef | None = None
    via: str = ""
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLeave:
    """People who left; ``operator`` is who removed them, ``None`` when they went by themselves."""

    at: datetime
    people: tuple[PersonRef, ...]
    place: int
    operator: PersonRef | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRecall:
    """A withdrawn message; ``source_id`` names it where the file does."""

    at: datetime
    place: int
    by: PersonRef | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastNotice:
    """Any other system line (renamed, pinned, muted, announced …), kept as words."""

    at: datetime
    text: str
    place: int
    by: PersonRef | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """What could not be read: ``reason`` is a stable code (see ``REASONS``), ``sample`` at most 120 characters of it."""

    reason: str
    place: int
    sample: str = ""


Record: TypeAlias = ChatStarts | PastMessage | PastJoin | PastLeave | PastRecall | PastNotice | Skipped

CUT_OFF = "cut_off"
REASONS: dict[str, str] = {
    "bad_time": mark("时间读不懂"),
    "no_sender": mark("没有发送者"),
    "bad_text": mark("字符坏了"),
    "bad_record": mark("这一条不完整"),
    CUT_OFF: mark("文件在这里断了"),
    "too_long": mark("太长，已截断"),
    "private_chat": mark("私聊，不读"),
    "unknown_format": mark("认不出格式"),
    "not_readable": mark("打不开"),
    "encrypted": mark("加密消息，读不到"),
}

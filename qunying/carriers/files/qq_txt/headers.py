"""The two kinds of heads in a QQ file: of a chat (消息分组, 消息对象), and of a message (time, sender)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from ..dates import TIME, is_half_day, read_date, read_moment
from ..records import PersonRef

_MESSAGE = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}) +{TIME} +(\S.*)", re.DOTALL)
_CHAT = re.compile(r"消息(分组|对象|分組|對象)[:：](.*)")
_NUMBER = re.compile(r"(?P<name>.*?)\s*[(（](?P<ref>\d{4,12})[)）]", re.DOTALL)
_MAIL = re.compile(r"(?P<name>.*?)\s*<(?P<ref>[^<>\s]+@[^<>\s]+)>", re.DOTALL)
_PREFIX = re.compile(r"\s*【([^【】]*)】")

_ROLES = {"群主": "owner", "管理员": "admin", "管理員": "admin"}
_LONGEST_HEAD = 500
_SYSTEM_REFS = frozenset(("10000", "1000000"))
_ANONYMOUS_REF = "80000000"
_BOT_REFS = ("28541962", "28541963")
_GROUP_WORDS = ("群", "讨论组", "討論組", "多人聊天")
_FRIEND_WORDS = ("好友", "朋友", "家人", "亲人", "陌生人", "我的设备")


@dataclass(frozen=True, slots=True)
class MessageHead:
    """``at`` is None where the time is impossible; ``sender`` None for a system message."""

    at: datetime | None
    sender: PersonRef | None
    has_ref: bool


def read_message_head(line: str) -> MessageHead | None:
    """The head of a message, None for any other line."""
    if not line[:4].isdecimal() or len(line) > _LONGEST_HEAD:
        return None
    match = _MESSAGE.fullmatch(line)
    if match is None:
        return None
    year, month, day, before, hour, minute, second, after, who = match.groups()
    if second is None or (before and not is_half_day(before)):
        return None
    if after and not is_half_day(after):
        after, who = "", f"{after} {who}"  # not a word of the time but the first of a name with spaces in it
    at = read_moment(read_date(year, month, day, "ymd"), hour, minute, second, before or after or "")
    sender = read_sender(who)
    return MessageHead(at, None if sender.ref in _SYSTEM_REFS or _is_system(sender) else sender, sender.ref is not None)


def read_chat_head(line: str) -> tuple[str, str] | None:
    """("分组" or "对象", what it is called), None for any other line."""
    match = _CHAT.fullmatch(line)
    return None if match is None else (match[1].replace("組", "组").replace("對", "对"), match[2].strip())


def is_ruler(line: str) -> bool:
    """The lines of equals signs around the heads of chats."""
    return len(line) >= 16 and not line.strip("=")


def is_private(folder: str, *, has_ref: bool) -> bool:
    """Whether a chat in that folder of the contact list is between two people; senders with a number speak in groups."""
    if any(word in folder for word in _GROUP_WORDS):
        return False
    return any(word in folder for word in _FRIEND_WORDS) or (bool(folder) and not has_ref)


@lru_cache(maxsize=8192)
def read_sender(words: str) -> PersonRef:
    """Somebody as QQ writes them: level and role in front, then the name, then number or mail address or neither.

    An anonymous member shares one number with all others, so it is no ``ref``.
    """
    words = words.strip()
    match = _NUMBER.fullmatch(words) or _MAIL.fullmatch(words)
    name, ref = (match["name"], match["ref"]) if match else (words, None)
    name, role = _take_prefixes(name)
    if ref == _ANONYMOUS_REF:
        return PersonRef(name or "匿名", role=role)
    return PersonRef(name or ref or "", ref, role=role, is_bot=ref is not None and ref.startswith(_BOT_REFS))


def _take_prefixes(name: str) -> tuple[str, str | None]:
    role: str | None = None
    while match := _PREFIX.match(name):
        if match.end() == len(name):
            break
        role = role or _ROLES.get(match[1])
        name = name[match.end() :]
    if match and match[1] in _ROLES:
        return "", role or _ROLES[match[1]]
    return name.strip(), role


def _is_system(sender: PersonRef) -> bool:
    return sender.ref is None and sender.name == "系统消息"

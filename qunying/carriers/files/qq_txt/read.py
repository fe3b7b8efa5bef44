"""Reads a QQ message file: heads of chats, then messages, each a head, its lines and an empty line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, pairwise

from ..bodies import Block, damage, skip
from ..formats import Choices
from ..records import ChatStarts, Media, MessageKind, PastMessage, PastNotice, PersonRef, Record
from ..sources import Source
from ..system_lines import tell_system_line
from .headers import MessageHead, is_private, is_ruler, read_chat_head, read_message_head

_TITLES = ("消息记录（", "消息记录(", "訊息記錄（", "消息記錄（")
_FIRST_LINES = 400
_MARK = re.compile(r"\[(图片|表情|动画表情|语音|视频|短视频|文件|位置|名片|分享|链接|QQ红包|红包|转账|戳一戳|闪照)\]")
_KINDS = {
    "图片": MessageKind.IMAGE,
    "闪照": MessageKind.IMAGE,
    "表情": MessageKind.STICKER,
    "动画表情": MessageKind.STICKER,
    "语音": MessageKind.VOICE,
    "视频": MessageKind.VIDEO,
    "短视频": MessageKind.VIDEO,
    "文件": MessageKind.FILE,
    "位置": MessageKind.LOCATION,
    "名片": MessageKind.CONTACT,
    "分享": MessageKind.LINK,
    "链接": MessageKind.LINK,
    "QQ红包": MessageKind.RED_PACKET,
    "红包": MessageKind.RED_PACKET,
    "转账": MessageKind.TRANSFER,
    "戳一戳": MessageKind.NOTICE,
}
_ATTACHED = frozenset((MessageKind.IMAGE, MessageKind.STICKER, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE))


def detect(head: str) -> int:
    """100 with the title and a chat's head, 90 with either, 70 where several messages have numbered senders."""
    lines = head.lstrip("\ufeff").splitlines()[:_FIRST_LINES]
    has_chat = any(read_chat_head(line) is not None for line in lines)
    has_title = any(line.startswith(_TITLES) for line in lines[:5])
    if has_chat or has_title:
        return 100 if has_chat and has_title else 90
    heads = [found for line in lines if (found := read_message_head(line)) is not None]
    numbered = sum(1 for found in heads if found.has_ref or found.sender is None)
    return 70 if numbered and numbered * 2 >= len(heads) else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """The records of one or more chats; times are naive local time. Chats of a file of several are told to be one of many,
    a first group aside, whose messages need no such caution.

    A line that looks like the head of a message is one only after an empty line, the head of a chat or at the beginning:
    people quote each other. A chat is private where its folder says so, or where its senders have no number and the
    folder is none of groups.
    """
    reader = _Reader(choices.chat_name, lambda: _has_more_chats(source))
    for place, line in enumerate(source.lines(), 1):
        yield from reader.take(place, line)
    yield from reader.close()


def _has_more_chats(source: Source) -> bool:
    """Whether the file holds a second chat: a head of one right below a ruler."""
    ruled = (line for before, line in pairwise(source.lines()) if is_ruler(before))
    heads = (found for line in ruled if (found := read_chat_head(line)) and found[0] == "对象")
    return next(islice(heads, 1, None), None) is not None


class _Reader:
    """Where the reading stands: the chat announced last, the message being read, a ruler not yet understood."""

    def __init__(self, chat_name: str, has_more_chats: Callable[[], bool]) -> None:
        self._has_more_chats = has_more_chats
        self._folder = ""
        self._name = chat_name
        self._is_told = False
        self._told = 0
        self._has_head = False
        self._block: Block | None = None
        self._sender: PersonRef | None = None
        self._ruler: tuple[int, str] | None = None
        self._may_begin = True

    def take(self, place: int, line: str) -> Iterator[Record]:
        """One more line; yields what is complete by it."""
        if is_ruler(line):
            yield from self._keep_ruler()
            self._ruler = (place, line)
            return
        chat_head = read_chat_head(line) if self._ruler else None
        if chat_head is not None:
            yield from self._start_chat(*chat_head)
            return
        if self._has_head:
            self._ruler, self._has_head, self._may_begin = None, False, True
        yield from self._keep_ruler()
        head = read_message_head(line) if self._may_begin else None
        if head is not None:
            yield from self._start_message(place, line, head)
        elif self._may_begin and line.startswith(_TITLES):
            yield from self._end_message()
        else:
            yield from self._keep(place, line)
        self._may_begin = not line.strip()

    def close(self) -> Iterator[Record]:
        """The file is at its end."""
        yield from self._keep_ruler()
        yield from self._end_chat()

    def _start_chat(self, what: str, name: str) -> Iterator[Record]:
        self._ruler, self._has_head = None, True
        yield from self._end_chat()
        self._is_told = what != "对象"
        if what == "对象":
            self._name = name
        else:
            self._folder = name

    def _end_chat(self) -> Iterator[Record]:
        yield from self._end_message()
        if self._name and not self._is_told:
            yield self._announce(has_ref=False)

    def _announce(self, *, has_ref: bool) -> ChatStarts:
        self._is_told = True
        self._told += 1
        is_talk = is_private(self._folder, has_ref=has_ref)
        is_one_of_many = self._told > 1 or (is_talk and self._has_more_chats())
        return ChatStarts(name=self._name, platform="qq", is_private=is_talk, is_one_of_many=is_one_of_many)

    def _start_message(self, place: int, line: str, head: MessageHead) -> Iterator[Record]:
        yield from self._end_message()
        if not self._is_told:
            yield self._announce(has_ref=head.has_ref)
        if head.at is None:
            yield skip("bad_time", place, line)
        else:
            self._block, self._sender = Block(place, head.at, ""), head.sender

    def _end_message(self) -> Iterator[Record]:
        block, self._block = self._block, None
        if block is None:
            return
        text = block.text("")[1:]
        if self._sender is None:
            yield _system_record(block, text)
        else:
            yield _message(block, self._sender, text)
        yield from damage(block, text)

    def _keep(self, place: int, line: str) -> Iterator[Record]:
        if self._block is not None:
            self._block.add(line)
        elif line.strip():
            yield skip("bad_record", place, line)

    def _keep_ruler(self) -> Iterator[Record]:
        """A ruler that no chat's head followed was written by somebody."""
        if self._ruler is not None and not self._has_head:
            yield from self._keep(*self._ruler)
            self._may_begin = False
        self._ruler = None


def _system_record(block: Block, text: str) -> Record:
    """QQ's own sentences take one line; goes_together has more is only kept."""
    if "\n" in text:
        return PastNotice(at=block.at, text=text, place=block.place)
    return tell_system_line(text, at=block.at, place=block.place)


def _message(block: Block, sender: PersonRef, text: str) -> PastMessage:
    marks = _MARK.findall(text) if "[" in text else []
    if not marks:
        return PastMessage(at=block.at, sender=sender, text=text, place=block.place)
    kinds = [_KINDS[mark] for mark in marks]
    is_only_marks = not _MARK.sub("", text).strip()
    return PastMessage(
        at=block.at,
        sender=sender,
        text=text,
        place=block.place,
        kind=kinds[0] if is_only_marks else MessageKind.TEXT,
        media=tuple(Media(kind) for kind in kinds if kind in _ATTACHED),
    )

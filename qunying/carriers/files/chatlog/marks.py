"""The marks chatlog writes in text and CSV for what is not text: ``![图片](…)``, ``[链接|标题](…)``, quotations with ``>``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..records import Media, MessageKind

SYSTEM_SENDER = "系统消息"

_MARK = re.compile(r"!?\[(?P<word>[^\]|]+)(?:\|(?P<title>[^\]]*))?\](?:\((?P<url>[^)\s]*)\))?(?P<rest>.*)", re.DOTALL)
_KINDS = {
    "图片": MessageKind.IMAGE,
    "视频": MessageKind.VIDEO,
    "语音": MessageKind.VOICE,
    "文件": MessageKind.FILE,
    "动画表情": MessageKind.STICKER,
    "GIF表情": MessageKind.STICKER,
    "链接": MessageKind.LINK,
    "分享": MessageKind.LINK,
    "小程序": MessageKind.LINK,
    "视频号": MessageKind.LINK,
    "名片": MessageKind.CONTACT,
    "位置": MessageKind.LOCATION,
    "合并转发": MessageKind.FORWARD,
    "语音通话": MessageKind.CALL,
    "视频通话": MessageKind.CALL,
    "转账": MessageKind.TRANSFER,
    "红包": MessageKind.RED_PACKET,
    "群公告": MessageKind.NOTICE,
}
_ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.FILE, MessageKind.STICKER})
_QUOTE_HEADER = re.compile(r".*\d\d:\d\d:\d\d$")


@dataclass(frozen=True, slots=True)
class Body:
    """What a body says: its kind, its own words, what it quotes, what it brings."""

    kind: MessageKind
    text: str
    quote: str
    media: tuple[Media, ...]


def read_body(body: str) -> Body:
    """A body as chatlog writes it. A mark counts only where nothing but white space follows it."""
    quote, text = _split_quote(body)
    mark = _MARK.fullmatch(text.strip())
    kind = _KINDS.get(mark["word"]) if mark else None
    if mark is None or kind is None or (mark["rest"].strip() and kind is not MessageKind.TRANSFER):
        return Body(MessageKind.TEXT, text, quote, ())
    media = (Media(kind, name=mark["title"] or "", url=mark["url"] or ""),) if kind in _ATTACHED else ()
    return Body(kind, text, quote, media)


def _split_quote(body: str) -> tuple[str, str]:
    lines = body.split("\n")
    count = next((index for index, line in enumerate(lines) if not line.startswith("> ")), len(lines))
    if count == 0 or count == len(lines):
        return "", body
    quoted = [line[2:] for line in lines[:count]]
    if len(quoted) > 1 and _QUOTE_HEADER.fullmatch(quoted[0]):
        quoted = quoted[1:]
    return "\n".join(quoted), "\n".join(lines[count:])

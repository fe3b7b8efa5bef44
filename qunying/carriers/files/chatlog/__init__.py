"""chatlog's JSON list, CSV and plain text of WeChat chats."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="chatlog",
    title=mark("chatlog（微信 JSON / CSV / 文本）"),
    detect=detect,
    read=read,
)

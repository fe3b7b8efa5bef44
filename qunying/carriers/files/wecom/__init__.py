"""WeCom's conversation archive (会话内容存档), decrypted: a JSON list, an object around one, or one message a line."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="wecom",
    title=mark("企业微信会话存档（JSON / JSONL）"),
    detect=detect,
    read=read,
)

"""Text files of QQ's message manager (消息管理器导出的 txt)."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(name="qq_txt", title=mark("QQ 消息管理器 (txt)"), detect=detect, read=read)

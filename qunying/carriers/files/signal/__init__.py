"""Signal conversations saved as text: ``[2019-12-24, 12:23] Jane Doe: Hello``."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(name="signal", title=mark("Signal 聊天记录 (txt)"), detect=detect, read=read)

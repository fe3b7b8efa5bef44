"""Gitter rooms saved as text: ``[2016-11-20 07:02:10] <nick> text``."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(name="gitter", title=mark("Gitter 聊天室 (txt)"), detect=detect, read=read)

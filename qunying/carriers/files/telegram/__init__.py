"""Telegram Desktop's result.json, of one chat or a whole account, and telegram-cli's JSON lines."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="telegram",
    title=mark("Telegram（Desktop result.json / telegram-cli）"),
    detect=detect,
    read=read,
)

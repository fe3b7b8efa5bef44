"""DiscordChatExporter's JSON of one channel."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="discord",
    title=mark("Discord（DiscordChatExporter JSON）"),
    detect=detect,
    read=read,
)

"""Logs of IRC channels: irssi, WeeChat, ZNC, and the public Ubuntu and Raku logs."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(name="irc", title=mark("IRC 日志 (irssi, WeeChat, ZNC)"), detect=detect, read=read)

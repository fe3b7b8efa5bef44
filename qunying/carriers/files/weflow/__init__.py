"""WeFlow's and EchoTrace's JSON of a WeChat chat, and the answers of WeFlow's HTTP interface."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="weflow",
    title=mark("WeFlow / EchoTrace（微信 JSON）"),
    detect=detect,
    read=read,
)

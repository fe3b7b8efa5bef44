"""WeFlow's and EchoTrace's JSON of a WeChat chat, and the answers of WeFlow's HTTP interface."""

from __future__ import annotations

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="weflow",
    title="WeFlow / EchoTrace（微信 JSON）",
    detect=detect,
    read=read,
)

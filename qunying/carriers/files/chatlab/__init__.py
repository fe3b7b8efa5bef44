"""ChatLab 0.0.2, the interchange format many Chinese exporters emit: one JSON document, or JSON lines."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="chatlab",
    title=mark("ChatLab（JSON / JSONL）"),
    detect=detect,
    read=read,
)

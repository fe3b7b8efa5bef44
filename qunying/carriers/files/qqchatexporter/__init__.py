"""QQChatExporter's JSON of versions 4 to 6, also cut into chunks with a manifest."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import claim_chunked, detect, read, read_chunked

FORMAT = Format(
    name="qqchatexporter",
    title=mark("QQChatExporter（JSON，v4–v6，含分块）"),
    detect=detect,
    read=read,
    claims=claim_chunked,
    read_tree=read_chunked,
)

"""Element's JSON export of a Matrix room, or the same events as the server gives them."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="matrix",
    title=mark("Matrix（Element JSON）"),
    detect=detect,
    read=read,
)

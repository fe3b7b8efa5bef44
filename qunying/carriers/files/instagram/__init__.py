"""The JSON of Instagram and Facebook Messenger data downloads."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read

FORMAT = Format(
    name="instagram",
    title=mark("Instagram / Messenger（JSON）"),
    detect=detect,
    read=read,
)

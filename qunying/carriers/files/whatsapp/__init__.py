"""WhatsApp's "export chat" text, from Android and iOS, in any language and date order."""

from __future__ import annotations

from qunying.kernel.texts import mark

from ..formats import Format
from .read import detect, read, survey

FORMAT = Format(name="whatsapp", title=mark("WhatsApp 聊天记录 (txt)"), detect=detect, read=read, survey=survey)

"""The round initial beside a name."""

from __future__ import annotations

import unicodedata
from zlib import crc32

TONES = ("", "b", "c", "d", "e", "f")
FAMILIAR = "老小阿"
ZWJ = "\u200d"
UNKNOWN = "·"


def initial(name: str) -> str:
    """One visible sign for a name: «陆小满» → 陆, «老周» → 周, «amy» → A, «👩‍🚀太空人» → 👩‍🚀. Nothing visible → «·»."""
    seen = _from_first_visible(unicodedata.normalize("NFC", name))
    if not seen:
        return UNKNOWN
    if len(seen) == 2 and seen[0] in FAMILIAR:
        return seen[1]
    return _first_sign(seen).upper()


def tone(key: object) -> str:
    """One of six colour classes, the same for the same id on every machine and day."""
    return TONES[crc32(str(key).encode()) % len(TONES)]


def _from_first_visible(name: str) -> str:
    for place, char in enumerate(name):
        if unicodedata.category(char)[0] in "LNS":
            return name[place:].rstrip()
    return ""


def _first_sign(text: str) -> str:
    """The first sign as a reader sees it: with its accents, skin tone, joined emoji, or both letters of a flag."""
    end = 2 if _is_flag_letter(text[0]) and _is_flag_letter(text[1:2]) else 1
    while end < len(text):
        if text[end] == ZWJ:
            end += 2
        elif _belongs_to_previous(text[end]):
            end += 1
        else:
            break
    return text[:end].rstrip(ZWJ)


def _belongs_to_previous(char: str) -> bool:
    return (
        unicodedata.combining(char) > 0
        or unicodedata.category(char) in {"Mn", "Me"}
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"

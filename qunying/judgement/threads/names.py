"""Who is named in a line: «nick: …» at the beginning, «@昵称» anywhere, or a name in passing.

Only people who spoke lately can be found; the carrier's own list of mentions is believed as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from qunying.judgement.threads.words import NO_NAMES, Said, plain_of

MOST_NAMED = 3
_LEAST_NAME = 3  # letters of a Latin name in passing: shorter ones are words
_TAIL = "_`^"
_EDGE = ".,:;!?()<>[]{}\"'~*。，、！？："
_HAN = re.compile("[\u3400-\u9fff]")


@lru_cache(maxsize=4096)
def key_of(name: str) -> str:
    """The name without what IRC adds to a taken one, case and width apart."""
    plain = plain_of(name).lstrip("@")
    return plain.split("|")[0].rstrip(_TAIL) or plain or name


def named(said: Said, mentions: tuple[str, ...], known: Collection[str]) -> tuple[tuple[str, ...], bool]:
    """Keys of the people that the line names, the one it speaks to first; and whether it plainly speaks to that one."""
    called = dict.fromkeys(key_of(mention) for mention in mentions[:MOST_NAMED])
    called.update(dict.fromkeys(_called(said.text, known)))
    found = dict(called)
    found.update(dict.fromkeys(_in_passing(said.text, known)))
    return tuple(found)[:MOST_NAMED], bool(called)


def _called(text: str, known: Collection[str]) -> list[str]:
    found = []
    if "@" in text:
        for part in text.split("@")[1 : MOST_NAMED + 1]:
            key = _longest_name(part, known)
            if key:
                found.append(key)
    head = text.split(" ", 1)[0]
    key = key_of(head.rstrip(_EDGE)) if 1 < len(head) <= 32 else ""
    if key and key in known and (head[-1] in ":,;>" or key not in NO_NAMES):
        found.append(key)
    elif _HAN.match(text):
        found += [name for name in known if len(name) > 1 and text.startswith(name) and _HAN.match(name)]
    return found


def _longest_name(part: str, known: Collection[str]) -> str:
    """The known name that ``part`` begins with; nicknames may hold spaces, and some rooms put no space after them."""
    word = key_of(part.split(" ", 1)[0].rstrip(_EDGE)) if part else ""
    if word in known:
        return word
    fitting = [name for name in known if part.startswith(name)]
    return max(fitting, key=len, default="")


def _in_passing(text: str, known: Collection[str]) -> list[str]:
    words = [word.strip(_EDGE) for word in text.split(" ")[:200]]
    found = [word for word in words if word in known and len(word) >= _LEAST_NAME and word not in NO_NAMES]
    if _HAN.search(text):
        found += [name for name in known if len(name) > 1 and _HAN.match(name) and name in text]
    return found

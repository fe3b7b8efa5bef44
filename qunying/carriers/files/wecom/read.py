"""The decrypted archive: every message says its room or, without one, between whom it went."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..formats import Choices
from ..jsonstream import Found, read_items, read_json_lines
from ..jsonvalues import as_list, as_map, as_text, skip
from ..records import Record, Skipped
from ..sources import Source
from ..talks import Talk
from .message import tell_message

_ARRAY = re.compile(r'\s*\{[^\[\]]*?"(\w+)"\s*:\s*\[\s*\{')
_ONE = re.compile(r'\s*\{\s*"(?:msgid|action|from|tolist|roomid|msgtime|msgtype|seq|publickey_ver)"')


def detect(head: str) -> int:
    """Certain by the archive's field names, which no other export uses together."""
    if '"msgid"' not in head or '"action"' not in head or not head.lstrip().startswith(("[", "{")):
        return 0
    return 95 if '"msgtype"' in head and ('"tolist"' in head or '"roomid"' in head) else 0


def read(source: Source, choices: Choices) -> Iterator[Record]:
    """Rooms and private conversations as they follow each other. Names are not in an archive, only ids."""
    talk = Talk(choices, lambda: _talkers(source), platform="wecom")
    for found in _rows(source):
        if isinstance(found, Skipped):
            yield found
            continue
        row = as_map(found.value)
        talker = _talker(row)
        if not talker:
            yield skip("bad_record", found.place, found.value)  # who changed company, and what is no message at all
            continue
        yield from talk.enter(talker, "", is_private=not as_text(row.get("roomid")))
        yield tell_message(row, found.place)


def _rows(source: Source) -> Iterator[Found | Skipped]:
    """Found by how the file begins: an array, a message of its own on the first line, or an object around an array."""
    head = source.head().decode(source.encoding, "replace").lstrip("\ufeff")
    if head.lstrip().startswith("["):
        return read_items(source, "item")
    around = None if _ONE.match(head) else _ARRAY.match(head)
    return read_items(source, f"{around[1]}.item") if around else read_json_lines(source)


def _talkers(source: Source) -> Iterator[str]:
    return (_talker(as_map(found.value)) for found in _rows(source) if isinstance(found, Found))


def _talker(row: dict[str, object]) -> str:
    """What tells conversations apart: the room, else the people in it, whoever of them speaks; "" for neither."""
    people = {as_text(row.get("from")), *map(as_text, as_list(row.get("tolist")))} - {""}
    return as_text(row.get("roomid")) or (" ".join(sorted(people)) if as_text(row.get("from")) else "")

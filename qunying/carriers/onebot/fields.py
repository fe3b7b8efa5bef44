"""What a OneBot implementation says, taken at its word: any field may be absent, or of a type that it must not have."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

DEEPEST = 40  # no implementation nests deeper, and whoever does wants something else
FIRST_SECOND = 946_684_800  # 2000: nothing was said on QQ before
LAST_SECOND = 4_102_444_800  # 2100
MILLISECONDS = 1000
NAME_LETTERS = 200
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read_frame(words: str | bytes) -> dict[str, Any]:
    """The object a frame holds, fit to be kept. Raises ``ValueError`` for whatever is none."""
    try:
        frame = _storable(json.loads(words, parse_constant=_refuse), DEEPEST)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(frame, dict):
        raise ValueError("not an object")
    return frame


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _storable(value: Any, depth: int) -> Any:
    """Without what no database keeps: NUL, halves of surrogate pairs, numbers that are none."""
    if depth == 0:
        raise ValueError("nested too deep")
    match value:
        case str():
            return _UNSTORABLE.sub("\ufffd", value)
        case dict():
            return {_UNSTORABLE.sub("\ufffd", key): _storable(each, depth - 1) for key, each in value.items()}
        case list():
            return [_storable(each, depth - 1) for each in value]
        case float() if not math.isfinite(value):
            raise ValueError("not a number")
        case _:
            return value


def as_map(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> Sequence[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else ()


def as_text(value: object) -> str:
    """A text, or a whole number as text; anything else is empty."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def as_ref(value: object) -> str:
    """An id as text; empty for none, which is also written as 0."""
    text = as_text(value).strip()
    return "" if text == "0" else text[:64]


def as_size(value: object) -> int | None:
    """A number of bytes or seconds, given as number or digits; None where it is neither."""
    text = as_text(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def as_time(value: object) -> datetime | None:
    """Seconds since 1970 (some say milliseconds) as a moment; None where that is no time at which anything was said."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    seconds = seconds / MILLISECONDS if seconds > LAST_SECOND else seconds
    return datetime.fromtimestamp(seconds, UTC) if FIRST_SECOND <= seconds <= LAST_SECOND else None


def as_name(value: object) -> str:
    """What somebody calls themselves, as they wrote it, within what is kept."""
    return as_text(value)[:NAME_LETTERS]

"""Takes what a JSON export says at its word: every value may be of any type, missing, or nonsense."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from .records import Skipped

SAMPLE_CHARACTERS = 120
RAW_CHARACTERS = 2000

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_YEARS = range(1990, 2200)  # nothing was chatted before; 0 and the year 1 stand for "unknown" in many exports
_EARLIEST = datetime(_YEARS.start, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(_YEARS.stop, 1, 1, tzinfo=UTC).timestamp()
_DIGITS = re.compile(r"\d{1,20}(\.\d{1,9})?")


def as_map(value: object) -> dict[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """A text or number as text; anything else is empty. NUL and lone surrogates, which no database takes, become U+FFFD."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value) if value else value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    return ""


def number_text(value: float) -> str:
    """A number as a person writes an id: ``12`` for 12.0; empty where it has too many digits to be one."""
    try:
        return str(int(value)) if value == int(value) else str(value)
    except (ValueError, OverflowError):
        return ""


def as_ref(value: object) -> str | None:
    """An id as text; None for nothing, for an empty text and for 0."""
    text = as_text(value).strip()
    return text if text not in {"", "0"} else None


def as_size(value: object) -> int | None:
    """A size in bytes, given as number or digits; None where it is neither."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def first_text(values: dict[str, object], *keys: str) -> str:
    """The first of these fields that says anything, without spaces around it."""
    for key in keys:
        if key in values and (text := as_text(values[key]).strip()):
            return text
    return ""


def unix_time(value: object) -> datetime | None:
    """Seconds, milliseconds or microseconds since 1970, as number or digits, as UTC; None outside of 1990 to 2200."""
    if isinstance(value, str):
        if not _DIGITS.fullmatch(value.strip()):
            return None
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    for unit in (1, 1_000, 1_000_000):
        if _EARLIEST * unit <= value < _LATEST * unit:
            return datetime.fromtimestamp(value / unit, UTC)
    return None


def written_time(value: object) -> datetime | None:
    """An ISO date and time (also with ``/`` in the date): UTC where it names its offset, naive where it does not.

    None outside of 1990 to 2200 and where it is not written out with two digits each.
    """
    text = as_text(value).strip().replace("/", "-")
    if not len("2024-01-01 00:00") <= len(text) <= len("2024-01-01T00:00:00.000000000+00:00:00"):
        return None
    try:
        at = datetime.fromisoformat(text)
        if at.year not in _YEARS:
            return None
        return at.astimezone(UTC) if at.tzinfo else at
    except (ValueError, OverflowError):
        return None


def raw_text(value: object) -> str:
    """The value as compact JSON, at most ``RAW_CHARACTERS``, for what we keep without understanding it."""
    try:
        return as_text(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))[:RAW_CHARACTERS]
    except (ValueError, RecursionError):
        return ""


def skip(reason: str, place: int, value: object) -> Skipped:
    """A record that could not be read, with the beginning of what it says."""
    return Skipped(reason=reason, place=place, sample=raw_text(value)[:SAMPLE_CHARACTERS])

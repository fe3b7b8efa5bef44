"""JSON lines as commands read and write them: an object a line, and a broken one told with its number."""

from __future__ import annotations

import json
from typing import Any


class BadLine(ValueError):
    """A line that cannot be read; the message says why."""


def read_object(row: str | bytes, wanted: str) -> dict[str, Any]:
    """The object of one line. Raises ``BadLine``; ``wanted`` names the fields that an object should have had."""
    try:
        found = json.loads(row.decode("utf-8-sig") if isinstance(row, bytes) else row.lstrip("\ufeff"))
    except UnicodeDecodeError:
        raise BadLine("not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadLine(f"not an object with {wanted}")
    return found


def write_object(row: dict[str, Any]) -> str:
    """One line in plain letters, escaped only where letters are halves that cannot be written."""
    plain = json.dumps(row, ensure_ascii=False)
    try:
        plain.encode()
    except UnicodeEncodeError:
        return json.dumps(row)
    return plain

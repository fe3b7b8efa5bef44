"""Which column of a table holds which field: proposed from the words of its first line, Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_NOISE = re.compile(r"[\s_\-.\ufeff()（）]+")


def plain_name(column: str) -> str:
    """A column's name without case, spaces and marks: «Order-No.» and «order no» are one."""
    return _NOISE.sub("", column).lower()


def propose(fields: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """Field → the header's column, for every field of which one of its words is there. Each column serves one field.

    The words of a field, with spaces between them, are plain names; the first one that is free counts, and of two columns
    of one name the left one.
    """
    columns = {plain_name(name): name for name in reversed(header) if name.strip()}
    found: dict[str, str] = {}
    for field, words in fields.items():
        free = (columns[word] for word in words.split() if word in columns and columns[word] not in found.values())
        name = next(free, None)
        if name is not None:
            found[field] = name
    return found

"""A line of Today: before it is put into words, and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Need:
    """One line: what, where, how long, one action. ``post`` is where its button posts to, else ``href`` is followed.

    ``lateness`` is shown in red, ``hurry`` in amber. ``quote`` are words to be used, ``way`` leads to where on the platform.
    """

    key: str
    what: str
    action: str
    name: str = ""
    href: str = ""
    post: str = ""
    where: tuple[str, ...] = ()
    lateness: str = ""
    hurry: str = ""
    at: datetime | None = None
    tone: str = "look"
    quote: str = ""
    way: str = ""


Names = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Wanting:
    """A line before it is put into words, because of hundreds a page shows a dozen.

    ``harm`` 0…1 orders the list, ``minutes`` is what it takes; ``tell`` wants the names of the groups in ``places``.
    """

    key: str
    harm: float
    at: datetime | None
    tell: Callable[[Names], Need]
    minutes: int = 2
    places: tuple[int | None, ...] = ()


class Waiting(Protocol):
    """A task or a case as far as this list needs it."""

    pk: int
    key: str
    community_id: int
    group_id: int | None
    kind: str
    opened_at: datetime


def place_of(row: Waiting, groups: Names, communities: Names) -> tuple[str, ...]:
    """Where it is, besides the group that the line is named after."""
    names = (groups.get(row.group_id or 0, ""), communities.get(row.community_id, ""))
    found = tuple(name for name in names if name)
    return found[1:] if row.group_id else found

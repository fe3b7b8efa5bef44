"""One line of talk, and where it was put."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said in one group.

    ``at`` is in seconds since any fixed moment; ``author`` and ``mentions`` are names or numbers of people as the group
    writes them; ``reply_to`` is the id of the line that the carrier says it answers.
    """

    id: str
    at: float
    author: str
    text: str
    mentions: tuple[str, ...] = ()
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The line that a line answers (``None``: it begins something), the first line of its thread, and how sure that is (0–1)."""

    id: str
    reply_to: str | None
    thread: str
    score: float

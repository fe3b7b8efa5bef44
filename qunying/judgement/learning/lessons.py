"""Lessons: what a person said of a text that the judge had read, and which of very many of them count."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

MOST_LESSONS = 1_000


@dataclass(frozen=True, slots=True)
class Lesson:
    """One correction: whether a verdict is so of a text, who says it and when; ``weight`` from 0 (counts nothing) to 1."""

    id: str
    text: str
    verdict: str
    is_so: bool
    reviewer: str
    at: datetime
    weight: float = 1.0


def choose(lessons: Iterable[Lesson], most: int = MOST_LESSONS) -> list[Lesson]:
    """At most so many lessons, by verdict, reviewer and id; of two with one id the newer.

    Where there are too many, reviewers take turns, each with the newest first: nobody pushes out what others taught.
    """
    by_id: dict[str, Lesson] = {}
    for lesson in sorted(lessons, key=_newest_last):
        by_id[lesson.id] = lesson
    of_reviewer: dict[str, int] = defaultdict(int)
    turns: list[tuple[int, Lesson]] = []
    for lesson in sorted(by_id.values(), key=_newest_last, reverse=True):
        if lesson.weight > 0:
            turns.append((of_reviewer[lesson.reviewer], lesson))
            of_reviewer[lesson.reviewer] += 1
    turns.sort(key=lambda turn: turn[0])  # stable: within a turn the newest first
    return sorted((lesson for _, lesson in turns[:most]), key=lambda one: (one.verdict, one.reviewer, one.id))


def _newest_last(lesson: Lesson) -> tuple[object, ...]:
    """The same order for the same lessons, however they came."""
    return (
        lesson.at.astimezone(UTC),
        lesson.id,
        lesson.text,
        lesson.verdict,
        lesson.is_so,
        lesson.reviewer,
        repr(lesson.weight),  # what is no number is neither more nor less than another
    )


def lessons_to(lessons: Iterable[Lesson]) -> str:
    """Lessons as JSON, for keeping."""
    return json.dumps([{**asdict(lesson), "at": lesson.at.isoformat()} for lesson in lessons])


def lessons_from(kept: str) -> list[Lesson]:
    """The lessons that were kept. Raises ValueError, TypeError or KeyError for what never was."""
    return [Lesson(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in json.loads(kept)]

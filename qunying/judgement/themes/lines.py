"""What themes are found in and what is found: lines of talk, spans, and a theme with its figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said. ``at`` is in seconds; ``thread`` the conversation it belongs to, ``place`` the group.

    ``is_mute``: it counts for no theme and is not quoted (our own account, colleagues, programs, adverts), but it may
    answer a question. ``asks`` and ``replies`` as of ``threads.Turn``.
    """

    id: int
    at: float
    who: int
    thread: int
    text: str
    place: int = 0
    asks: bool = False
    replies: bool = False
    is_mute: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """A phrase as somebody wrote it: so many letters of that line. ``phrase`` is the number of its words."""

    phrase: int
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Known:
    """A theme as it was found before, by its key. ``is_open``: it was still spoken of then."""

    key: int
    terms: tuple[int, ...]
    title: Title
    is_open: bool = True


class Trend(StrEnum):
    """How a theme moves. ``UNKNOWN``: there is too little talk before to compare with."""

    RISING = "rising"
    STEADY = "steady"
    FADING = "fading"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moved:
    """Voices on a theme now and before. A voice is somebody on a day, however much they say.

    ``expected`` are the voices there would be now, had its share of all talk stayed; ``ratio`` is now against that, from
    ``low`` to ``high`` with 95 % certainty (None without a past). ``lately`` are those of the last two days, and how many there
    would be by all the time before them: what has just come up shows there first.
    """

    trend: Trend
    voices: int
    before: int
    expected: float | None
    ratio: float | None
    low: float | None
    high: float | None
    lately: int = 0
    lately_expected: float | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """Something that several people speak of in several conversations. ``key`` is None for one never met before.

    ``lines`` are all its lines in the span in the order of time, ``quotes`` two or three of them, ``waiting`` open questions.
    """

    key: int | None
    terms: tuple[int, ...]
    title: Title
    moved: Moved
    lines: tuple[int, ...]
    threads: int
    people: int
    places: int
    quotes: tuple[int, ...]
    waiting: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is a theme, and until when it stays one. ``places``: groups in which it must be spoken of.

    It is spoken of in so many ``threads``, or by a ``crowd``: what many speak of is often one long conversation.
    """

    people: int = 3
    threads: int = 2
    crowd: int = 5
    voices: int = 4
    places: int = 1
    stays_people: int = 2
    stays_voices: int = 2
    most: int = 8

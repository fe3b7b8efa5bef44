"""What a report found out, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from qunying.insights.looking import Said, Speaker
from qunying.insights.talks import Talks

TELLING = 10


@dataclass(frozen=True, slots=True)
class Headcount:
    """Members at the end of the span (staff and bots apart), who came by which way, who left, who said nothing.

    ``never`` are those among the silent who have not said a word since we know them.
    """

    members: int
    joined: int
    joined_by: tuple[tuple[str, int], ...]
    left: int
    removed: int
    silent: int
    never: int


@dataclass(frozen=True, slots=True)
class Peak:
    """The busiest hour of the week: weekday (Monday is 0), local hour, its messages, and how many in a week of talk."""

    weekday: int
    hour: int
    messages: int
    a_week: float

    @property
    def weeks(self) -> int:
        """Over how many weeks of talk it is averaged."""
        return round(self.messages / self.a_week)

    @property
    def is_telling(self) -> bool:
        """Whether enough was said in that hour to call it the busiest."""
        return self.messages >= TELLING


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody new and the first thing they said, ``waited`` after they came."""

    name: str
    group: str
    joined_at: datetime
    said_at: datetime
    waited: timedelta
    words: str


@dataclass(frozen=True, slots=True)
class Newcomers:
    """How many came, how many of them spoke, after how long in the middle; the first of their first words."""

    joined: int
    spoke: int
    median_wait: timedelta | None
    quotes: tuple[Newcomer, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to do next: a code that ``words`` knows the sentence of, and the numbers behind it."""

    code: str
    numbers: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Facts:
    """What suggestions are drawn from."""

    headcount: Headcount
    now: Said
    before: Said
    peak: Peak | None
    speakers: tuple[Speaker, ...]
    newcomers: Newcomers
    talks: Talks

"""What a page of a report is made of, goes_together it becomes: a picture, paper, a table file, a page.

Words are in the reader's language already, figures are numbers or written out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qunying.ui.charts import Layer, Week


@dataclass(frozen=True, slots=True)
class Head:
    """What it is, of whom, and the answer in a sentence."""

    kind: str
    title: str
    headline: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its name; ``value`` None where it is not known. ``note`` is what it is compared with."""

    name: str
    value: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures side by side."""

    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; ``before`` is the mark of what it is compared with, None for no mark."""

    label: str
    value: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars side by side; ``title`` is the answer, ``told`` what is drawn."""

    title: str
    told: str
    bars: Sequence[Bar]

    @property
    def top(self) -> int:
        """The highest of all bars and marks."""
        return max((max(bar.value, bar.before or 0) for bar in self.bars), default=0)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a ranking: a name, the figure that its bar is long as, and that figure in words."""

    name: str
    value: float
    told: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Lines with bars, the longest first."""

    title: str
    told: str
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Parts:
    """One stacked bar and what its parts are."""

    title: str
    told: str
    parts: Sequence[Layer]


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekdays and hours."""

    week: Week


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, and when or how they were said."""

    name: str
    note: str
    words: str


@dataclass(frozen=True, slots=True)
class Quotes:
    """What people said; ``told`` stands above."""

    title: str
    told: str
    quotes: Sequence[Quote]


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences, one below the other; ``is_todo``: each is something to do. ``told`` says what was looked at."""

    title: str
    points: Sequence[str]
    is_todo: bool = False
    told: str = ""


Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, and what its figures are: ``text``, ``count``, ``figure`` (one decimal), ``share`` and
    ``change`` (parts of one), ``day`` or ``moment`` (local time, without a zone)."""

    name: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures; ``told`` says how they are counted, ``groups`` which group each row is of where it is of one."""

    title: str
    told: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    groups: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """How everything above was counted."""

    text: str


Block = Head | Tiles | Bars | Ranking | Parts | Hours | Quotes | Points | Table | Note

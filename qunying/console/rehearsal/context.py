"""What the pages of rehearsals receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.forms import Form

from qunying.console.choices import Choice
from qunying.console.settings.laying import LaidSection


@dataclass(frozen=True, slots=True)
class RunRow:
    """A rehearsal in the list: what was tried, where, and where it stands."""

    id: int
    told: tuple[str, ...]
    where: str
    days: int
    by: str
    asked_at: datetime
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class RehearsePage:
    """A rule to be tried, and what was tried before."""

    community_id: int = field(metadata={"help": "on whose past"})
    homes: tuple[Choice, ...] = field(metadata={"help": "communities to choose from"})
    form: Form | None = field(metadata={"help": "where and how far back, for whoever may ask"})
    rule: Form | None = field(metadata={"help": "the settings that are tried"})
    sections: tuple[LaidSection, ...] = field(metadata={"help": "those settings as their layout has them"})
    runs: tuple[RunRow, ...] = field(metadata={"help": "what was rehearsed, the latest first"})
    error: str = field(metadata={"help": "why it was not asked for"})


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure of this rehearsal, and the same under what is in force."""

    name: str
    how: str
    value: int
    now: int | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What one rule would have done."""

    name: str
    told: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HitRow:
    """One message that would have been acted on; without words where they are gone."""

    name: str
    face_key: int
    group: str
    at: datetime
    href: str
    text: str
    is_gone: bool
    why: str
    acts: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it."""

    headline: str
    tiles: tuple[Tile, ...]
    rules: tuple[RuleRow, ...]
    samples: tuple[HitRow, ...]
    mistakes: tuple[HitRow, ...]
    told: tuple[str, ...]
    people: int
    wants_number: bool


@dataclass(frozen=True, slots=True)
class RunPage:
    """One rehearsal: on its way, or with what came of it."""

    run: RunRow = field(metadata={"help": "what is tried, where"})
    community_id: int = field(metadata={"help": "on whose past"})
    is_alive: bool = field(metadata={"help": "whether it waits or runs"})
    done: int = field(metadata={"help": "messages told"})
    total: int = field(metadata={"help": "messages there are"})
    found: Found | None = field(metadata={"help": "what came of it"})
    is_as_now: bool = field(metadata={"help": "whether it tried what is in force"})
    can_set: bool = field(metadata={"help": "whether this person may put it in force"})
    can_compare: bool = field(metadata={"help": "whether what is in force was not rehearsed yet"})
    mode: str = field(metadata={"help": "how far the rules may go in this community"})
    error: str = field(metadata={"help": "why it was not put in force"})

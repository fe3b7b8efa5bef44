"""What the welcome's page receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qunying.capabilities.onboarding.queries import Counts


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """A group in which somebody waits. ``until`` is when they will be welcomed, None where no clock runs."""

    id: int
    name: str
    names: tuple[str, ...]
    more: int
    since: datetime
    until: datetime | None
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class GreetingLine:
    """One welcome that was decided on."""

    id: int
    group: str
    group_id: int | None
    text: str
    state: str
    tone: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How a welcome reads in one language."""

    language: str
    name: str
    text: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A community whose welcome can be looked at."""

    id: int
    name: str
    mode: str
    is_chosen: bool
    settings_href: str


@dataclass(frozen=True, slots=True)
class WelcomeContext:
    """The page of the welcome."""

    counts: Counts = field(metadata={"help": "who waits, who was welcomed, who left first"})
    days: int = field(metadata={"help": "how many days the counts look back"})
    waiting: tuple[WaitingGroup, ...] = field(metadata={"help": "groups in which somebody waits"})
    greetings: tuple[GreetingLine, ...] = field(metadata={"help": "the last welcomes, newest first"})
    outbox_href: str = field(metadata={"help": "all of them"})
    places: tuple[Place, ...] = field(metadata={"help": "communities to choose from"})
    chosen: Place | None = field(metadata={"help": "whose welcome the preview shows"})
    previews: tuple[Preview, ...] = field(metadata={"help": "the welcome in Chinese and in English"})
    sandbox_href: str = field(metadata={"help": "where it can be tried"})

"""What the outbox's pages receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Verb:
    """Something a person can do with a line: its word, where it leads, and whether it is the thing to do."""

    name: str
    label: str
    href: str
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class OutLine:
    """One effect: what, where, to whom, why, and how it stands."""

    id: int
    what: str
    words: str
    group: str
    group_id: int | None
    member: str
    capability: str
    reason: str
    state: str
    state_words: str
    tone: str
    dot: str
    at: datetime
    due_at: datetime | None
    expires_at: datetime | None
    is_late: bool
    error: str
    decided_by: str
    is_paused: bool
    verbs: tuple[Verb, ...]

    @property
    def seen_as(self) -> str:
        """What this line was when it was shown, for asking later whether it still is."""
        return f"{self.id}:{self.state}"


@dataclass(frozen=True, slots=True)
class StateChip:
    """One group of states to filter by."""

    state: str
    label: str
    href: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One thing that will happen if the button is pressed."""

    icon: str
    text: str
    when: str


@dataclass(frozen=True, slots=True)
class OutboxContext:
    """The list."""

    lines: tuple[OutLine, ...] = field(metadata={"help": "effects on this page"})
    chips: tuple[StateChip, ...] = field(metadata={"help": "groups of states, with counts where attention is asked"})
    capabilities: tuple[Option, ...] = field(metadata={"help": "capabilities to filter by"})
    communities: tuple[Option, ...] = field(metadata={"help": "communities to filter by"})
    group_name: str = field(metadata={"help": "the one group shown, empty for all"})
    state: str = field(metadata={"help": "the group of states shown"})
    sort_href: str = field(metadata={"help": "the same list the other way round"})
    is_oldest_first: bool = field(metadata={"help": "the order of the list"})
    pages: Pages = field(metadata={"help": "page numbers"})
    live: str = field(metadata={"help": "where newer lines are asked for, empty where they would not come on top"})
    news: str = field(metadata={"help": "where it is asked what has changed since"})
    is_stopped: bool = field(metadata={"help": "nothing goes out for anybody"})


@dataclass(frozen=True, slots=True)
class NewsContext:
    """What has changed since a list was shown: changed lines, current counts, where to ask next."""

    lines: tuple[OutLine, ...] = field(metadata={"help": "lines whose state is another now"})
    chips: tuple[StateChip, ...] = field(metadata={"help": "groups of states with counts"})
    news: str = field(metadata={"help": "where to ask next time"})


@dataclass(frozen=True, slots=True)
class DecideContext:
    """A person is about to decide: what will happen."""

    line: OutLine = field(metadata={"help": "the effect decided about"})
    title: str = field(metadata={"help": "the question"})
    effects: tuple[EffectLine, ...] = field(metadata={"help": "what will happen, with its time"})
    button: str = field(metadata={"help": "what the button does"})
    is_danger: bool = field(metadata={"help": "it is hard on somebody"})
    action: str = field(metadata={"help": "where the form goes"})
    back: str = field(metadata={"help": "the list to go back to"})
    error: str = field(metadata={"help": "why it was not possible"})
    is_dialog: bool = field(metadata={"help": "shown in the list's dialog"})

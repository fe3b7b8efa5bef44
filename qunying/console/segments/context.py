"""What the pages of segments are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class RowView:
    """One condition of the builder: its fields' prefix, its kinds by family, what is filled in, what is wrong."""

    prefix: str
    place: str
    family: str
    kind: str
    is_not: bool
    kinds: Sequence[tuple[str, Sequence[Option]]]
    texts: dict[str, str]
    picks: Sequence[Option]
    unit: str
    hint: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class BlockView:
    """Conditions of which all, or any, must hold."""

    number: int
    join: str
    rows: Sequence[RowView]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a list."""

    id: int
    name: str
    card: str
    groups: str
    messages: int
    last_at: datetime | None
    joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class CountView:
    """How many people the rule holds of; ``error`` where it cannot be asked."""

    people: int = 0
    of: int = 0
    share: float = 0.0
    sentence: str = ""
    examples: Sequence[PersonRow] = ()
    as_of: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderPage:
    """The builder, for a new segment or one that is there."""

    id: int | None = field(metadata={"help": "the segment; None for a new one"})
    name: str = field(metadata={"help": "what it is called"})
    purpose: str = field(metadata={"help": "what it is for"})
    homes: Sequence[Option] = field(metadata={"help": "communities it can be about"})
    join: str = field(metadata={"help": "all or any of the blocks"})
    blocks: Sequence[BlockView] = field(metadata={"help": "the conditions; empty where only JSON says the rule"})
    text: str = field(default="", metadata={"help": "the rule as JSON, where the rows cannot say it"})
    ready: Sequence[Option] = field(default=(), metadata={"help": "rules to begin with"})
    count: CountView | None = field(default=None, metadata={"help": "the live count, where it was asked for"})
    errors: dict[str, str] = field(
        default_factory=dict, metadata={"help": "what is wrong with name, purpose or the rule"}
    )
    can_save: bool = field(default=False, metadata={"help": "whether this person may keep it"})


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment of the list."""

    id: int
    name: str
    purpose: str
    community: str
    sentence: str
    owner: str
    people: int | None
    counted_at: datetime | None
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Every segment within reach."""

    title: str = field(metadata={"help": "how many there are, as a sentence"})
    rows: Sequence[SegmentRow] = field(metadata={"help": "the segments by name"})
    ready: Sequence[Option] = field(metadata={"help": "rules to begin with"})
    can_save: bool = field(metadata={"help": "whether this person may keep one"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPage:
    """One segment, and what can be done with it."""

    segment: SegmentRow = field(metadata={"help": "the segment"})
    query: str = field(metadata={"help": "which page of its people is asked for"})
    can_change: bool = field(metadata={"help": "whether this person may change it"})
    looks: Sequence[tuple[str, str]] = field(
        metadata={"help": "pages of numbers that can be narrowed to it: name and title"}
    )
    tags: Sequence[Option] = field(default=(), metadata={"help": "tags that its people can be given"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePart:
    """The people of a segment."""

    id: int = field(metadata={"help": "the segment"})
    title: str = field(metadata={"help": "the answer: how many people"})
    rows: Sequence[PersonRow] = field(metadata={"help": "its people, one page"})
    pages: Pages = field(metadata={"help": "page numbers"})
    error: str = field(default="", metadata={"help": "why its rule cannot be asked"})

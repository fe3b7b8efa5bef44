"""What the pages of deeds are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qunying.console.deeds.forms import DeedsForm


@dataclass(frozen=True, slots=True)
class BroughtLine:
    """A table that was brought, in the list of all."""

    id: int
    title: str
    community: str
    about: str
    left: int
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class HookBox:
    """How a program tells deeds of a community."""

    name: str
    address: str
    token_href: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedsPage:
    """Where a table of orders or other deeds is handed over, and what was brought before."""

    reason: str = field(
        default="", metadata={"help": "why the table just sent was not taken; empty where nothing was wrong"}
    )
    most: str = field(metadata={"help": "how large a table may be, in words"})
    community_id: int = field(metadata={"help": "the community the reader came from; 0 for none"})
    hook: HookBox | None = field(
        metadata={"help": "how a program tells deeds of that community; None for no community"}
    )
    brought: Sequence[BroughtLine] = field(metadata={"help": "the latest tables brought to communities within reach"})


@dataclass(frozen=True, slots=True)
class SumLine:
    """Everything of one kind in one currency."""

    what: str
    count: int
    amount: str


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A row that is left out: its line, what stands there («» where nobody keeps it), why, and what is kept instead."""

    line: int
    sample: str
    why: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a table would bring."""

    title: str
    sums: Sequence[SumLine]
    warnings: Sequence[str]
    notes: Sequence[str]
    left: Sequence[LeftLine]
    left_count: int
    reasons: Sequence[str]
    new: int
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """A table that arrived, as it would be read, and what may be said about it."""

    token: str = field(metadata={"help": "names this upload in addresses"})
    title: str = field(metadata={"help": "the file's name"})
    error: str = field(metadata={"help": "why nothing of it can be read as the form says"})
    foreseen: Foreseen | None = field(metadata={"help": "what it would bring; None where nothing can be read"})
    form: DeedsForm = field(metadata={"help": "whose deeds these are, and which column is what"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtPage:
    """What one table brought."""

    id: int = field(metadata={"help": "the import"})
    title: str = field(metadata={"help": "the answer in one sentence"})
    file: str = field(metadata={"help": "the file's name"})
    community_id: int = field(metadata={"help": "the community it was brought to"})
    community: str = field(metadata={"help": "its name"})
    about: str = field(metadata={"help": "source, who brought it"})
    at: datetime = field(metadata={"help": "when"})
    sums: Sequence[SumLine] = field(metadata={"help": "what it brought by kind and currency"})
    notes: Sequence[str] = field(metadata={"help": "what else became of its rows"})
    left: Sequence[LeftLine] = field(metadata={"help": "rows that were left out, the first of them"})
    left_count: int = field(metadata={"help": "how many were left out"})
    reasons: Sequence[str] = field(metadata={"help": "each reason with how many rows, most first"})
    taken_back_at: datetime | None = field(metadata={"help": "when it was taken back; None where it stands"})
    new: int = field(metadata={"help": "how many deeds of it count now"})

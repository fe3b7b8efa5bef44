"""What the journal's pages receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qunying.console.outbox.context import Option
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Told:
    """One fact in words."""

    id: int
    at: datetime
    title: str
    sentence: str
    group: str
    group_id: int | None
    community: str
    actor: str
    digest: str
    seal: int | None
    dot: str


@dataclass(frozen=True, slots=True)
class ChainLine:
    """How far one chain is sealed."""

    name: str
    links: int
    sealed: int
    sealed_at: datetime | None
    unsealed: int


@dataclass(frozen=True, slots=True)
class FlawLine:
    """Something that is not as it was sealed."""

    chain: str
    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is filtered by, as it stands in the form."""

    kinds: tuple[Option, ...]
    communities: tuple[Option, ...]
    actors: tuple[Option, ...]
    who: str
    day: str
    group_id: int | None
    group_name: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class JournalContext:
    """The list."""

    facts: tuple[Told, ...] = field(metadata={"help": "facts of this page, newest first"})
    filters: Filters = field(metadata={"help": "the form of filters"})
    chains: tuple[ChainLine, ...] = field(metadata={"help": "how far each chain is sealed"})
    can_verify: bool = field(metadata={"help": "this person may have the whole chain recomputed"})
    export: str = field(metadata={"help": "where the same list is a table to download"})
    pages: Pages = field(metadata={"help": "page numbers"})
    live: str = field(metadata={"help": "where newer facts are asked for"})


@dataclass(frozen=True, slots=True)
class RowsContext:
    """Newer facts, nothing else."""

    facts: tuple[Told, ...] = field(metadata={"help": "facts, newest first"})


@dataclass(frozen=True, slots=True)
class VerifyContext:
    """What recomputing the chain has shown."""

    flaws: tuple[FlawLine, ...] = field(metadata={"help": "what is not as it was sealed, the first of them"})
    has_more: bool = field(metadata={"help": "there are more flaws than shown"})
    checked: int = field(metadata={"help": "how many facts were recomputed"})
    is_too_long: bool = field(metadata={"help": "too many facts for a page; the command does it"})

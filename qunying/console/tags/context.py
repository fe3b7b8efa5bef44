"""What the pages of tags are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.forms import Form

from qunying.console.choices import Choice
from qunying.console.segments.context import PersonRow
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class TagRow:
    """One tag: who bears it among the members of the community looked at, and their share."""

    id: int
    name: str
    purpose: str
    owner: str
    community: str
    days: int | None
    ends_on: date | None
    people: int
    share: float | None
    can_change: bool


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line of a file that fits nobody, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsPage:
    """Every tag within reach, as the portrait of a community."""

    title: str = field(metadata={"help": "the answer: the commonest tags of its members"})
    homes: Sequence[Choice] = field(metadata={"help": "communities to look at"})
    members: int = field(metadata={"help": "how many members sit there"})
    rows: Sequence[TagRow] = field(metadata={"help": "the tags, commonest first"})
    form: Form | None = field(metadata={"help": "for a new tag; None for who may not make one"})
    query: str = field(metadata={"help": "the community, for the form's address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPage:
    """One tag with the people who bear it."""

    tag: TagRow = field(metadata={"help": "the tag"})
    title: str = field(metadata={"help": "the answer: how many bear it"})
    rows: Sequence[PersonRow] = field(metadata={"help": "who bears it, one page"})
    pages: Pages = field(metadata={"help": "page numbers"})
    form: Form | None = field(metadata={"help": "to change the tag; None for who may not"})
    wrong: Sequence[WrongLine] = field(default=(), metadata={"help": "lines of the file just read that fit nobody"})
    told: str = field(default="", metadata={"help": "what became of the file"})
    error: str = field(default="", metadata={"help": "why the file could not be read"})


@dataclass(frozen=True, slots=True)
class BorneRow:
    """A tag somebody bears or bore."""

    id: int
    name: str
    how: str
    by: str
    given_at: datetime
    ends_at: datetime | None
    is_over: bool
    can_take: bool


@dataclass(frozen=True, slots=True)
class PersonTags:
    """The tags of one person, and those they can be given."""

    rows: Sequence[BorneRow] = ()
    offered: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class LayerRow:
    """The layer somebody stands in somewhere, and since when at least."""

    where: str
    layer: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitsPart:
    """What we say of one person: tags, layers."""

    id: int = field(metadata={"help": "the person"})
    name: str = field(metadata={"help": "what they are called"})
    tags: PersonTags = field(metadata={"help": "the tags they bear and bore, and those they can be given"})
    layers: Sequence[LayerRow] = field(metadata={"help": "the layer they stand in, per community and group"})


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Tagging:
    """What giving or taking a tag would change: whom it is given to or taken from, who stays as they are and why."""

    tag: str
    gives: bool
    count: int
    people: Sequence[Named]
    same: int
    outside: int
    agreed: str


@dataclass(frozen=True, slots=True)
class TaggingPage:
    """One tag for many people, looked at before it is done."""

    form: Form = field(metadata={"help": "which tag, given or taken"})
    count: int = field(metadata={"help": "how many people were chosen"})
    people: Sequence[Named] = field(metadata={"help": "the first of them"})
    preview: Tagging | None = field(metadata={"help": "what would change"})
    has_tags: bool = field(metadata={"help": "whether there is a tag to give"})

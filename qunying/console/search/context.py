"""What the search is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qunying.console.people.context import CardField
from qunying.console.search.deeds import Possible
from qunying.console.search.marks import Piece
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class GroupHit:
    """A group that was found."""

    id: int
    href: str
    name: str
    title: Sequence[Piece]
    about: Sequence[Piece]
    members: int


@dataclass(frozen=True, slots=True)
class PersonHit:
    """A person that was found."""

    id: int
    name: str
    title: Sequence[Piece]
    card: Sequence[Piece]
    fields: Sequence[CardField]
    group: str
    groups: int
    known_by: str


@dataclass(frozen=True, slots=True)
class MessageHit:
    """A message that was found."""

    id: int
    href: str
    sender: str
    sender_id: int
    text: Sequence[Piece]
    group: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of hits: how many (``is_more``: at least), and where all of them are."""

    count: int
    is_more: bool
    href: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind to look among."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Groups, people, messages and deeds for some words."""

    query: str = field(metadata={"help": "what was typed"})
    within: str = field(default="", metadata={"help": "groups, people or messages where only one kind is looked among"})
    tabs: Sequence[Tab] = field(default=(), metadata={"help": "the kinds to look among"})
    groups: Sequence[GroupHit] = field(default=(), metadata={"help": "groups found"})
    group_section: Section | None = field(default=None, metadata={"help": "how many groups there are; None where none"})
    people: Sequence[PersonHit] = field(default=(), metadata={"help": "people found"})
    people_section: Section | None = field(
        default=None, metadata={"help": "how many people there are; None where none"}
    )
    said: Sequence[MessageHit] = field(default=(), metadata={"help": "messages found"})
    said_section: Section | None = field(
        default=None, metadata={"help": "how many messages there are; None where none"}
    )
    deeds: Sequence[Possible] = field(default=(), metadata={"help": "what can be done"})
    is_empty: bool = field(default=False, metadata={"help": "whether something was asked for and nothing found"})
    pages: Pages | None = field(default=None, metadata={"help": "page numbers where one kind is looked among"})

"""What the sandbox's pages receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.forms import Form

from qunying.console.group.items import Why


@dataclass(frozen=True, slots=True)
class LabLine:
    """One of somebody's labs in the list."""

    token: str
    group_name: str
    steps: int
    now: datetime


@dataclass(frozen=True, slots=True)
class GroupToCopy:
    """A real group that a lab can be made like."""

    id: int
    name: str
    community: str


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody to be played."""

    ref: str
    name: str
    role: str
    about: str
    is_playing: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the trial group. ``line`` is its place among the lines played, None for what nobody played.

    ``acts`` are what whoever is being played may do with it: reply edit recall kick.
    """

    kind: str
    at: datetime
    key: str
    name: str = ""
    face_key: str = ""
    text: str = ""
    quote: str = ""
    picture: str = ""
    line: int | None = None
    person: str = ""
    is_playing: bool = False
    is_edited: bool = False
    is_gone: bool = False
    note: str = ""
    chip: str = ""
    tone: str = ""
    why: Why | None = None
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision in the list at the side."""

    at: datetime
    tone: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Try:
    """A ready-made scene."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class SayForm:
    """What stands in the field where somebody's words are written, and what sending them does."""

    text: str = ""
    error: str = ""
    reply_to: int | None = None
    reply_quote: str = ""
    edit: int | None = None


@dataclass(frozen=True, slots=True)
class ChooseContext:
    """The page where a lab is opened."""

    labs: tuple[LabLine, ...] = field(metadata={"help": "my labs, the one touched last first"})
    groups: tuple[GroupToCopy, ...] = field(metadata={"help": "groups to copy, the first of those that match"})
    has_more: bool = field(metadata={"help": "more groups match than are shown"})
    query: str = field(metadata={"help": "the words groups were searched by"})


@dataclass(frozen=True, slots=True)
class LabContext:
    """One lab."""

    token: str = field(metadata={"help": "the lab's name in addresses"})
    group_name: str = field(metadata={"help": "the group it is like"})
    is_blank: bool = field(metadata={"help": "it is like no group"})
    modes: tuple[str, ...] = field(metadata={"help": "each capability with its mode, in words"})
    is_acting: bool = field(metadata={"help": "every capability acts"})
    now: datetime = field(metadata={"help": "the lab's own time"})
    next_due: datetime | None = field(metadata={"help": "when something happens by itself"})
    cast: tuple[Player, ...] = field(metadata={"help": "who can be played"})
    playing: Player = field(metadata={"help": "whose part is taken"})
    entries: tuple[Entry, ...] = field(metadata={"help": "what happened in the group, oldest first"})
    hidden: int = field(metadata={"help": "how many earlier entries are left out"})
    rulings: tuple[Ruling, ...] = field(metadata={"help": "decisions, newest first"})
    tasks: tuple[str, ...] = field(metadata={"help": "titles of open tasks"})
    failures: int = field(metadata={"help": "things that could not be told"})
    tries: tuple[Try, ...] = field(metadata={"help": "ready-made scenes"})
    say: SayForm = field(metadata={"help": "the field where words are written"})
    person_form: Form = field(metadata={"help": "the form of a person made up by oneself"})
    can_take_back: bool = field(metadata={"help": "the last step can be taken back"})
    is_again: bool = field(metadata={"help": "the part is shown again, so the cursor goes back to the words"})

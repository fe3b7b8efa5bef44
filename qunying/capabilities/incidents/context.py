"""What the pages of incidents receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One incident that is open: what, where, how long, who leads, what comes next."""

    id: int
    title: str
    group: str
    community: str
    severity: str
    tone: str
    lasts: str
    owner: str
    has_owner: bool
    next: str


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """One incident that is over."""

    id: int
    title: str
    group: str
    community: str
    closed_at: datetime
    took: str
    owner: str
    words: str


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    """The incident desk."""

    open: tuple[OpenRow, ...] = field(metadata={"help": "open incidents, the most serious first"})
    closed: tuple[ClosedRow, ...] = field(metadata={"help": "those that ended last"})
    sandbox_href: str = field(metadata={"help": "where it can be tried"})


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody of the roster who may lead."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody whom it is about, and where the talk with them stands."""

    name: str
    key: int
    href: str
    talk: str
    tone: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing to be done about it. ``words`` say how, ``links`` lead to the messages that show it."""

    id: int
    title: str
    assigned: str
    is_done: bool
    done_at: datetime | None
    late: str
    soon: str
    words: tuple[str, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One thing that happened in its course."""

    at: datetime
    what: str
    dot: str = ""
    quote: str = ""
    href: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What an incident is, at a glance."""

    id: int
    title: str
    severity: str
    tone: str
    group: str
    group_href: str
    community: str
    opened_at: datetime
    closed_at: datetime | None
    lasts: str
    owner: str
    has_owner: bool
    next: str
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody typed that could not be done, and why."""

    form: str = ""
    error: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One incident."""

    head: Head = field(metadata={"help": "what, where, since when, who leads, what comes next"})
    owners: tuple[Owner, ...] = field(metadata={"help": "who of the roster may lead"})
    people: tuple[PersonRow, ...] = field(metadata={"help": "whom it is about"})
    tasks: tuple[TaskRow, ...] = field(metadata={"help": "what is to be done, open ones first"})
    left: int = field(metadata={"help": "how many of them are open"})
    course: tuple[CourseRow, ...] = field(metadata={"help": "what happened, newest first"})
    is_cut: bool = field(metadata={"help": "whether there is more than is shown"})
    closing_words: str = field(metadata={"help": "how it ended"})
    closed_by: str = field(metadata={"help": "who ended it"})
    can_decide: bool = field(metadata={"help": "whether this person may do something about it"})
    learn_href: str = field(metadata={"help": "where what its messages share becomes a list of words"})
    tried: Tried = field(default=Tried(), metadata={"help": "what could not be done"})

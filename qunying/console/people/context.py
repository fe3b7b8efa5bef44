"""What the people pages are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qunying.ui.charts import Week
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the list can be ordered by."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CardField:
    """One field of a group card: how sure it is, and whether one of us wrote it."""

    name: str
    label: str
    value: str
    sure: str
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card of a person, with what it says. ``is_card``: it is a group card, not only the name they show."""

    seat_id: int
    text: str
    is_card: bool
    groups: str
    fields: Sequence[CardField]
    can_correct: bool


@dataclass(frozen=True, slots=True)
class CardPanel:
    """A person's cards, the fields to correct, and who of us knows them (who, how)."""

    rows: Sequence[CardRow]
    options: Sequence[Option]
    known: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TagChip:
    """A tag that somebody bears, and the way to everybody who does."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member in one group."""

    person_id: int
    face_key: int
    name: str
    card: str
    fields: Sequence[CardField]
    group: str
    group_href: str
    chip: str
    tone: str
    messages: int
    last_at: datetime | None
    joined_at: datetime | None
    tags: Sequence[TagChip] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """Members of all groups within reach."""

    title: str = field(metadata={"help": "who is shown"})
    error: str = field(metadata={"help": "why a segment cannot be asked; empty where it can"})
    tags: Sequence[Option] = field(metadata={"help": "tags to choose from"})
    segments: Sequence[Option] = field(metadata={"help": "segments to choose from"})
    kept_query: str = field(metadata={"help": "the choices as an address says them, without the page"})

    sought: str = field(metadata={"help": "what is searched for in names, cards and their initials"})
    communities: Sequence[Option] = field(metadata={"help": "communities to choose from"})
    groups: Sequence[Option] = field(metadata={"help": "groups of the chosen community"})
    presences: Sequence[Option] = field(metadata={"help": "in the group now, gone, or both"})
    talks: Sequence[Option] = field(metadata={"help": "said something, never a word, or both"})
    order: str = field(metadata={"help": "talk, joined or spoke"})
    columns: Sequence[Column] = field(metadata={"help": "columns to order by: talk, spoke, joined"})
    rows: Sequence[MemberRow] = field(metadata={"help": "members, one page of them"})
    pages: Pages = field(metadata={"help": "page numbers; their total ends at ``most``"})
    most: int = field(metadata={"help": "where counting and paging end"})
    is_more: bool = field(metadata={"help": "whether there are more than ``most``"})
    is_filtered: bool = field(metadata={"help": "whether anything was chosen or searched for"})
    can_decide: bool = field(metadata={"help": "whether the reader may say who is one person"})


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A group this person is or was in."""

    group: str
    group_href: str
    community: str
    account: str
    card: str
    chip: str
    tone: str
    came: str
    inviter: str
    inviter_id: int | None
    joined_at: datetime | None
    left_at: datetime | None
    messages: int
    last_at: datetime | None
    why: str = ""  # they left, in words; empty where nobody said
    why_href: str = ""  # where to say it; empty where the reader may not, or they are there


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One carrier account of this person."""

    id: int
    mark: str
    name: str
    carrier: str
    groups: str
    is_bot: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the talk was in one group."""

    group: str
    messages: int


@dataclass(frozen=True, slots=True)
class CourseItem:
    """One thing that happened. ``why`` are reasons in sentences, ``dot`` the tone of its mark, ``note_id`` of a private talk."""

    at: datetime
    key: int
    dot: str
    what: str
    where: str
    where_href: str = ""
    why: Sequence[str] = ()
    quote: str = ""
    note_id: int = 0


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One message of this person."""

    id: int
    at: datetime
    group: str
    group_href: str
    text: str
    kind: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A form of the page that was refused: which, why, and the words to give back."""

    form: str
    error: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """One person over groups and carriers."""

    id: int = field(metadata={"help": "the person"})
    name: str = field(metadata={"help": "what they are called"})
    card: str = field(metadata={"help": "their card where they talk most"})
    cards: Sequence[str] = field(metadata={"help": "their other cards"})
    panel: CardPanel = field(metadata={"help": "what their cards say, and who of us knows them"})
    lead: str = field(metadata={"help": "one sentence about them"})
    is_bot: bool = field(metadata={"help": "whether a program writes for them"})
    since: datetime | None = field(metadata={"help": "when they first came"})
    brought_by: str = field(metadata={"help": "who brought them the first time; empty where nobody knows"})
    brought_by_id: int | None = field(metadata={"help": "that person"})
    recent: int = field(metadata={"help": "messages of the last 30 days"})
    spark: Sequence[int] = field(metadata={"help": "messages of each of the last 30 days, oldest first"})
    active_days: int = field(metadata={"help": "days of the last 30 with a message"})
    groups_now: int = field(metadata={"help": "groups they sit in"})
    groups_ever: int = field(metadata={"help": "groups they sit or sat in"})
    messages_ever: int = field(metadata={"help": "all their messages that were kept or counted"})
    last_at: datetime | None = field(metadata={"help": "their last message"})
    last_group: str = field(metadata={"help": "where that was"})
    seats: Sequence[SeatRow] = field(metadata={"help": "their groups, where they talk most first"})
    accounts: Sequence[AccountRow] = field(metadata={"help": "their accounts on carriers"})
    lacking: Sequence[str] = field(metadata={"help": "figures that the page asks for once it stands"})
    shares: Sequence[Share] = field(metadata={"help": "groups by messages of the last 30 days"})
    share_top: int = field(metadata={"help": "the messages of the first of them"})
    week: Week | None = field(metadata={"help": "weekday and hour of their talk in eight weeks"})
    course: Sequence[CourseItem] = field(metadata={"help": "what happened, newest first, one page"})
    course_filters: Sequence[Chip] = field(metadata={"help": "filter of what happened"})
    course_left: int = field(metadata={"help": "how many older things there are"})
    course_older: str = field(metadata={"help": "address of the older ones; empty where there are none"})
    course_is_cut: bool = field(metadata={"help": "whether newer things were passed over"})
    said: Sequence[SaidRow] = field(metadata={"help": "their latest messages, one page"})
    said_older: str = field(metadata={"help": "address of the older ones; empty where there are none"})
    said_is_cut: bool = field(metadata={"help": "whether newer messages were passed over"})

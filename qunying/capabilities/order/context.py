"""What the pages of order receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.forms import Form

from qunying.capabilities.order.lists_told import WordLine
from qunying.ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Link:
    """Something to choose, and where it leads."""

    label: str
    href: str
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list as a sentence: ``told`` are its parts, ``hint`` that some of its words may go."""

    id: int
    title: str
    told: tuple[str, ...]
    hint: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The lists of a community."""

    community_id: int = field(metadata={"help": "whose lists"})
    homes: tuple[Link, ...] = field(metadata={"help": "communities to choose from"})
    rows: tuple[ListRow, ...] = field(metadata={"help": "the lists, those that are on first"})
    form: Form | None = field(metadata={"help": "a new list, for whoever may make one"})
    settings_href: str = field(metadata={"help": "where the rules of the community are set"})
    rehearse_href: str = field(metadata={"help": "where rules are tried over the past"})


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A line that could not be taken, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent that could not be done or only in part: which form, what they typed, what is wrong with it."""

    form: str = ""
    text: str = ""
    error: str = ""
    wrong: tuple[WrongRow, ...] = ()


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word of a list with how it is looked for, in words."""

    word: WordLine
    way: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list with its words."""

    list: ListRow = field(metadata={"help": "the list as a sentence"})
    community_id: int = field(metadata={"help": "whose it is"})
    rows: tuple[WordRow, ...] = field(metadata={"help": "the words shown"})
    pages: Pages = field(metadata={"help": "which of them are shown"})
    orders: tuple[Link, ...] = field(metadata={"help": "in which order, or which of them"})
    order: str = field(metadata={"help": "the order in force"})
    find: str = field(metadata={"help": "what was looked for"})
    changed_at: datetime = field(metadata={"help": "when it was last changed"})
    can_set: bool = field(metadata={"help": "whether this person may change it"})
    can_take_back: bool = field(metadata={"help": "whether its words were changed before"})
    form: Form = field(metadata={"help": "its name, consequence and groups"})
    typed: Typed = field(default=Typed(), metadata={"help": "what could not be taken"})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a message; ``is_hit`` where words were found."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A message of the past with what would have been found in it."""

    name: str
    face_key: int
    group: str
    at: datetime
    href: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SwitchPage:
    """What a list would have found, before it is switched on."""

    list: ListRow = field(metadata={"help": "the list as a sentence"})
    community_id: int = field(metadata={"help": "whose it is"})
    headline: str = field(metadata={"help": "the effect as one sentence"})
    told: tuple[str, ...] = field(metadata={"help": "how that was counted"})
    samples: tuple[SampleRow, ...] = field(metadata={"help": "the newest messages it would have found"})
    people: int = field(metadata={"help": "how many people it would have touched"})
    wants_number: bool = field(metadata={"help": "whether that number has to be typed"})
    can_set: bool = field(metadata={"help": "whether this person may switch it on"})
    error: str = field(metadata={"help": "why it was not switched on"})


@dataclass(frozen=True, slots=True)
class GoingPage:
    """A list, or its words that were never found, before they go."""

    list: ListRow = field(metadata={"help": "the list as a sentence"})
    community_id: int = field(metadata={"help": "whose it is"})
    headline: str = field(metadata={"help": "what would go"})
    effects: tuple[tuple[str, str], ...] = field(metadata={"help": "what that means, and whether it can be undone"})
    some: tuple[str, ...] = field(metadata={"help": "some of the words that would go"})
    more: int = field(metadata={"help": "how many more"})
    action: str = field(metadata={"help": "where the button posts to"})
    button: str = field(metadata={"help": "what the button does; empty where nothing would go"})


@dataclass(frozen=True, slots=True)
class PhraseRow:
    """A phrase that is proposed as a word; ``told`` says how often it was said by whom."""

    place: int
    text: str
    told: tuple[str, ...]
    is_taken: bool


@dataclass(frozen=True, slots=True)
class LearnPage:
    """What the messages of an incident share."""

    community_id: int = field(metadata={"help": "whose list it would be"})
    said: str = field(metadata={"help": "the messages, by their numbers"})
    headline: str = field(metadata={"help": "what was found, as one sentence"})
    phrases: tuple[PhraseRow, ...] = field(metadata={"help": "the phrases proposed"})
    does: tuple[Link, ...] = field(metadata={"help": "what may be done about a hit; the address is the name"})
    wants_number: bool = field(metadata={"help": "whether the number of people has to be typed"})
    error: str = field(metadata={"help": "why no list was made"})

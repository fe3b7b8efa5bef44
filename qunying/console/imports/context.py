"""What the import pages are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from qunying.console.imports.forms import StartForm
from qunying.ui.pages import Pages
from qunying.ui.plots import Plot


@dataclass(frozen=True, slots=True)
class DraftLine:
    """Files that arrived and wait to be started."""

    token: str
    title: str
    size: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunLine:
    """One import in the list of all."""

    id: int
    title: str
    group: str
    community: str
    state: str
    tone: str
    messages: int
    skipped: int
    at: datetime
    percent: int


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter."""

    label: str
    href: str
    is_chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportsPage:
    """The page where an import begins, and where earlier ones are found."""

    reason: str = field(
        default="", metadata={"help": "why the files just sent were not taken; empty where nothing was wrong"}
    )
    most: str = field(metadata={"help": "how much can be sent at once, in words"})
    formats: Sequence[str] = field(metadata={"help": "what the formats that can be read are called"})
    drafts: Sequence[DraftLine] = field(metadata={"help": "files this person sent and did not start to import yet"})
    runs: Sequence[RunLine] = field(
        metadata={"help": "imports into communities within reach, newest first, one page of them"}
    )
    filters: Sequence[Chip] = field(metadata={"help": "filter of the list by state"})
    pages: Pages = field(metadata={"help": "page numbers under the list"})
    is_filtered: bool = field(default=False, metadata={"help": "whether a state was chosen"})


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """One message of a file as it would be read."""

    at: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One export among the files, as found."""

    name: str
    format: str
    encoding: str
    size: str
    chats: str
    order: str
    is_doubtful: bool
    zone: str  # in which the examples' times are told; empty where the file says no zone
    examples: Sequence[ExampleLine]


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file nobody can read, and why."""

    name: str
    why: str
    sample: str


@dataclass(frozen=True, slots=True)
class OrderChoice:
    """One way to read the dates, with the first message's day under it."""

    value: str
    label: str
    example: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """What was recognised in files that arrived, and what still has to be said."""

    token: str = field(metadata={"help": "names this upload in addresses"})
    title: str = field(metadata={"help": "the files' names, shortened"})
    size: str = field(metadata={"help": "all files together, in words"})
    is_looking: bool = field(default=False, metadata={"help": "the files are still being looked at"})
    error: str = field(default="", metadata={"help": "why nothing can be read at all"})
    files: Sequence[FoundFile] = field(default=(), metadata={"help": "exports that were recognised"})
    more_files: int = field(default=0, metadata={"help": "recognised exports that are not listed one by one"})
    left_out: Sequence[UnreadFile] = field(default=(), metadata={"help": "files nobody can read"})
    more_left_out: int = field(default=0, metadata={"help": "unreadable files that are not listed one by one"})
    chats: int = field(default=0, metadata={"help": "different chats seen so far"})
    doubtful: str = field(default="", metadata={"help": "a message whose day can be read two ways"})
    orders: Sequence[OrderChoice] = field(
        default=(), metadata={"help": "ways to read dates; empty where the files decide it"}
    )
    form: StartForm | None = field(default=None, metadata={"help": "the questions left open"})
    zones: Sequence[str] = field(default=(), metadata={"help": "proposed time zones"})
    groups: Sequence[str] = field(default=(), metadata={"help": "names of groups there are, as proposals"})
    may_found: bool = field(default=False, metadata={"help": "whether a new community may be made"})


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file and how much of it was read; ``percent`` None where it was not begun."""

    name: str
    percent: int
    state: Literal["done", "cut", "now", "later"]


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps."""

    title: str
    about: str
    state: Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A group that an import filled."""

    id: int
    name: str
    href: str
    messages: int | None


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """One line that could not be read."""

    file: str
    place: int
    why: str
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """One import: how far it is, what it has brought, what it left out."""

    id: int = field(metadata={"help": "the import"})
    title: str = field(metadata={"help": "the files' names"})
    about: str = field(metadata={"help": "size, files, groups and span of time in one line"})
    state: str = field(metadata={"help": "waiting running paused failed done dropped"})
    state_words: str = field(metadata={"help": "the state in words"})
    state_tone: str = field(metadata={"help": "tone of the state's chip"})
    is_alive: bool = field(metadata={"help": "whether it goes on by itself, so that the page asks again"})
    ahead: int = field(metadata={"help": "imports that are read before this one"})
    error: str = field(metadata={"help": "why it stopped"})
    is_cut: bool = field(metadata={"help": "read to the end, and a file broke off before its own"})
    cuts: Sequence[str] = field(metadata={"help": "which files broke off and where, in words, the first few"})
    percent: int = field(metadata={"help": "share of the bytes read"})
    kept: int = field(metadata={"help": "messages kept"})
    is_upload: bool = field(metadata={"help": "whether its files came through the browser"})
    rate: float | None = field(metadata={"help": "messages per second"})
    seconds_left: float | None = field(metadata={"help": "how long it will take at this pace"})
    seconds: float = field(metadata={"help": "how long it has been reading"})
    steps: Sequence[Step] = field(metadata={"help": "the five steps and where it stands"})
    files: Sequence[FileLine] = field(metadata={"help": "files around the one being read"})
    more_files: int = field(metadata={"help": "files that are not listed"})
    groups: Sequence[GroupLink] = field(metadata={"help": "groups it filled, the first few"})
    group_count: int = field(metadata={"help": "groups it filled"})
    people: int = field(metadata={"help": "people met in it"})
    duplicates: int = field(metadata={"help": "messages that were here before"})
    media: int = field(metadata={"help": "pictures, voices and files noted"})
    moves: str = field(metadata={"help": "how many came and went, in words; empty where the files say nothing"})
    first_at: datetime | None = field(metadata={"help": "the first message's time"})
    last_at: datetime | None = field(metadata={"help": "the last message's time"})
    first_words: str = field(metadata={"help": "the beginning of the first message"})
    plot: Plot | None = field(metadata={"help": "messages by month"})
    skipped: int = field(metadata={"help": "lines left out"})
    skipped_rate: str = field(metadata={"help": "how many that is among all, in words"})
    skipped_filters: Sequence[Chip] = field(metadata={"help": "reasons with their counts"})
    skipped_lines: Sequence[SkippedLine] = field(metadata={"help": "left-out lines, one page of them"})
    skipped_pages: Pages = field(metadata={"help": "page numbers under them"})
    here: str = field(metadata={"help": "this page's address with its filter, for parts that ask again"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DropPage:
    """What giving up an import means, before it is given up."""

    id: int = field(metadata={"help": "the import"})
    title: str = field(metadata={"help": "the files' names"})
    kept: int = field(metadata={"help": "messages kept so far"})
    is_upload: bool = field(metadata={"help": "whether files that were sent are removed with it"})

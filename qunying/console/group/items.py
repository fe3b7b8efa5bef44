"""What the stream of a group consists of, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class View:
    """What one capability thought about an event. ``is_quiet``: it wanted nothing to be done."""

    capability: str
    sentence: str
    confidence: float
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """One act that was decided on: what it does, where it stands, and the words it would say."""

    what: str
    state: str
    tone: str
    words: str = ""
    href: str = ""
    is_outside: bool = True


@dataclass(frozen=True, slots=True)
class Why:
    """One decision with everything that led to it."""

    key: str
    title: str
    sentence: str
    views: tuple[View, ...]
    deeds: tuple[Deed, ...]

    @property
    def shown(self) -> Deed | None:
        """The act that stands beside the event itself: the first one that reaches the group."""
        return next((deed for deed in self.deeds if deed.is_outside), None)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text, marked where it is what was searched for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A word about a message, and its tone."""

    word: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the stream. ``key`` also says up to where the reader has seen messages and facts."""

    kind: Literal["day", "message", "move", "act"]
    at: datetime
    key: str = ""
    id: int = 0
    name: str = ""
    face_key: str = ""
    person_href: str = ""
    chip: str = ""
    chip_tone: str = ""
    text: tuple[Snippet, ...] = ()
    quote: str = ""
    media: tuple[str, ...] = ()
    is_own: bool = False
    is_gone: bool = False
    is_edited: bool = False
    why: Why | None = None
    labels: tuple[Label, ...] = ()
    href: str = ""
    day: str = field(default="")

    @property
    def css(self) -> str:
        """The classes of its line."""
        shown = self.why.shown if self.why else None
        tone = {"look": "held", "act": "hit"}.get(shown.tone, "") if shown else ""
        return " ".join(filter(None, ("msg", "gone" if self.is_gone else "", "us" if self.is_own else "", tone)))

    @property
    def has_notes(self) -> bool:
        """Whether something is said about it below its words."""
        return self.is_gone or self.is_edited or self.why is not None or bool(self.labels)

    @property
    def date(self) -> str:
        """Its day in the active time zone, as addresses name it."""
        return f"{timezone.localtime(self.at):%Y-%m-%d}"

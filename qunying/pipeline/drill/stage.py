"""The platform on which a drill is played. People of a play have names of their own; a stage knows what the platform calls them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from qunying.pipeline.drill.script import Script


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody of a play as the platform shows them. ``id`` is the play's name for them."""

    id: str
    name: str
    card: str = ""
    role: str = "member"


@dataclass(frozen=True, slots=True)
class Seats:
    """A group as it is when the play begins."""

    id: str
    name: str
    capacity: int
    actors: Sequence[Actor]


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that is shown rather than said: ``kind`` is contact, image, file or forward."""

    kind: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Speech:
    """What somebody says. ``reply_to`` is what an earlier line answered; ``mentions`` are names of the play."""

    text: str
    reply_to: str = ""
    mentions: Sequence[str] = ()
    shown: Shown | None = None


class Stage(Protocol):
    """What users do on the platform. Whatever is done answers how the event or message is known to the machine: the end of its
    key after a colon, "" where nothing came of it. Raises ``BadUse`` where the platform would refuse.
    """

    carrier: str
    account_ref: str
    account_name: str

    def do_set_up(self, script: Script, at: datetime) -> None:
        """Before anybody sits down."""

    def do_seat(self, seats: Seats) -> None:
        """A group with those who are in it from the beginning; nobody is told."""

    def do_begin(self) -> None:
        """The machine has been told who is where; from now on it hears."""

    def ref_of(self, actor: str) -> str:
        """What the platform calls somebody of the play."""

    def group_ref(self, group: str) -> str:
        """What the platform calls a group of the play."""

    def do_turn_clock(self, at: datetime) -> None:
        """It is that moment now on the platform."""

    def do_hear_out(self) -> bool:
        """Waits until the machine was given everything that happened; whether there was anything new."""

    def has_voice(self, group: str, actor: str, at: datetime) -> bool:
        """Whether somebody is in the group and not muted."""

    def do_join(self, group: str, actor: Actor, at: datetime, via: str, inviter: str) -> str:
        """Somebody comes in."""

    def do_leave(self, group: str, actor: str, at: datetime, operator: str) -> str:
        """Somebody goes, or is taken out by ``operator``."""

    def do_speak(self, group: str, actor: str, speech: Speech, at: datetime) -> str:
        """Somebody says something."""

    def do_edit(self, group: str, actor: str, of: str, text: str, at: datetime) -> str:
        """Somebody replaces the words of their message."""

    def do_recall(self, group: str, of: str, by: str, at: datetime) -> str:
        """A message is taken back."""

    def do_whisper(self, actor: Actor, text: str, at: datetime) -> str:
        """Somebody writes to our account in private."""

    def do_go_down(self, until: datetime) -> None:
        """The platform cannot be reached until then."""

    def do_come_back(self) -> None:
        """The platform can be reached again, whatever was said before."""

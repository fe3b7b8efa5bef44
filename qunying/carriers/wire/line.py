"""What a carrier with a network brings: for each account of ours one line, which hears, speaks and looks around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from qunying.carriers.base import Answer, Arrival, Delivery
from qunying.kernel.events import Who


@dataclass(frozen=True, slots=True)
class Kept:
    """A line as it is kept. ``cursor`` is what the line itself last said; ``secrets`` never leave the process that holds it."""

    id: int
    carrier: str
    account_ref: str
    name: str
    options: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class GroupLook:
    """A group as the platform shows it to our account. ``can`` are effects by name that we may carry out there; ``lacks`` says
    of the others what is missing, as a code; ``members`` is None where the platform would not say who is there."""

    ref: str
    name: str
    can: frozenset[str]
    lacks: Mapping[str, str] = field(default_factory=dict)
    members: tuple[Who, ...] | None = None


class Ear(Protocol):
    """Whom a line tells what it hears. Everything told is kept when the call returns: only then is it confirmed to a platform."""

    async def hear(self, arrivals: Sequence[Arrival], cursor: str | None = None) -> None:
        """Keeps arrivals and, in the same transaction, how far the line has come."""

    async def known(self, account_ref: str, name: str) -> None:
        """The platform said who we are there. Raises ``WrongAccount`` where this line belongs to another account."""

    async def keep_secrets(self, secrets: Mapping[str, str]) -> None:
        """From now on these are the line's secrets, sealed: a token instead of the password it was got with."""

    async def online(self) -> None:
        """The account is there."""

    async def offline(self, why: str, *, refused: bool = False) -> None:
        """The account is not; ``why`` is a marked text. ``refused``: trying again will not help before a person acts."""

    async def alive(self) -> None:
        """A sign of life without news."""

    async def seen(self, groups: Sequence[GroupLook]) -> None:
        """The groups our account is in; a group that is absent is one it is no longer in."""

    async def mishap(self, what: str, sample: str = "") -> None:
        """Counts what could not be understood or was refused; ``sample`` holds no secret."""


class WrongAccount(Exception):
    """Another account than the one this line belongs to."""


class Speaking(Protocol):
    """A line at work. ``run`` connects and connects again until it is cancelled, and tells its ear."""

    async def run(self) -> None:
        """Hears until cancelled. What it raises is written down and the line is started anew after a rest."""

    async def act(self, delivery: Delivery) -> Answer:
        """Carries out one effect, within ``ACT_WITHIN`` seconds; never raises for what a platform answers."""

    async def look(self) -> Sequence[GroupLook]:
        """What our account sees right now. Raises ``NotReachable``."""


ACT_WITHIN = 10.0

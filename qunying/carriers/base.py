"""What every chat platform is to us: something to fetch from, to read and to act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from qunying.kernel.effects import Outside
from qunying.kernel.events import Event


class Outcome(StrEnum):
    """What became of an attempt to act."""

    DONE = "done"
    REFUSED = "refused"  # the platform said no; trying again would be no again
    LATER = "later"  # not reachable or too fast; trying again is right
    UNKNOWN = "unknown"  # no clear answer: it may have happened


@dataclass(frozen=True, slots=True)
class Answer:
    """The platform's answer; ``ref`` is the message id where one was made, ``words`` why not, for people:
    a marked text of ours, or whatever the platform said."""

    outcome: Outcome
    ref: str = ""
    words: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An effect with our ids translated into the platform's references. ``key`` is ours and stable over retries."""

    key: str
    effect: Outside
    account_ref: str
    group_ref: str
    member_ref: str = ""
    mention_refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw payload of a platform on its way into intake. ``person_ref`` names a private chat's other side, ``account_ref`` our
    account that heard it."""

    key: str
    at: datetime
    payload: Mapping[str, Any]
    group_ref: str = ""
    person_ref: str = ""
    account_ref: str = ""


class NoPicture(Exception):
    """The platform has no such picture for us, and will have none; ``why`` in a word: ``missing`` or ``too_large``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotReachable(Exception):
    """The platform did not answer; trying again later is right."""


@dataclass(frozen=True, slots=True)
class EventPlace:
    """What intake already knows about a payload and the parser needs to make an event of it."""

    key: str
    lane_id: int
    community_id: int
    group_id: int | None
    envelope_id: int
    carrier: str = ""

    def base(self, at: datetime) -> dict[str, Any]:
        """What every event of this payload has."""
        return {
            "key": self.key,
            "at": at,
            "lane_id": self.lane_id,
            "community_id": self.community_id,
            "group_id": self.group_id,
            "envelope_id": self.envelope_id,
            "carrier": self.carrier,
        }


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast one account of ours may act: effects in any minute, words in one group in any minute, and between two of its
    words at least ``rest``, lengthened by up to as much again so that it does not sound like a machine."""

    acts_a_minute: int = 120
    words_a_minute: int = 6
    rest: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Carrier:
    """One chat platform. ``parse`` answers None for payloads that mean nothing to us; ``fetch`` takes what waits.

    ``has_lines``: an account of ours is needed in a group; without one, as in a group that came from a file, a person is asked.
    ``does`` names the effects it can carry out; all others become a task for a person. ``fetch`` runs inside intake's
    transaction and forgets what it handed over. ``open_picture`` answers the bytes behind an attachment's ``url``, at most
    ``judgement.images.opening.MOST_BYTES``, or raises ``NoPicture`` or ``NotReachable``; None where the platform hands out none.
    Whoever fetches over the network does so within seconds, follows no redirect unseen, and never goes to an address that is
    not public: members write these addresses.
    """

    name: str
    title: str
    parse: Callable[[Mapping[str, Any], EventPlace], Event | None]
    send: Callable[[Delivery, datetime], Answer]
    fetch: Callable[[int], Sequence[Arrival]]
    does: frozenset[str]
    open_picture: Callable[[str, datetime], bytes] | None = None
    tempo: Tempo = Tempo()
    has_lines: bool = False

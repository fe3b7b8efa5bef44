"""What happened, in our words. A carrier's ``parse.py`` makes these from its own payloads.

People are named by the platform's own reference; the scene knows who that is to us. Events are facts about the world:
they carry no opinion and are never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as the platform names them in one event; empty strings where it does not say."""

    ref: str
    name: str = ""
    card: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, file or card in a message, as the platform describes it. ``url`` is what the carrier finds it by: the same
    file passed on has the same."""

    kind: str
    name: str = ""
    url: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in one lane at one moment. ``key`` is unique for ever: telling it twice is impossible.

    ``carrier`` is the platform of whom it names where there is no group to know it by.
    """

    key: str
    at: datetime
    lane_id: int
    community_id: int
    group_id: int | None = None
    envelope_id: int | None = None
    carrier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """Somebody said something, in a group or (``is_private``) to the community's own account.

    What the account itself says in private (``is_own``) has whom it says it to as ``sender``: that is whose chat it is.
    """

    sender: Who
    source_key: str
    text: str
    kind: str = "text"
    reply_to: str = ""
    mentions: tuple[Who, ...] = ()
    media: tuple[Attachment, ...] = ()
    is_private: bool = False
    is_own: bool = False  # the account's own words coming back to us


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Event):
    """The words of an earlier message were replaced."""

    sender: Who
    source_key: str
    text: str


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A code in a picture: its text, and what that is for (``contact group account payment sign-in link …``)."""

    text: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRead(Event):
    """The pictures of an earlier message were looked at, because somebody wanted to know (``AskLater``).

    ``text`` is what the message says with what its pictures say: its own words as they were by then, words in the pictures, codes
    that are no contact or group by themselves. ``looks`` are two fingerprints of every picture, to find the same one again. ``wrong``
    says of each picture that could not be read why, as a code.
    """

    sender: Who
    source_key: str
    text: str = ""
    codes: tuple[SeenCode, ...] = ()
    looks: tuple[tuple[int, int], ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecalled(Event):
    """An earlier message was withdrawn, by its sender or by somebody with the right to."""

    source_key: str
    by: Who | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    """Somebody came into a group."""

    member: Who
    inviter: Who | None = None
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Event):
    """Somebody is no longer in a group; ``operator`` is who removed them, None when they went by themselves."""

    member: Who
    operator: Who | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChanged(Event):
    """A member's card or role in a group is now this."""

    member: Who


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSeen(Event):
    """The platform shows a group: how it is called, and everybody who sits in it now; ``members`` None where it does not say."""

    name: str
    members: tuple[Who, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequested(Event):
    """Somebody asks to be let into a group; ``request_ref`` is what the platform calls that, ``words`` what they wrote."""

    member: Who
    request_ref: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteChanged(Event):
    """Somebody on the platform took a member's voice until then, or (None) gave it back. ``operator`` may be our own account.

    No member is everybody who does not lead the group, until somebody ends it (``FOREVER``).
    """

    member: Who | None
    until: datetime | None
    operator: Who | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDue(Event):
    """The moment came that a capability asked to be woken at (``WakeAt``)."""

    capability: str
    timer_key: str
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactHappened(Event):
    """A fact that a capability subscribed to, brought to it by the relay."""

    capability: str
    fact_id: int
    name: str
    payload: Mapping[str, object] = field(default_factory=dict)

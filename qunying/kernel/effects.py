"""What we do, in the imperative. Outside effects are carried out in a chat by a carrier; inside effects change our own state.

People are identity ids, messages are source keys, groups are ids. Every effect is unique by the key that its decision
gives it, so that repeating is impossible.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar


class EffectState(StrEnum):
    """Where an outside effect stands. Final: sent, failed, expired, cancelled, undone and simulated."""

    WAITING = "waiting"
    NEEDS_APPROVAL = "needs_approval"
    SIMULATED = "simulated"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(Effect):
    """Done in a chat. ``not_before`` delays it; after ``expires_after`` from its queueing it is worse than nothing."""

    group_id: int | None
    not_before: datetime | None = None
    expires_after: timedelta = timedelta(minutes=30)

    is_urgent: ClassVar[bool] = False  # goes ahead of everything that only talks
    sanction: ClassVar[int] = 0  # how hard it is on a member; the strongest of one event wins
    may_repeat: ClassVar[bool] = False  # whether trying again after an unclear answer is harmless


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Outside):
    """Words in a group. With ``reply_to`` it answers one message; ``mentions`` are identity ids.

    ``by_day``: should it come to be said in the group's quiet hours, late or let go late, it waits for their end.
    ``member`` is whom it is about, where it is about one; ``is_warning``: it is a step of a ladder against them.
    """

    text: str
    reply_to: str = ""
    mentions: tuple[int, ...] = ()
    by_day: bool = False
    member: int | None = None
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce(Outside):
    """Words for everybody, planned by a person or a ritual; not counted among replies."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper(Outside):
    """Words to one person in private, from the community's own account; ``is_warning`` and ``by_day`` as of ``Say``.

    ``is_farewell``: it has to be said before the removal that comes with it, for there are platforms on which who has left
    can be told nothing more; it is as urgent as that.
    """

    member: int
    text: str
    is_warning: bool = False
    by_day: bool = False
    is_farewell: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteMessage(Outside):
    """Withdraws one message."""

    message_key: str
    member: int | None = None
    is_urgent = True
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute(Outside):
    """Silences a member for a time."""

    member: int
    duration: timedelta
    is_urgent = True
    sanction = 2
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute(Outside):
    """Gives a member their voice back."""

    member: int
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember(Outside):
    """Takes a member out of a group; they may come back."""

    member: int
    is_urgent = True
    sanction = 3
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban(Outside):
    """Takes a member out and keeps them out."""

    member: int
    is_urgent = True
    sanction = 4
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Unban(Outside):
    """Lets somebody in again who was kept out."""

    member: int
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCard(Outside):
    """Changes a member's group card."""

    member: int
    card: str
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveJoin(Outside):
    """Lets a person in who asked; ``request_ref`` is what the platform calls that."""

    request_ref: str
    member: int | None = None
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectJoin(Outside):
    """Turns down a person who asked, with a reason they read."""

    request_ref: str
    words: str = ""
    member: int | None = None
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(Outside):
    """Puts a message on top of the group."""

    message_key: str
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Outside):
    """Asks a person into a group."""

    member: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence(Outside):
    """What a member feels though no chat sees it. It is queued, held, approved and taken back like what is done in a chat."""

    member: int
    expires_after: timedelta = timedelta(days=30)
    is_urgent = True
    may_repeat = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Forfeit(Consequence):
    """Takes the deposit a member has paid, all of it. Who has none loses nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Consequence):
    """Gives back what the act of that key forfeited, to the cent; what it never took is not given."""

    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside(Effect):
    """Changes our own state, in the same transaction as the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeAt(Inside):
    """Tell me ``TimerDue`` at that moment. The same key replaces an earlier one."""

    key: str
    at: datetime
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelWake(Inside):
    """Forget that waking."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLater(Inside):
    """Somebody is to take their time over a message; the answer comes back in the same lane. Asked once per ``key``.

    ``kind`` is what is asked: ``picture``, what its pictures show, answered by ``PictureRead``.
    """

    key: str
    kind: str
    message_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask(Inside):
    """Work for a person. One open task per ``key``; ``title`` is words in the community's language, or a
    sentence of ours (``Sentence.to_text``).
    """

    key: str
    kind: str
    title: str
    group_id: int | None = None
    member: int | None = None
    assigned: str = ""
    due_at: datetime | None = None
    details: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase(Inside):
    """A judgement for a person to make about a message or member. One open case per ``key``.

    ``capability`` and ``reason`` (its code) say whose idea it was and why, so that alike ones can be found. ``message_key``
    is the message it is about; of an appeal, the private message that opened it.
    """

    key: str
    kind: str
    group_id: int | None = None
    member: int | None = None
    message_key: str = ""
    score: float | None = None
    capability: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident(Inside):
    """Something that needs a person who leads through it. One open incident per ``key``: said again, it only adds.

    ``kind`` is one of ``INCIDENTS``; ``members`` are those it is about, ``message_keys`` what shows it, newest last.
    """

    key: str
    kind: str
    group_id: int | None
    members: tuple[int, ...] = ()
    message_keys: tuple[str, ...] = ()


INCIDENTS = (
    "rule_not_known",
    "competitor_wave",
    "escalating_complaint",
    "damaged_goods",
    "low_participation",
    "ads_and_idle",
    "public_doubt",
    "silent_group",
    "closing_day",
    "off_topic_storm",
    "quarrel",
    "mass_leaving",
    "carrier_down",
)

EFFECTS: dict[str, type[Effect]] = {
    kind.__name__: kind
    for kind in (
        Say,
        Announce,
        Whisper,
        DeleteMessage,
        Mute,
        Unmute,
        RemoveMember,
        Ban,
        Unban,
        SetCard,
        ApproveJoin,
        RejectJoin,
        Pin,
        Invite,
        WakeAt,
        CancelWake,
        AskLater,
        OpenTask,
        OpenCase,
        OpenIncident,
        Forfeit,
        Refund,
    )
}


def member_of(effect: Effect) -> int | None:
    """The identity an effect is about, None where it is about nobody in particular."""
    return getattr(effect, "member", None)


def undoing(effect: Outside, *, key: str, result_ref: str) -> Outside | None:
    """The effect that takes this one back, or None where nothing can.

    ``key`` is the act's, ``result_ref`` what the carrier answered.
    """
    match effect:
        case Say() | Announce():
            return DeleteMessage(group_id=effect.group_id, message_key=result_ref) if result_ref else None
        case Mute():
            return Unmute(group_id=effect.group_id, member=effect.member)
        case RemoveMember():
            return Invite(group_id=effect.group_id, member=effect.member)
        case Ban():
            return Unban(group_id=effect.group_id, member=effect.member)
        case Forfeit():
            return Refund(group_id=effect.group_id, member=effect.member, of=key)
        case _:
            return None


def to_payload(effect: Effect) -> dict[str, Any]:
    """An effect as JSON-able words, for the outbox row; ``from_payload`` is its inverse."""
    words = {}
    for part in dataclasses.fields(effect):
        value = getattr(effect, part.name)
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, timedelta):
            value = value.total_seconds()
        elif isinstance(value, tuple):
            value = list(value)
        words[part.name] = value
    return words


def from_payload(kind: str, words: Mapping[str, Any]) -> Effect:
    """The effect of that kind with those words. Raises ``KeyError`` for an unknown kind, ``TypeError`` for unknown words."""
    effect = EFFECTS[kind]
    values = {}
    for part in dataclasses.fields(effect):
        if part.name in words:
            values[part.name] = _as_type(str(part.type), words[part.name])
    return effect(**values)


def _as_type(annotation: str, value: Any) -> Any:
    if value is None:
        return None
    if annotation.startswith("datetime"):
        return datetime.fromisoformat(value)
    if annotation == "timedelta":
        return timedelta(seconds=value)
    if annotation.startswith("tuple"):
        return tuple(value)
    return value

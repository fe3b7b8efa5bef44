"""The sandbox platform itself: what users do there. Every act checks what a real platform would and lands in the feed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qunying.carriers.sandbox.models import FeedItem, Outage, Seat
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

ACCOUNT_REF = "qunying"
ACCOUNT_NAME = mark("群营小助手")


@dataclass(frozen=True, slots=True)
class User:
    """A user of the sandbox platform."""

    ref: str
    name: str
    card: str = ""
    role: str = "member"

    def words(self) -> dict[str, str]:
        """As payloads name them."""
        return {"ref": self.ref, "name": self.name, "card": self.card, "role": self.role}


def do_seat(group_ref: str, users: Sequence[User]) -> None:
    """Puts users in a group without telling anybody: who was there before the story begins."""
    Seat.objects.bulk_create(
        [
            Seat(group_ref=group_ref, user_ref=user.ref, name=user.name, card=user.card, role=user.role)
            for user in users
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def do_join(group_ref: str, user: User, at: datetime, *, via: str = "", inviter: str = "") -> str:
    """Somebody comes in. Raises ``BadUse`` where they are in already or kept out."""
    seat = Seat.objects.filter(group_ref=group_ref, user_ref=user.ref).first()
    if seat and seat.is_present:
        raise BadUse(mark("%(name)s已经在群里"), name=user.name)
    if seat and seat.is_banned:
        raise BadUse(mark("%(name)s被限制进群"), name=user.name)
    with transaction.atomic():
        Seat.objects.update_or_create(
            group_ref=group_ref,
            user_ref=user.ref,
            defaults={"name": user.name, "card": user.card, "role": user.role, "is_present": True},
        )
        words = {"type": "join", "user": user.words(), "via": via}
        return do_publish(group_ref, at, {**words, "inviter": inviter} if inviter else words)


def do_leave(group_ref: str, user_ref: str, at: datetime, *, operator: str = "") -> str:
    """Somebody goes, or is taken out by ``operator``."""
    seat = present_seat(group_ref, user_ref)
    with transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(is_present=False)
        words = {"type": "leave", "user": _user(seat).words()}
        return do_publish(group_ref, at, {**words, "operator": operator} if operator else words)


def has_voice(group_ref: str, user_ref: str, at: datetime) -> bool:
    """Whether somebody sits in the group and nobody has muted them."""
    seat = Seat.objects.filter(group_ref=group_ref, user_ref=user_ref, is_present=True).first()
    return seat is not None and not (seat.muted_until and seat.muted_until > at)


def do_speak(
    group_ref: str,
    user_ref: str,
    text: str,
    at: datetime,
    *,
    kind: str = "text",
    reply_to: str = "",
    mentions: Sequence[str] = (),
    media: Sequence[Mapping[str, Any]] = (),
) -> str:
    """A present, unmuted user says something; answers the message's reference."""
    seat = present_seat(group_ref, user_ref)
    if seat.muted_until and seat.muted_until > at:
        raise BadUse(mark("%(name)s正在禁言，说不了话"), name=seat.name)
    words: dict[str, Any] = {"type": "message", "from": _user(seat).words(), "kind": kind, "text": text}
    if reply_to:
        words["reply_to"] = reply_to
    if mentions:
        words["mentions"] = list(mentions)
    if media:
        words["media"] = [dict(part) for part in media]
    return do_publish(group_ref, at, words)


def do_edit(group_ref: str, user_ref: str, of: str, text: str, at: datetime) -> str:
    """A user replaces the words of a message of theirs."""
    seat = present_seat(group_ref, user_ref)
    return do_publish(group_ref, at, {"type": "edit", "from": _user(seat).words(), "of": of, "text": text})


def do_recall(group_ref: str, of: str, by: str, at: datetime) -> str:
    """A user or administrator withdraws a message."""
    return do_publish(group_ref, at, {"type": "recall", "of": of, "by": by})


def do_whisper(user: User, text: str, at: datetime) -> str:
    """A user writes to the account in private."""
    return do_publish("", at, {"type": "whisper", "from": user.words(), "text": text})


def do_publish(group_ref: str, at: datetime, words: Mapping[str, Any]) -> str:
    """Puts a payload into the feed under a fresh reference, and answers that."""
    ref = uuid.uuid4().hex
    payload = {**words, "ref": ref, "at": at.isoformat(), "group": group_ref}
    FeedItem.objects.create(group_ref=group_ref, payload=payload)
    return ref


def do_go_down(until: datetime) -> None:
    """The platform cannot be reached until then."""
    Outage.objects.create(until=until)


def do_come_back() -> None:
    """The platform can be reached again, goes_together was said before."""
    Outage.objects.all().delete()


def do_replay(payloads: Sequence[Mapping[str, Any]]) -> None:
    """Lets things that were written elsewhere (the demo world) happen here: seats follow, the feed tells."""
    for payload in payloads:
        match payload["type"]:
            case "join":
                Seat.objects.update_or_create(
                    group_ref=payload["group"],
                    user_ref=payload["user"]["ref"],
                    defaults={"name": payload["user"]["name"], "is_present": True},
                )
            case "leave":
                Seat.objects.filter(group_ref=payload["group"], user_ref=payload["user"]["ref"]).update(
                    is_present=False
                )
    FeedItem.objects.bulk_create(
        [FeedItem(group_ref=payload["group"], payload=dict(payload)) for payload in payloads], batch_size=500
    )


def present_seat(group_ref: str, user_ref: str) -> Seat:
    """The seat of somebody who is in the group now. Raises ``BadUse`` where they are not."""
    seat = Seat.objects.filter(group_ref=group_ref, user_ref=user_ref, is_present=True).first()
    if seat is None:
        raise BadUse(mark("%(name)s不在这个群里"), name=user_ref)
    return seat


def list_seats(group_ref: str) -> list[Seat]:
    """Who is in a sandbox group now, administrators first."""
    return list(Seat.objects.filter(group_ref=group_ref, is_present=True).order_by("role", "id"))


def _user(seat: Seat) -> User:
    return User(seat.user_ref, seat.name, seat.card, seat.role)

"""Our effects carried out on the sandbox platform, with the refusals a real one has."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qunying.carriers.base import Answer, Delivery, Outcome
from qunying.carriers.sandbox.models import Outage, Seat
from qunying.carriers.sandbox.room import ACCOUNT_NAME, ACCOUNT_REF, User, do_leave, do_publish
from qunying.kernel.effects import (
    Announce,
    Ban,
    DeleteMessage,
    Invite,
    Mute,
    Outside,
    Pin,
    RemoveMember,
    Say,
    SetCard,
    Unban,
    Unmute,
    Whisper,
)
from qunying.kernel.texts import mark

DOES = frozenset(
    kind.__name__
    for kind in (Say, Announce, Whisper, DeleteMessage, Mute, Unmute, RemoveMember, Ban, Unban, SetCard, Pin, Invite)
)
ACCOUNT = User(ACCOUNT_REF, ACCOUNT_NAME, role="admin")
PROTECTED_ROLES = {"owner", "admin"}


@transaction.atomic
def send(delivery: Delivery, now: datetime) -> Answer:
    """Carries out one effect at once. The platform's own events of it (a kick, our words) come back through the feed."""
    outage = Outage.objects.filter(until__gt=now).first()
    if outage is not None:
        return Answer(Outcome.LATER, words=mark("连不上"), retry_at=outage.until)
    effect = delivery.effect
    match effect:
        case Say() | Announce():
            return _say(delivery, effect.text, now)
        case Whisper():
            return Answer(Outcome.DONE, ref=f"w-{delivery.key}")
        case DeleteMessage():
            do_publish(delivery.group_ref, now, {"type": "recall", "of": effect.message_key, "by": ACCOUNT_REF})
            return Answer(Outcome.DONE)
        case Pin() | Invite() | Unban():
            return Answer(Outcome.DONE)
        case _:
            return _on_member(delivery, effect, now)


def _say(delivery: Delivery, text: str, now: datetime) -> Answer:
    words = {"type": "message", "from": ACCOUNT.words(), "kind": "text", "text": text, "is_own": True}
    if isinstance(delivery.effect, Say) and delivery.effect.reply_to:
        words["reply_to"] = delivery.effect.reply_to
    return Answer(Outcome.DONE, ref=do_publish(delivery.group_ref, now, words))


def _on_member(delivery: Delivery, effect: Outside, now: datetime) -> Answer:
    seat = Seat.objects.filter(group_ref=delivery.group_ref, user_ref=delivery.member_ref, is_present=True).first()
    if seat is None and isinstance(effect, RemoveMember):
        return Answer(Outcome.DONE, words=mark("已经不在群里"))
    if seat is None:
        return Answer(Outcome.REFUSED, words=mark("这个人不在群里"))
    if seat.role in PROTECTED_ROLES:
        return Answer(Outcome.REFUSED, words=mark("没有权限：对方是群主或管理员"))
    match effect:
        case Mute(duration=duration):
            Seat.objects.filter(pk=seat.pk).update(muted_until=now + duration)
        case Unmute():
            Seat.objects.filter(pk=seat.pk).update(muted_until=None)
        case SetCard(card=card):
            Seat.objects.filter(pk=seat.pk).update(card=card)
            user = User(seat.user_ref, seat.name, card, seat.role)
            do_publish(delivery.group_ref, now, {"type": "card", "user": user.words()})
        case RemoveMember() | Ban():
            do_leave(delivery.group_ref, seat.user_ref, now, operator=ACCOUNT_REF)
            Seat.objects.filter(pk=seat.pk).update(is_banned=isinstance(effect, Ban))
        case _:
            return Answer(Outcome.REFUSED, words=mark("这个平台做不到"))
    return Answer(Outcome.DONE)

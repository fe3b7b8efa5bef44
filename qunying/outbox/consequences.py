"""What a member feels though no chat sees it: no carrier sends it, our own book of money does it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qunying.carriers.base import Answer, Outcome
from qunying.kernel.effects import EFFECTS, Consequence, Forfeit, Outside, Refund
from qunying.kernel.errors import BadUse, keepable
from qunying.ledger.actions import Act, do_forfeit, do_refund
from qunying.outbox.models import OutboxItem

CONSEQUENCES = tuple(name for name, kind in EFFECTS.items() if issubclass(kind, Consequence))


def do_carry_out(item: OutboxItem, effect: Outside, now: datetime) -> Answer:
    """Books it under the item's key, so that the same item again changes nothing; answers as a platform would.

    Within the caller's transaction, in which the item becomes what the answer says: the book and the outbox never differ.
    """
    try:
        with transaction.atomic():
            _do_book(item, effect, now)
    except BadUse as error:
        return Answer(Outcome.REFUSED, words=keepable(error))
    except Exception as error:  # noqa: BLE001 - one that fails must not stop everybody's deliveries; it is tried again
        return Answer(Outcome.UNKNOWN, words=f"{error!r:.200}")
    return Answer(Outcome.DONE)


def _do_book(item: OutboxItem, effect: Outside, now: datetime) -> None:
    match effect:
        case Forfeit():
            do_forfeit(_act(item, effect.member, now))
        case Refund():
            do_refund(_act(item, effect.member, now), of=effect.of)
        case _:
            raise AssertionError(effect)


def _act(item: OutboxItem, member: int, now: datetime) -> Act:
    actor = f"user:{item.approved_by_id}" if item.approved_by_id else "system"
    return Act(key=item.key, community_id=item.community_id, identity_id=member, at=now, actor=actor)

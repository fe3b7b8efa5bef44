"""What people do about steps that were taken: lift them, with all that followed from them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qunying.capabilities.order.knowing import NAME
from qunying.capabilities.order.models import StepTaken
from qunying.journal.actions import do_record_facts
from qunying.kernel.effects import EffectState
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_hold, do_reject, do_undo
from qunying.outbox.queries import Item, find_opposite, list_caused


def do_lift_step(step_id: int, *, user_id: int, at: datetime) -> int:
    """Takes a step back: it counts no more, what has not gone out does not, what can be undone is; answers how many acts that were.

    A message that was taken down stays down: no platform puts one back. Raises ``BadUse`` where it was lifted before.
    """
    with transaction.atomic():
        step = StepTaken.objects.select_for_update().filter(pk=step_id).first()
        if step is None or step.lifted_at is not None:
            raise BadUse(mark("这一步已经撤销过了"))
        StepTaken.objects.filter(pk=step_id).update(lifted_at=at, lifted_by=user_id)
        acts = list_caused(step.cause_key, NAME, step.identity_id)
        done = sum(_do_take_back(item, user_id, at) for item in acts)
        do_record_facts([_lifted(step, user_id, at)])
    return done


def _do_take_back(item: Item, user_id: int, at: datetime) -> bool:
    match item.state:
        case EffectState.WAITING:
            do_hold(item.pk, user_id=user_id, at=at)
        case EffectState.NEEDS_APPROVAL:
            do_reject(item.pk, user_id=user_id, at=at, alone=True)
        case EffectState.SENT if find_opposite(item) is not None:
            do_undo(item.pk, user_id=user_id, at=at)
        case _:
            return False
    return True


def _lifted(step: StepTaken, user_id: int, at: datetime) -> Fact:
    return Fact(
        name="step.lifted",
        at=at,
        community_id=step.community_id,
        group_id=step.group_id,
        identity_id=step.identity_id,
        actor=f"user:{user_id}",
        key=f"step.lifted:{step.pk}",
        words={"rule": step.rule, "step": step.step, "cause": step.cause_key},
    )

"""The way back from a decision: nothing that was decided here is final as long as it can be undone in the chat."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from qunying.desk.reviewing import TakenCase, do_lock_decided, do_mark_undone, do_open_again
from qunying.kernel.effects import EffectState
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_ask_again, do_hold, do_say_instead, do_undo
from qunying.outbox.queries import (
    Item,
    find_item_by_key,
    find_opposite,
    get_cause,
    list_by_id,
    list_let_go_in,
    list_turned_down_in,
)
from qunying.pipeline.roster import find_capability
from qunying.talk.corrections import do_unteach


@transaction.atomic
def do_take_back(case_id: int, *, user_id: int, at: datetime) -> None:
    """Takes a decision of somebody back, by the same person only.

    What was let go is held, or undone where it was sent, and counts no more; what was let pass or softened waits again, and
    what was taught is taken back. Raises ``BadUse`` where nothing of it can be taken back any more.
    """
    case = do_lock_decided(case_id, user_id=user_id)
    match case.state:
        case "dismissed":
            do_ask_again(list_turned_down_in(case.key, case.closed_at))
            _do_unteach(case, user_id, at)
            do_open_again(case, user_id=user_id, at=at)
        case "softened":
            _do_stop([*list_let_go_in(case.key), *_ordered_in(case)], user_id, at)
            _do_ask_softened_again(case)
            do_open_again(case, user_id=user_id, at=at)
        case "approved":
            let_go = list_let_go_in(case.key)
            _do_stop(let_go, user_id, at)
            _do_lift(case, {one.member_id for one in let_go if one.member_id is not None}, user_id, at)
            do_mark_undone(case, user_id=user_id, at=at)
        case "upheld" | "lifted":
            raise BadUse(mark("答复已经告诉本人了，收不回来；要改，直接跟本人说"))
        case _:
            raise BadUse(mark("这一件没法撤销"))


def _do_ask_softened_again(case: TakenCase) -> None:
    """What was turned down, and what was held just now, with the words it had."""
    said = {int(pk): text for pk, text in case.outcome.get("said", {}).items()}
    items = list_by_id([*case.outcome.get("down", []), *case.outcome.get("goes", [])])
    again = [one for one in items if one.state == EffectState.CANCELLED]
    for item in again:
        if item.pk in said:
            do_say_instead([item], said[item.pk])
    do_ask_again(again)


def _do_unteach(case: TakenCase, user_id: int, at: datetime) -> None:
    for correction in case.outcome.get("taught", []):
        do_unteach(correction, community_id=case.community_id, user_id=user_id, at=at)


def _ordered_in(case: TakenCase) -> list[Item]:
    ordered = [find_item_by_key(key) for key in case.outcome.get("ordered", [])]
    return [one for one in ordered if one is not None]


def _do_stop(items: Sequence[Item], user_id: int, at: datetime) -> None:
    """Holds what waits and undoes what was sent; nobody is told that something was taken back when nothing was."""
    stopped = [_do_stop_one(item, user_id, at) for item in items]
    if stopped and not any(stopped):
        raise BadUse(mark("已经做完了，没有能收回来的"))


def _do_stop_one(item: Item, user_id: int, at: datetime) -> bool:
    match item.state:
        case EffectState.WAITING:
            do_hold(item.pk, user_id=user_id, at=at)
        case EffectState.SENT if find_opposite(item) is not None:
            do_undo(item.pk, user_id=user_id, at=at)
        case _:
            return False
    return True


def _do_lift(case: TakenCase, members: Collection[int], user_id: int, at: datetime) -> None:
    """A step that is taken back is none: the ladder stands as before."""
    capability = find_capability(case.capability)
    if capability is None or capability.sanctions is None:
        return
    cause = get_cause(case.key)
    for step in capability.sanctions.list_steps(case.community_id, members):
        if step.cause_key == cause and step.lifted_at is None:
            capability.sanctions.do_lift(step.id, user_id=user_id, at=at)

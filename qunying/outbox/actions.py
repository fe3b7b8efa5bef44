"""Effects out: queued with the decision, let go or held by people, taken back. Delivering is ``delivery.py``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from qunying.communities.queries import infos_of_groups
from qunying.desk.actions import do_close_case, do_open_case
from qunying.journal.actions import do_record_facts
from qunying.kernel.effects import (
    Ban,
    EffectState,
    OpenCase,
    Outside,
    RemoveMember,
    Say,
    from_payload,
    member_of,
    to_payload,
    undoing,
)
from qunying.kernel.errors import BadUse
from qunying.kernel.events import Event
from qunying.kernel.facts import Fact
from qunying.kernel.opinions import Act, Reason
from qunying.outbox.models import OutboxItem
from qunying.store import rows

_COLUMNS = [
    "key",
    "community_id",
    "group_id",
    "carrier",
    "kind",
    "member_id",
    "payload",
    "is_urgent",
    "is_reply",
    "state",
    "capability",
    "reason_code",
    "reason_params",
    "cause_key",
    "queued_at",
    "next_attempt_at",
    "expires_at",
    "attempts",
    "result_ref",
    "error",
]
UNSENT = (EffectState.WAITING, EffectState.NEEDS_APPROVAL)


def do_enqueue(decided: Sequence[tuple[Event, Sequence[Act]]]) -> None:
    """Queues the outside effects of decisions, in order. A removal cancels what still waits and names that member."""
    queued: dict[str, tuple[Event, Act]] = {}
    for event, acts in decided:
        for act in acts:
            if isinstance(act.effect, Outside):
                if act.state is EffectState.WAITING and isinstance(act.effect, RemoveMember | Ban):
                    _do_cancel_about(act.effect, queued)
                queued[act.key] = (event, act)
    if not queued:
        return
    groups = infos_of_groups(event.group_id for event, _ in queued.values() if event.group_id is not None)
    carriers = {group_id: group.carrier for group_id, group in groups.items()}
    rows.insert(OutboxItem, _COLUMNS, [_row(event, act, carriers) for event, act in queued.values()], ignore=True)
    for event, act in queued.values():
        if act.state is EffectState.NEEDS_APPROVAL:
            _do_ask(event, act)


def _do_cancel_about(removal: RemoveMember | Ban, queued: dict[str, tuple[Event, Act]]) -> None:
    for key, (_, act) in list(queued.items()):
        if isinstance(act.effect, Outside) and _names(act.effect, removal):
            del queued[key]
    OutboxItem.objects.filter(group_id=removal.group_id, member_id=removal.member, state__in=UNSENT).update(
        state=EffectState.CANCELLED, next_attempt_at=None
    )


def _names(effect: Outside, removal: RemoveMember | Ban) -> bool:
    return effect.group_id == removal.group_id and member_of(effect) == removal.member


def _row(event: Event, act: Act, carriers: dict[int, str]) -> tuple[object, ...]:
    effect = act.effect
    assert isinstance(effect, Outside)
    starts = max(event.at, effect.not_before) if effect.not_before else event.at
    is_waiting = act.state is EffectState.WAITING
    return (
        act.key[:255],
        event.community_id,
        effect.group_id,
        carriers.get(effect.group_id or 0, "sandbox"),
        type(effect).__name__,
        member_of(effect),
        to_payload(effect),
        effect.is_urgent,
        isinstance(effect, Say) and bool(effect.reply_to),
        act.state.value,
        act.capability,
        act.reason.code,
        dict(act.reason.params),
        event.key,
        event.at,
        starts if is_waiting else None,
        starts + effect.expires_after,
        0,
        "",
        "",
    )


def _do_ask(event: Event, act: Act) -> None:
    effect = act.effect
    assert isinstance(effect, Outside)
    case = OpenCase(key=approval_key(act.key), kind="approval", group_id=effect.group_id, member=member_of(effect))
    do_open_case(case, community_id=event.community_id, at=event.at)


def approval_key(effect_key: str) -> str:
    """The case in which a person decides about one effect."""
    return f"approve:{effect_key}"


def do_order(effect: Outside, *, community_id: int, user_id: int, key: str, at: datetime, carrier: str) -> None:
    """Queues an effect that a person ordered by hand; the same key again does nothing."""
    act = Act(effect, "console", Reason("console.by_hand"), key)
    event = Event(key=key, at=at, lane_id=0, community_id=community_id, group_id=effect.group_id)
    with transaction.atomic():
        rows.insert(OutboxItem, _COLUMNS, [_row(event, act, {effect.group_id or 0: carrier})], ignore=True)
        OutboxItem.objects.filter(key=key).update(approved_by=user_id)


def do_approve(item_id: int, *, user_id: int, at: datetime) -> OutboxItem:
    """Lets an effect go that waited for a person. Raises ``BadUse`` where it no longer waits."""
    with transaction.atomic():
        item = _locked(item_id)
        if item.state != EffectState.NEEDS_APPROVAL:
            raise BadUse("这一条已经处理过了")
        effect = _effect(item)
        starts = max(at, effect.not_before) if effect.not_before else at
        item.state, item.next_attempt_at, item.approved_by_id = EffectState.WAITING, starts, user_id
        item.expires_at = starts + effect.expires_after
        item.save(update_fields=["state", "next_attempt_at", "approved_by", "expires_at"])
        do_close_case(approval_key(item.key), is_approved=True, user_id=user_id, at=at)
        do_note(item, "effect.approved", at, actor=f"user:{user_id}")
    return item


def do_reject(item_id: int, *, user_id: int, at: datetime) -> OutboxItem:
    """Turns a proposed effect down. Raises ``BadUse`` where it no longer waits for a person."""
    with transaction.atomic():
        item = _locked(item_id)
        if item.state != EffectState.NEEDS_APPROVAL:
            raise BadUse("这一条已经处理过了")
        _do_end(item, EffectState.CANCELLED, at)
        do_close_case(approval_key(item.key), is_approved=False, user_id=user_id, at=at)
        do_note(item, "effect.rejected", at, actor=f"user:{user_id}")
    return item


def do_hold(item_id: int, *, user_id: int, at: datetime) -> OutboxItem:
    """Stops an effect that has not gone out. Raises ``BadUse`` where it has."""
    with transaction.atomic():
        item = _locked(item_id)
        if item.state != EffectState.WAITING:
            raise BadUse("已经发出去了，拦不住；可以撤销")
        _do_end(item, EffectState.CANCELLED, at)
        do_note(item, "effect.held", at, actor=f"user:{user_id}")
    return item


def do_undo(item_id: int, *, user_id: int, at: datetime) -> OutboxItem:
    """Takes a sent effect back by queueing its opposite. Raises ``BadUse`` where nothing can take it back."""
    with transaction.atomic():
        item = _locked(item_id)
        opposite = undoing(_effect(item), result_ref=item.result_ref) if item.state == EffectState.SENT else None
        if opposite is None:
            raise BadUse("这一件没法撤销")
        key = f"undo:{item.key}"[:255]
        do_order(opposite, community_id=item.community_id, user_id=user_id, key=key, at=at, carrier=item.carrier)
        OutboxItem.objects.filter(key=key).update(undoes=item)
        item.state = EffectState.UNDONE
        item.save(update_fields=["state"])
        do_note(item, "effect.undone", at, actor=f"user:{user_id}")
    return item


def do_cancel(keys: Iterable[str], at: datetime) -> None:
    """Cancels effects that a capability no longer wants, where they have not gone out."""
    OutboxItem.objects.filter(key__in=list(keys), state__in=UNSENT).update(
        state=EffectState.CANCELLED, next_attempt_at=None, finished_at=at
    )


def do_note(
    item: OutboxItem, name: str, at: datetime, *, actor: str = "system", words: dict[str, object] | None = None
) -> None:
    """Records what became of an effect."""
    fact = Fact(
        name=name,
        at=at,
        community_id=item.community_id,
        group_id=item.group_id,
        identity_id=item.member_id,
        actor=actor,
        key=f"{name}:{item.pk}:{item.attempts}",
        words={"effect": item.pk, "key": item.key, "kind": item.kind, "capability": item.capability, **(words or {})},
    )
    do_record_facts([fact])


def _locked(item_id: int) -> OutboxItem:
    item = OutboxItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise BadUse("没有这一条")
    return item


def _effect(item: OutboxItem) -> Outside:
    effect = from_payload(item.kind, item.payload)
    assert isinstance(effect, Outside)
    return effect


def _do_end(item: OutboxItem, state: EffectState, at: datetime) -> None:
    item.state, item.next_attempt_at, item.finished_at = state, None, at
    item.save(update_fields=["state", "next_attempt_at", "finished_at"])

"""Effects out: queued with the decision, let go or held by people, taken back. Delivering is ``delivery.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import TypeAlias

from django.db import transaction
from django.db.models import Q

from qunying.communities.queries import infos_of_groups
from qunying.desk.actions import Opening, do_close_case, do_drop_cases, do_open_cases
from qunying.journal.actions import do_record_facts
from qunying.journal.queries import has_fact
from qunying.kernel.effects import (
    Ban,
    DeleteMessage,
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
from qunying.kernel.keys import fitted
from qunying.kernel.opinions import Act, Reason
from qunying.kernel.texts import mark
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
    "finished_at",
    "attempts",
    "result_ref",
    "error",
]
UNSENT = (EffectState.WAITING, EffectState.NEEDS_APPROVAL)
_Removal: TypeAlias = tuple[datetime, RemoveMember | Ban]


@dataclass(slots=True)
class _Queued:
    """An act on its way into the table, with the state it will have there and since when."""

    event: Event
    act: Act
    state: EffectState
    ended_at: datetime | None = None


def do_enqueue(decided: Sequence[tuple[Event, Sequence[Act]]]) -> None:
    """Queues the outside effects of decisions, in order. A removal cancels what still waits and names that member."""
    queued: dict[str, _Queued] = {}
    removals: list[_Removal] = []
    for event, acts in decided:
        for act in acts:
            if isinstance(act.effect, RemoveMember | Ban) and act.state is EffectState.WAITING:
                removals.append((event.at, act.effect))
                _cancel_queued(queued, act.effect, event.at)
            if isinstance(act.effect, Outside):
                queued.setdefault(fitted(act.key, 255), _Queued(event, act, act.state))
    if not queued:
        return
    _do_cancel_older(removals)
    groups = infos_of_groups(one.event.group_id for one in queued.values() if one.event.group_id is not None)
    carriers = {group_id: group.carrier for group_id, group in groups.items()}
    rows.insert(OutboxItem, _COLUMNS, [_row(key, one, carriers) for key, one in queued.items()], ignore=True)
    asked = {key: one for key, one in queued.items() if one.act.state is EffectState.NEEDS_APPROVAL}
    if asked:
        do_open_cases([_asking(key, one) for key, one in asked.items()])
        do_drop_cases({approval_key(key): one.ended_at for key, one in asked.items() if one.ended_at})


def _cancel_queued(queued: dict[str, _Queued], removal: RemoveMember | Ban, at: datetime) -> None:
    for one in queued.values():
        effect = one.act.effect
        is_about = isinstance(effect, Outside) and effect.group_id == removal.group_id
        is_about = is_about and not isinstance(effect, DeleteMessage)
        if is_about and member_of(effect) == removal.member and one.state in UNSENT:
            one.state, one.ended_at = EffectState.CANCELLED, at


def _do_cancel_older(removals: Sequence[_Removal], itself: int = 0) -> None:
    """Cancels what was queued earlier, except for deletions: what somebody said does not go with them."""
    if not removals:
        return
    at: dict[tuple[int | None, int | None], datetime] = {
        (removal.group_id, removal.member): moment for moment, removal in reversed(removals)
    }
    about = reduce(or_, (Q(group_id=group_id, member_id=member) for group_id, member in at))
    older = OutboxItem.objects.filter(about, state__in=UNSENT).exclude(kind=DeleteMessage.__name__).exclude(pk=itself)
    unsent = list(older.values_list("pk", "key", "group_id", "member_id"))
    ended = [(EffectState.CANCELLED.value, None, at[(group, member)], pk) for pk, _, group, member in unsent]
    rows.update(OutboxItem, ["state", "next_attempt_at", "finished_at"], ["id"], ended)
    do_drop_cases({approval_key(key): at[(group, member)] for _, key, group, member in unsent})


def _row(key: str, queued: _Queued, carriers: Mapping[int, str]) -> tuple[object, ...]:
    event, act, effect = queued.event, queued.act, queued.act.effect
    assert isinstance(effect, Outside)
    starts = max(event.at, effect.not_before) if effect.not_before else event.at
    return (
        key,
        event.community_id,
        effect.group_id,
        carriers.get(effect.group_id or 0, "sandbox"),
        type(effect).__name__,
        member_of(effect),
        to_payload(effect),
        effect.is_urgent,
        isinstance(effect, Say) and bool(effect.reply_to),
        queued.state.value,
        act.capability,
        act.reason.code,
        dict(act.reason.params),
        event.key,
        event.at,
        starts if queued.state is EffectState.WAITING else None,
        starts + effect.expires_after,
        queued.ended_at,
        0,
        "",
        "",
    )


def _asking(key: str, queued: _Queued) -> Opening[OpenCase]:
    effect = queued.act.effect
    assert isinstance(effect, Outside)
    case = OpenCase(key=approval_key(key), kind="approval", group_id=effect.group_id, member=member_of(effect))
    return Opening(case, queued.event.community_id, queued.event.at)


def approval_key(effect_key: str) -> str:
    """The case in which a person decides about one effect."""
    return fitted(f"approve:{effect_key}", 255)


def do_order(effect: Outside, *, community_id: int, user_id: int, key: str, at: datetime, carrier: str) -> None:
    """Queues an effect that a person ordered by hand; the same key again does nothing."""
    act = Act(effect, "console", Reason("console.by_hand"), key)
    event = Event(key=key, at=at, lane_id=0, community_id=community_id, group_id=effect.group_id)
    with transaction.atomic():
        row = _row(key, _Queued(event, act, act.state), {effect.group_id or 0: carrier})
        if isinstance(effect, RemoveMember | Ban) and not OutboxItem.objects.filter(key=key).exists():
            _do_cancel_older([(at, effect)])
        rows.insert(OutboxItem, _COLUMNS, [row], ignore=True)
        OutboxItem.objects.filter(key=key).update(approved_by=user_id)


def do_approve(item_id: int, *, user_id: int, at: datetime) -> OutboxItem:
    """Lets an effect go that waited for a person. Raises ``BadUse`` where it no longer waits."""
    with transaction.atomic():
        item = _locked(item_id)
        if item.state != EffectState.NEEDS_APPROVAL:
            raise BadUse(mark("这一条已经处理过了"))
        effect = _effect(item)
        starts = max(at, effect.not_before) if effect.not_before else at
        if isinstance(effect, RemoveMember | Ban):
            _do_cancel_older([(at, effect)], itself=item.pk)
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
            raise BadUse(mark("这一条已经处理过了"))
        _do_end(item, EffectState.CANCELLED, at)
        do_close_case(approval_key(item.key), is_approved=False, user_id=user_id, at=at)
        do_note(item, "effect.rejected", at, actor=f"user:{user_id}")
    return item


def do_hold(item_id: int, *, user_id: int, at: datetime) -> OutboxItem:
    """Stops an effect that has not gone out. Raises ``BadUse`` where it has."""
    with transaction.atomic():
        item = _locked(item_id)
        if item.state != EffectState.WAITING:
            raise BadUse(mark("已经发出去了，拦不住；可以撤销"))
        _do_end(item, EffectState.CANCELLED, at)
        do_note(item, "effect.held", at, actor=f"user:{user_id}")
    return item


def do_undo(item_id: int, *, user_id: int, at: datetime) -> OutboxItem:
    """Takes a sent effect back by queueing its opposite. Raises ``BadUse`` where nothing can take it back."""
    with transaction.atomic():
        item = _locked(item_id)
        opposite = undoing(_effect(item), result_ref=item.result_ref) if item.state == EffectState.SENT else None
        if opposite is None:
            raise BadUse(mark("这一件没法撤销"))
        key = fitted(f"undo:{item.key}", 255)
        do_order(opposite, community_id=item.community_id, user_id=user_id, key=key, at=at, carrier=item.carrier)
        OutboxItem.objects.filter(key=key).update(undoes=item)
        item.state = EffectState.UNDONE
        item.save(update_fields=["state"])
        do_note(item, "effect.undone", at, actor=f"user:{user_id}")
    return item


def do_cancel(keys: Iterable[str], at: datetime) -> None:
    """Cancels effects that a capability no longer wants, where they have not gone out."""
    keys = list(keys)
    OutboxItem.objects.filter(key__in=keys, state__in=UNSENT).update(
        state=EffectState.CANCELLED, next_attempt_at=None, finished_at=at
    )
    do_drop_cases({approval_key(key): at for key in keys})


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
        key=_note_key(name, item, at),
        words={"effect": item.pk, "key": item.key, "kind": item.kind, "capability": item.capability, **(words or {})},
    )
    do_record_facts([fact])


def _note_key(name: str, item: OutboxItem, at: datetime) -> str:
    """A person may hold and let go the same effect again and again: the moment is part of it."""
    return f"{name}:{item.pk}:{item.attempts}:{at.astimezone(UTC).isoformat()}"


def _locked(item_id: int) -> OutboxItem:
    item = OutboxItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise BadUse(mark("没有这一条"))
    return item


def _effect(item: OutboxItem) -> Outside:
    effect = from_payload(item.kind, item.payload)
    assert isinstance(effect, Outside)
    return effect


def _do_end(item: OutboxItem, state: EffectState, at: datetime) -> None:
    item.state, item.next_attempt_at, item.finished_at = state, None, at
    item.save(update_fields=["state", "next_attempt_at", "finished_at"])


def do_forget_effects(community_ids: Sequence[int], at_most: int) -> int:
    """Removes up to so many effects that communities which are being removed ever queued; answers how many."""
    items = list(OutboxItem.objects.filter(community_id__in=community_ids).values_list("pk", flat=True)[:at_most])
    OutboxItem.objects.filter(pk__in=items).delete()
    return len(items)


def do_unhold(item_id: int, *, user_id: int, at: datetime) -> OutboxItem:
    """Lets an effect go that a person had held. Raises ``BadUse`` where nobody held it or its hour is over."""
    with transaction.atomic():
        item = _locked(item_id)
        ended_at = item.finished_at or at
        if item.state != EffectState.CANCELLED or not has_fact(_note_key("effect.held", item, ended_at)):
            raise BadUse(mark("这一条没有被拦下，不用再放行"))
        if item.expires_at <= at:
            raise BadUse(mark("过了时候，现在发反而打扰"))
        effect = _effect(item)
        starts = max(at, effect.not_before) if effect.not_before else at
        item.state, item.next_attempt_at, item.finished_at = EffectState.WAITING, starts, None
        item.save(update_fields=["state", "next_attempt_at", "finished_at"])
        do_note(item, "effect.approved", at, actor=f"user:{user_id}", words={"after": "held"})
    return item


def do_clear_up(item_id: int, *, is_sent: bool, user_id: int, at: datetime) -> OutboxItem:
    """A person looked: what nobody knew about did happen, or did not. Raises ``BadUse`` where it is no longer in doubt."""
    with transaction.atomic():
        item = _locked(item_id)
        if item.state != EffectState.UNKNOWN:
            raise BadUse(mark("这一条已经有结果了"))
        _do_end(item, EffectState.SENT if is_sent else EffectState.FAILED, at)
        name = "effect.sent" if is_sent else "effect.failed"
        do_note(item, name, at, actor=f"user:{user_id}", words={"why": "looked"})
    return item

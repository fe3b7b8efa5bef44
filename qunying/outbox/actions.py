"""Effects out: queued with the decision, let go or held by people, taken back. Delivering is ``delivery.py``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import TypeAlias

from django.db import transaction
from django.db.models import Q, QuerySet

from qunying.communities.queries import infos_of_groups
from qunying.desk.actions import Opening, do_close_case, do_drop_cases, do_open_cases
from qunying.desk.reviewing import TakenCase, do_hold_case
from qunying.journal.actions import do_record_facts
from qunying.journal.queries import has_fact
from qunying.kernel.effects import (
    Ban,
    DeleteMessage,
    Effect,
    EffectState,
    Forfeit,
    OpenCase,
    Outside,
    RemoveMember,
    Say,
    Whisper,
    from_payload,
    member_of,
    to_payload,
    undoing,
)
from qunying.kernel.errors import BadUse
from qunying.kernel.events import Event, MessageEdited, MessageReceived
from qunying.kernel.facts import Fact
from qunying.kernel.keys import fitted
from qunying.kernel.opinions import Act, Reason
from qunying.kernel.texts import mark
from qunying.outbox.brake import STOPPED, Brake, get_brake
from qunying.outbox.consequences import CONSEQUENCES
from qunying.outbox.models import OutboxItem
from qunying.outbox.queries import CASE, list_items_in_case
from qunying.outbox.second import weigh
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
STAYS = (DeleteMessage.__name__, *CONSEQUENCES)  # whether or not the member does
UNSENT = (EffectState.WAITING, EffectState.NEEDS_APPROVAL)
_Removal: TypeAlias = tuple[datetime, RemoveMember | Ban]


@dataclass(slots=True)
class _Queued:
    """An act on its way into the table, with the state it will have there and since when."""

    event: Event
    act: Act
    state: EffectState
    ended_at: datetime | None = None
    why_asked: str = ""


def do_enqueue(decided: Sequence[tuple[Event, Sequence[Act]]]) -> None:
    """Queues the outside effects of decisions, in order. A removal cancels what still waits and names that member.

    Where too many would be removed from a group in a short time, the next removals wait for a person (``outbox/brake.py``).
    """
    queued: dict[str, _Queued] = {}
    removals: list[_Removal] = []
    brake = _brake_for(decided)
    for event, act in [(event, act) for event, acts in decided for act in acts if isinstance(act.effect, Outside)]:
        one = _Queued(event, act, act.state)
        if isinstance(act.effect, RemoveMember | Ban) and act.state is EffectState.WAITING:
            if brake.stops(act.effect.group_id, event.at):
                for waits in (one, *_farewells(queued, event, act.effect)):
                    waits.state, waits.why_asked = EffectState.NEEDS_APPROVAL, STOPPED
            else:
                removals.append((event.at, act.effect))
                _cancel_queued(queued, event, act.effect)
        queued.setdefault(fitted(act.key, 255), one)
    if not queued:
        return
    asked = [one for one in queued.values() if EffectState.NEEDS_APPROVAL in (one.act.state, one.state)]
    _do_cancel_older(removals)
    groups = infos_of_groups(one.event.group_id for one in queued.values() if one.event.group_id is not None)
    carriers = {group_id: group.carrier for group_id, group in groups.items()}
    rows.insert(OutboxItem, _COLUMNS, [_row(key, one, carriers) for key, one in queued.items()], ignore=True)
    _do_ask(asked)


def _brake_for(decided: Sequence[tuple[Event, Sequence[Act]]]) -> Brake:
    """The brake of the groups from which these decisions remove somebody."""
    removing = [
        (event.at, act.effect.group_id)
        for event, acts in decided
        for act in acts
        if isinstance(act.effect, RemoveMember | Ban) and act.state is EffectState.WAITING
    ]
    if not removing:
        return Brake({})
    return get_brake({group for _, group in removing if group is not None}, min(at for at, _ in removing))


def _do_ask(asked: Sequence[_Queued]) -> None:
    """Opens a case for all that one capability proposes about one event; one of which nothing waits any more is closed."""
    cases: dict[str, list[_Queued]] = defaultdict(list)
    for one in asked:
        cases[approval_key(one.event.key, one.act.capability)].append(one)
    do_open_cases([_asking(key, together) for key, together in cases.items()])
    ended = {key: [one.ended_at for one in together if one.ended_at] for key, together in cases.items()}
    do_drop_cases({key: max(ends) for key, ends in ended.items() if len(ends) == len(cases[key])})


def _farewells(queued: Mapping[str, _Queued], event: Event, removal: RemoveMember | Ban) -> list[_Queued]:
    """What is to be said to somebody before this very removal: it goes with it, or waits with it."""
    said = (one for one in queued.values() if one.event is event and isinstance(one.act.effect, Whisper))
    return [one for one in said if _is_farewell(one.act.effect) and member_of(one.act.effect) == removal.member]


def _is_farewell(effect: Effect) -> bool:
    return isinstance(effect, Whisper) and effect.is_farewell


def _cancel_queued(queued: dict[str, _Queued], event: Event, removal: RemoveMember | Ban) -> None:
    stays = _farewells(queued, event, removal)
    for one in queued.values():
        effect = one.act.effect
        is_about = isinstance(effect, Outside) and effect.group_id == removal.group_id
        is_about = is_about and type(effect).__name__ not in STAYS
        if is_about and member_of(effect) == removal.member and one.state in UNSENT and one not in stays:
            one.state, one.ended_at = EffectState.CANCELLED, event.at


def _do_cancel_older(removals: Sequence[_Removal], themselves: Collection[int] = ()) -> None:
    """Cancels what was queued earlier, except for what does not go with them: what they said, and their money.

    ``themselves`` are the removals, and what was decided together with them.
    """
    if not removals:
        return
    at: dict[tuple[int | None, int | None], datetime] = {
        (removal.group_id, removal.member): moment for moment, removal in reversed(removals)
    }
    about = reduce(or_, (Q(group_id=group_id, member_id=member) for group_id, member in at))
    older = OutboxItem.objects.filter(about, state__in=UNSENT).exclude(kind__in=STAYS).exclude(pk__in=themselves)
    unsent = list(older.values_list("pk", "cause_key", "capability", "group_id", "member_id"))
    ended = [(EffectState.CANCELLED.value, None, at[(group, member)], pk) for pk, _, _, group, member in unsent]
    rows.update(OutboxItem, ["state", "next_attempt_at", "finished_at"], ["id"], ended)
    _do_drop_empty_cases({(cause, capability): at[(group, member)] for _, cause, capability, group, member in unsent})


def _do_drop_empty_cases(at: Mapping[tuple[str, str], datetime]) -> None:
    """Closes those of these cases, by (cause, capability), in which nothing waits for a person any more."""
    if not at:
        return
    asked = OutboxItem.objects.filter(cause_key__in={cause for cause, _ in at}, state=EffectState.NEEDS_APPROVAL)
    waiting = set(asked.values_list("cause_key", "capability"))
    do_drop_cases({approval_key(*of): moment for of, moment in at.items() if of not in waiting})


def _waiting_in(case_key: str) -> QuerySet[OutboxItem]:
    """What waits for a person in the case of that key."""
    return list_items_in_case(case_key).filter(state=EffectState.NEEDS_APPROVAL)


def do_lock_asked(case_key: str) -> list[OutboxItem]:
    """Locks what waits for a person in the case of that key, in order; within the caller's transaction."""
    return list(_waiting_in(case_key).select_for_update().order_by("id"))


def _row(key: str, queued: _Queued, carriers: Mapping[int, str]) -> tuple[object, ...]:
    event, act, effect = queued.event, queued.act, queued.act.effect
    assert isinstance(effect, Outside)
    starts = max(event.at, effect.not_before) if effect.not_before else event.at
    return (
        key,
        event.community_id,
        effect.group_id,
        carriers.get(effect.group_id or event.group_id or 0) or event.carrier or "sandbox",
        type(effect).__name__,
        member_of(effect),
        to_payload(effect),
        effect.is_urgent or _is_farewell(effect),
        isinstance(effect, Say) and bool(effect.reply_to) and not effect.is_warning,
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
        queued.why_asked,
    )


def _asking(key: str, together: Sequence[_Queued]) -> Opening[OpenCase]:
    """Only what is against somebody has a score: how sure the capability is that they broke a rule."""
    event, act = together[0].event, together[0].act
    assert isinstance(act.effect, Outside)
    case = OpenCase(
        key=key,
        kind="approval",
        group_id=act.effect.group_id,
        member=member_of(act.effect),
        message_key=event.source_key if isinstance(event, MessageReceived | MessageEdited) else "",
        score=act.confidence if any(_is_against(one.act.effect) for one in together) else None,
        capability=act.capability,
        reason=act.reason.code,
    )
    return Opening(case, event.community_id, event.at)


def _is_against(effect: Effect) -> bool:
    if isinstance(effect, DeleteMessage | Forfeit):
        return True
    return isinstance(effect, Outside) and (effect.sanction > 0 or getattr(effect, "is_warning", False))


def approval_key(cause_key: str, capability: str) -> str:
    """The case in which a person decides about all that one capability proposes about one event."""
    return fitted(f"{CASE}{cause_key}/{capability}", 255)


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


def do_approve(item_id: int, *, user_id: int, at: datetime, alone: bool = False) -> OutboxItem:
    """Lets an effect go that waited for a person, with all that was proposed together with it, unless ``alone``.

    Raises ``BadUse`` where it no longer waits, and where two have to say yes and nobody else has; ``Taken`` where somebody
    else holds its case.
    """
    with transaction.atomic():
        item, case = _asked(item_id, user_id, at)
        items = [item] if alone else _together(item)
        if weigh(items, at).is_heavy and (case is None or case.first_by_id in (None, user_id)):
            raise BadUse(mark("这一步动的人多，或者动的是老成员、工作人员，要两位同事都同意：请到「复核」里处理"))
        do_let_go(items, user_id=user_id, at=at)
        _do_close_decided(item, is_approved=True, user_id=user_id, at=at)
    return item


def do_let_go(items: Sequence[OutboxItem], *, user_id: int, at: datetime) -> None:
    """Lets these effects go, which waited for a person and which the caller locked; a fixed number of queries."""
    effects = [(item, _effect(item)) for item in items]
    removals = [(at, effect) for _, effect in effects if isinstance(effect, RemoveMember | Ban)]
    _do_cancel_older(removals, themselves=[item.pk for item in items])
    for item, effect in effects:
        starts = max(at, effect.not_before) if effect.not_before else at
        item.state, item.next_attempt_at, item.approved_by_id = EffectState.WAITING, starts, user_id
        item.expires_at, item.error = starts + effect.expires_after, ""
    changed = ["state", "next_attempt_at", "approved_by_id", "expires_at", "error"]
    rows.update(OutboxItem, changed, ["id"], [(*(getattr(one, name) for name in changed), one.pk) for one in items])
    do_record_facts([_noted(item, "effect.approved", at, actor=f"user:{user_id}") for item in items])


def do_reject(item_id: int, *, user_id: int, at: datetime, alone: bool = False) -> OutboxItem:
    """Turns a proposed effect down, with all that was proposed together with it, unless ``alone``.

    Raises ``BadUse`` where it no longer waits for a person.
    """
    with transaction.atomic():
        item, _case = _asked(item_id, user_id, at)
        do_turn_down([item] if alone else _together(item), user_id=user_id, at=at)
        _do_close_decided(item, is_approved=False, user_id=user_id, at=at)
    return item


def do_turn_down(items: Sequence[OutboxItem], *, user_id: int, at: datetime) -> None:
    """Turns these effects down, which waited for a person and which the caller locked; a fixed number of queries."""
    for item in items:
        item.state, item.next_attempt_at, item.finished_at = EffectState.CANCELLED, None, at
    ended = [(item.state, None, at, item.pk) for item in items]
    rows.update(OutboxItem, ["state", "next_attempt_at", "finished_at"], ["id"], ended)
    do_record_facts([_noted(item, "effect.rejected", at, actor=f"user:{user_id}") for item in items])


def do_say_instead(items: Sequence[OutboxItem], text: str) -> None:
    """Has these effects, which wait and which the caller locked, say something else."""
    for item in items:
        item.payload = {**item.payload, "text": text}
    rows.update(OutboxItem, ["payload"], ["id"], [(item.payload, item.pk) for item in items])


def do_ask_again(items: Sequence[OutboxItem]) -> None:
    """Has these effects wait for a person once more, which somebody turned down."""
    for item in items:
        item.state, item.finished_at = EffectState.NEEDS_APPROVAL, None
    again = [(item.state, None, item.pk) for item in items]
    rows.update(OutboxItem, ["state", "finished_at"], ["id"], again)


def _asked(item_id: int, user_id: int, at: datetime) -> tuple[OutboxItem, TakenCase | None]:
    """That effect and its case, both locked: the case first, as everybody does who decides about it."""
    known = OutboxItem.objects.filter(pk=item_id).first()
    case = do_hold_case(approval_key(known.cause_key, known.capability), user_id=user_id, at=at) if known else None
    item = _locked(item_id)
    if item.state != EffectState.NEEDS_APPROVAL:
        raise BadUse(mark("这一条已经处理过了"))
    return item, case


def _together(item: OutboxItem) -> list[OutboxItem]:
    """What waits in the same case, itself among it; the same object, so that its caller sees what becomes of it."""
    waiting = do_lock_asked(approval_key(item.cause_key, item.capability))
    return [item if one.pk == item.pk else one for one in waiting]


def _do_close_decided(item: OutboxItem, *, is_approved: bool, user_id: int, at: datetime) -> None:
    key = approval_key(item.cause_key, item.capability)
    if not _waiting_in(key).exists():
        do_close_case(key, is_approved=is_approved, user_id=user_id, at=at)


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
        is_sent = item.state == EffectState.SENT
        opposite = undoing(_effect(item), key=item.key, result_ref=item.result_ref) if is_sent else None
        if opposite is None:
            raise BadUse(mark("这一件没法撤销"))
        key = fitted(f"undo:{item.key}", 255)
        do_order(opposite, community_id=item.community_id, user_id=user_id, key=key, at=at, carrier=item.carrier)
        OutboxItem.objects.filter(key=key).update(undoes=item)
        item.state = EffectState.UNDONE
        item.save(update_fields=["state"])
        do_note(item, "effect.undone", at, actor=f"user:{user_id}")
    return item


def do_note(
    item: OutboxItem, name: str, at: datetime, *, actor: str = "system", words: dict[str, object] | None = None
) -> None:
    """Records what became of an effect."""
    do_record_facts([_noted(item, name, at, actor=actor, words=words)])


def _noted(item: OutboxItem, name: str, at: datetime, *, actor: str, words: dict[str, object] | None = None) -> Fact:
    return Fact(
        name=name,
        at=at,
        community_id=item.community_id,
        group_id=item.group_id,
        identity_id=item.member_id,
        actor=actor,
        key=_note_key(name, item, at),
        words={"effect": item.pk, "key": item.key, "kind": item.kind, "capability": item.capability, **(words or {})},
    )


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

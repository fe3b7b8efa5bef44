"""What is on its way out, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from django.db.models import Count, Max, Min, Q, QuerySet

from qunying.kernel.effects import EffectState, Outside, from_payload, undoing
from qunying.outbox.models import OutboxItem
from qunying.store.rows import among

CASE = "approve:"  # how the key of a case begins in which a person decides about effects
LIVE = (EffectState.WAITING, EffectState.SENDING, EffectState.SENT, EffectState.UNKNOWN, EffectState.UNDONE)


def last_replies(group_ids: Collection[int]) -> dict[int, datetime]:
    """When the system last answered somebody in each of these groups."""
    rows = (
        OutboxItem.objects.filter(group_id__in=among(group_ids), is_reply=True, state__in=LIVE)
        .values("group_id")
        .annotate(last=Max("queued_at"))
    )
    return {group_id: last for group_id, last in rows.values_list("group_id", "last") if group_id is not None}


def next_due_after(now: datetime) -> datetime | None:
    """The next moment after ``now`` at which a delivery is to be tried; None when none is planned."""
    first: datetime | None = OutboxItem.objects.filter(next_attempt_at__gt=now).aggregate(at=Min("next_attempt_at"))[
        "at"
    ]
    return first


def find_item_by_key(key: str) -> OutboxItem | None:
    """The effect of that key, None where there is none."""
    return OutboxItem.objects.filter(key=key).first()


def list_items(community_id: int) -> list[OutboxItem]:
    """Everything a community ever queued, in order."""
    return list(OutboxItem.objects.filter(community_id=community_id).order_by("id"))


def list_items_about(
    group_id: int, member_ids: Collection[int], *, since: datetime, until: datetime, limit: int
) -> list[OutboxItem]:
    """The latest effects in a group that are about these members and were queued in that time, newest first."""
    items = OutboxItem.objects.filter(group_id=group_id, queued_at__gte=since, queued_at__lte=until)
    return list(items.filter(member_id__in=member_ids).order_by("-id")[:limit]) if member_ids else []


class Outgoing(NamedTuple):
    """An effect that waits, without what it says."""

    id: int
    community_id: int
    group_id: int | None
    at: datetime


class Doubtful(NamedTuple):
    """An effect of which nobody knows whether it happened, without what it says."""

    id: int
    group_id: int | None
    queued_at: datetime


def list_waiting_until(community_ids: Collection[int], until: datetime, limit: int) -> list[Outgoing]:
    """What will go out of these communities before ``until`` if nobody holds it, soonest first."""
    waiting = OutboxItem.objects.filter(
        state=EffectState.WAITING, next_attempt_at__lt=until, community_id__in=community_ids
    )
    rows = waiting.order_by("next_attempt_at", "id").values_list("pk", "community_id", "group_id", "next_attempt_at")
    return [Outgoing._make(row) for row in rows[:limit]]


def get_items_by_id(item_ids: Collection[int]) -> dict[int, OutboxItem]:
    """Effects by their numbers; unknown numbers are absent."""
    return OutboxItem.objects.in_bulk(list(item_ids))


def items_by_key(keys: Collection[str]) -> dict[str, OutboxItem]:
    """Effects by their keys; unknown keys are absent."""
    return {item.key: item for item in OutboxItem.objects.filter(key__in=keys)}


def find_warnings(keys: Collection[str]) -> dict[str, tuple[int, str]]:
    """The warnings among these effects, by their keys: whom they are for, and their words."""
    items = OutboxItem.objects.filter(key__in=keys, payload__is_warning=True)
    found = items.values_list("key", "member_id", "payload")
    return {key: (member, payload["text"]) for key, member, payload in found if member is not None}


def items_by_result(group_id: int, refs: Collection[str]) -> dict[str, OutboxItem]:
    """Effects of a group by the message they became; messages nobody ordered are absent."""
    if not refs:
        return {}
    items = OutboxItem.objects.filter(group_id=group_id, result_ref__in=refs, undoes=None)
    return {item.result_ref: item for item in items.order_by("id")}


def list_in_doubt(community_ids: Collection[int], limit: int) -> list[Doubtful]:
    """Effects of these communities of which nobody knows whether they happened, oldest first."""
    doubtful = OutboxItem.objects.filter(state=EffectState.UNKNOWN, community_id__in=community_ids)
    rows = doubtful.order_by("id").values_list("pk", "group_id", "queued_at")
    return [Doubtful._make(row) for row in rows[:limit]]


def find_item(item_id: int) -> OutboxItem | None:
    """That effect, None where there is none."""
    return OutboxItem.objects.filter(pk=item_id).first()


def count_done_by(community_ids: Collection[int], since: datetime, until: datetime | None = None) -> tuple[int, int]:
    """Effects of these communities that went out since then (and before ``until``), and how many of those were taken back."""
    # the state is no condition of the rows, or SQLite would walk everything that was ever sent
    done = OutboxItem.objects.filter(finished_at__gte=since, community_id__in=community_ids)
    done = done if until is None else done.filter(finished_at__lt=until)
    counts = done.aggregate(
        all=Count("pk", filter=Q(state__in=(EffectState.SENT, EffectState.UNDONE), undoes=None)),
        undone=Count("pk", filter=Q(state=EffectState.UNDONE, undoes=None)),
    )
    return counts["all"], counts["undone"]


STATE_GROUPS: dict[str, tuple[EffectState, ...]] = {
    "needs_approval": (EffectState.NEEDS_APPROVAL,),
    "waiting": (EffectState.WAITING, EffectState.SENDING),
    "unknown": (EffectState.UNKNOWN,),
    "failed": (EffectState.FAILED, EffectState.EXPIRED),
    "sent": (EffectState.SENT,),
    "stopped": (EffectState.CANCELLED, EffectState.UNDONE),
    "simulated": (EffectState.SIMULATED,),
}
COUNTED = ("needs_approval", "waiting", "unknown", "failed")
COUNT_AT_MOST = 5000
LARGEST_ID = 2**63 - 1


Item: TypeAlias = OutboxItem  # pages show these rows and get their type here


@dataclass(frozen=True, slots=True)
class ItemWish:
    """Which effects a list shows: of these communities (None: of all), in a group of states, of one group or capability."""

    community_ids: Collection[int] | None
    state: str = ""
    group_id: int | None = None
    capability: str = ""
    is_oldest_first: bool = False


def list_wished(wish: ItemWish, *, start: int, limit: int) -> list[OutboxItem]:
    """A slice of the effects that the wish describes, newest first unless it says otherwise."""
    order = "id" if wish.is_oldest_first else "-id"
    return list(_wished(wish).order_by(order)[start : start + limit])


def list_newer(wish: ItemWish, item_id: int, limit: int) -> list[OutboxItem]:
    """Effects that the wish describes and that were queued after that one, newest first."""
    return list(_wished(wish).filter(pk__gt=item_id).order_by("-id")[:limit])


def list_by_id(item_ids: Collection[int]) -> list[OutboxItem]:
    """These effects; unknown ids are absent."""
    return list(OutboxItem.objects.filter(pk__in=[pk for pk in item_ids if pk <= LARGEST_ID]))


def count_wished(wish: ItemWish) -> int:
    """How many effects the wish describes; ``COUNT_AT_MOST`` for that many or more."""
    return _wished(wish)[:COUNT_AT_MOST].count()


def count_open(community_ids: Collection[int] | None) -> dict[str, int]:
    """How many effects are in each group of states that asks for attention, in one query."""
    states = {state: name for name in COUNTED for state in STATE_GROUPS[name]}
    rows = _wished(ItemWish(community_ids)).filter(state__in=states).order_by().values("state").annotate(n=Count("pk"))
    counts = dict.fromkeys(COUNTED, 0)
    for state, number in rows.values_list("state", "n"):
        counts[states[EffectState(state)]] += number
    return counts


def find_opposite(item: OutboxItem) -> Outside | None:
    """What would take a sent effect back; None where nothing can, or nothing has been sent."""
    if item.state != EffectState.SENT or item.undoes_id is not None:
        return None
    return undoing(get_effect(item), key=item.key, result_ref=item.result_ref)


def get_effect(item: OutboxItem) -> Outside:
    """What an item does."""
    effect = from_payload(item.kind, item.payload)
    assert isinstance(effect, Outside)
    return effect


def list_items_in_case(case_key: str) -> QuerySet[OutboxItem]:
    """All that one capability decided about one event, of which a person decides in the case of that key."""
    cause, capability = _decided_in(case_key)
    return OutboxItem.objects.filter(cause_key=cause, capability=capability)


def _decided_in(case_key: str) -> tuple[str, str]:
    """The event and the capability whose proposal that case is about."""
    cause, _, capability = case_key.removeprefix(CASE).rpartition("/")
    return cause, capability


def get_cause(case_key: str) -> str:
    """The key of the event because of which the effects were proposed that the case of that key is about."""
    return _decided_in(case_key)[0]


def list_items_in_cases(case_keys: Collection[str]) -> dict[str, list[OutboxItem]]:
    """All that was ever proposed in the cases of these keys, in order; one query, none for no keys."""
    wanted = {_decided_in(key): key for key in case_keys if key.startswith(CASE)}
    found: dict[str, list[OutboxItem]] = {key: [] for key in case_keys}
    items = OutboxItem.objects.filter(cause_key__in={cause for cause, _ in wanted}).order_by("id") if wanted else ()
    for item in items:
        if (item.cause_key, item.capability) in wanted:
            found[wanted[item.cause_key, item.capability]].append(item)
    return found


def list_let_go_in(case_key: str) -> list[OutboxItem]:
    """What somebody let go of the case of that key, in order."""
    return list(list_items_in_case(case_key).filter(approved_by__isnull=False).order_by("id"))


def list_turned_down_in(case_key: str, at: datetime | None) -> list[OutboxItem]:
    """What was turned down of the case of that key at that moment, in order."""
    ended = list_items_in_case(case_key).filter(state=EffectState.CANCELLED, finished_at=at)
    return list(ended.order_by("id"))


def list_asked_in(case_keys: Collection[str]) -> list[OutboxItem]:
    """What waits for a person in the cases of these keys, in order."""
    wanted = set(map(_decided_in, case_keys))
    asked = OutboxItem.objects.filter(cause_key__in={cause for cause, _ in wanted}, state=EffectState.NEEDS_APPROVAL)
    return [item for item in asked.order_by("id") if (item.cause_key, item.capability) in wanted]


def list_caused(cause_key: str, capability: str, member_id: int) -> list[OutboxItem]:
    """What a capability decided about somebody because of one event, in order."""
    found = OutboxItem.objects.filter(cause_key=cause_key, capability=capability, member_id=member_id)
    return list(found.order_by("id"))


def list_states_by_cause(cause_keys: Collection[str], capability: str) -> dict[str, frozenset[EffectState]]:
    """In which states the effects are that a capability decided because of these events; events without any are absent."""
    found: dict[str, set[EffectState]] = {}
    items = OutboxItem.objects.filter(cause_key__in=cause_keys, capability=capability)
    for cause, state in items.values_list("cause_key", "state"):
        found.setdefault(cause, set()).add(EffectState(state))
    return {cause: frozenset(states) for cause, states in found.items()}


def find_asked_in(case_key: str) -> OutboxItem | None:
    """The first of the effects that wait for a person in the case of that key."""
    return list_items_in_case(case_key).filter(state=EffectState.NEEDS_APPROVAL).order_by("id").first()


def _wished(wish: ItemWish) -> QuerySet[OutboxItem]:
    items = OutboxItem.objects.all()
    if wish.community_ids is not None:
        items = items.filter(community_id__in=wish.community_ids)
    if wish.state:
        items = items.filter(state__in=STATE_GROUPS[wish.state])
    if wish.group_id is not None:
        items = items.filter(group_id=wish.group_id)
    return items.filter(capability=wish.capability) if wish.capability else items


def count_waiting_by_community(community_ids: Collection[int]) -> dict[int, int]:
    """How many effects wait to go out in each of these communities; those without are absent."""
    waiting = OutboxItem.objects.filter(state=EffectState.WAITING, community_id__in=community_ids)
    return dict(waiting.order_by().values("community_id").annotate(n=Count("pk")).values_list("community_id", "n"))

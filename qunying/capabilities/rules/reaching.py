"""What a person does by hand so that a rule reaches those who have not seen it: shown first, then done, by the same plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from qunying.capabilities.rules.consider import effects_of
from qunying.capabilities.rules.knowing import NAME, WAITING, Memory, meaning_of
from qunying.capabilities.rules.memory import read_reminders, read_spoken, save
from qunying.capabilities.rules.plan import Due, next_free, next_free_day, reminded_of
from qunying.capabilities.rules.queries import list_seen
from qunying.capabilities.rules.remember import with_reminded, with_said
from qunying.capabilities.rules.settings import RulesSettings
from qunying.communities.queries import GroupInfo, choices_of, infos_of_groups, staff_of
from qunying.communities.queries_rules import rules_in_force
from qunying.kernel.capability import resolve_settings, still_known
from qunying.kernel.effects import Outside
from qunying.kernel.scene import GroupScene, Mode, RuleInForce
from qunying.outbox.actions import do_order
from qunying.people.present import count_missed_by_group, list_missed, members_of
from qunying.people.queries import ids_of_accounts

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to be queued: what is said, where, to whom (empty: to the group), not before when."""

    group: GroupScene
    effect: Outside
    key: str
    name: str = ""
    identity_id: int | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a button would do: the orders; ``resting`` are those who were spoken to lately and are left in peace; ``later`` those
    who are too many for once."""

    orders: tuple[Order, ...] = ()
    resting: int = 0
    later: int = 0


def staff_ids(community_id: int) -> list[int]:
    """The accounts of the official roster: they need not be told."""
    lines = staff_of([community_id]).get(community_id, [])
    return sorted(ids_of_accounts({(line.carrier, line.ref) for line in lines}).values())


def plan_saying(community_id: int, rule: RuleInForce, now: datetime) -> Plan:
    """Says the rule once more in every group where somebody has not seen it and nothing was said of rules today."""
    seats = members_of(community_id, staff_ids(community_id))
    missed = count_missed_by_group(seats, list_seen(meaning_of(rule)))
    groups = _scenes(community_id, missed)
    memory = Memory(spoken=read_spoken(groups))
    free = [group for group in groups.values() if next_free_day(group, memory) <= now]
    orders = [
        replace(_order(group, Due(said=(rule,)), now, f"{_key(rule, group, now)}:say"), missing=missed[group.id])
        for group in sorted(free, key=lambda group: -missed[group.id])[:AT_ONCE]
    ]
    return Plan(tuple(orders), resting=len(groups) - len(free), later=len(free) - len(orders))


def plan_telling(community_id: int, rule: RuleInForce, now: datetime) -> Plan:
    """Tells everybody in private who has not seen the rule and was not told anything in private lately."""
    seats = members_of(community_id, staff_ids(community_id))
    missed = list_missed(seats, list_seen(meaning_of(rule)), start=0, limit=AT_ONCE + 1)
    people = missed[:AT_ONCE]
    groups = _scenes(community_id, {one.group_ids[0] for one in people})
    memory = Memory(reminders=read_reminders({one.identity_id for one in people}, now))
    orders = []
    for one in people:
        group = groups[one.group_ids[0]]
        free_from = next_free(group, reminded_of(group, memory).get(one.identity_id, ()))
        if free_from is None or free_from <= now:
            due = Due(told=((one.identity_id, (rule,)),))
            order = _order(group, due, now, f"{_key(rule, group, now)}:tell:{one.identity_id}")
            orders.append(replace(order, name=one.name or one.ref, identity_id=one.identity_id))
    return Plan(tuple(orders), resting=len(people) - len(orders), later=len(missed) - len(people))


def _order(group: GroupScene, due: Due, now: datetime, key: str) -> Order:
    effect = next(iter(effects_of(group, due, now)))
    assert isinstance(effect, Outside)
    opens = group.quiet.next_open(now)
    return Order(group, replace(effect, not_before=opens) if opens > now else effect, key)


def _key(rule: RuleInForce, group: GroupScene, now: datetime) -> str:
    """Once a day: pressing the button again does not say it twice."""
    return f"rules:{rule.id}:{rule.meaning}:{group.id}:{now.astimezone(group.quiet.zone):%Y%m%d}"


@transaction.atomic
def do_carry_out(plan: Plan, rule: RuleInForce, *, user_id: int, at: datetime) -> int:
    """Queues what was planned, in this person's name, and notes it; answers how many."""
    groups = {order.group.id: order.group for order in plan.orders}
    memory = Memory(spoken=read_spoken(groups))
    for order in plan.orders:
        group = order.group
        do_order(
            order.effect,
            community_id=group.community_id,
            user_id=user_id,
            key=order.key,
            at=at,
            carrier=group.carrier,
        )
        if order.identity_id is None:
            memory = with_said(memory, group, (rule,), at, order.key, WAITING)
        else:
            memory = with_reminded(memory, group, order.identity_id, (rule,), at, order.key, WAITING)
    save(memory)
    return len(plan.orders)


def _scenes(community_id: int, group_ids: Collection[int]) -> dict[int, GroupScene]:
    """These groups as the plan needs them, with what they have set."""
    infos = infos_of_groups(group_ids)
    rules = rules_in_force([community_id]).get(community_id, ()) if infos else ()
    choices = choices_of(list(infos.values())) if infos else {}
    scenes = {}
    for pk, info in infos.items():
        choice = choices.get((pk, NAME))
        settings = resolve_settings(
            RulesSettings, *(still_known(RulesSettings, layer) for layer in (choice.layers if choice else ()))
        )
        scenes[pk] = _scene(info, rules, choice.mode if choice else Mode.OBSERVE, settings)
    return scenes


def _scene(info: GroupInfo, rules: Sequence[RuleInForce], mode: Mode, settings: RulesSettings) -> GroupScene:
    modes: Mapping[str, Mode] = {NAME: mode}
    return GroupScene(
        id=info.id,
        ref=info.ref,
        carrier=info.carrier,
        community_id=info.community_id,
        name=info.name,
        language=info.language,
        quiet=info.quiet,
        modes=modes,
        settings={NAME: settings},
        rules=tuple(rules),
    )

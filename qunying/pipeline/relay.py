"""Facts → envelopes: brings each fact to the capabilities that asked for its kind, once; and tells the outbox what people have
done for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from qunying.communities.queries import list_group_ids
from qunying.desk.queries import list_task_keys
from qunying.intake.actions import Incoming, LaneKey, do_accept, group_lane
from qunying.intake.cursors import do_advance, position_of
from qunying.journal.queries import StoredFact, last_fact_before, list_facts_after
from qunying.kernel.capability import Capability
from qunying.outbox.hands import KIND as BY_HAND
from qunying.outbox.hands import do_follow_hands
from qunying.pipeline.batch import RELAY
from qunying.pipeline.roster import ROSTER

AT_ONCE = 500
LATE_COMMIT = timedelta(seconds=10)
TURNED = {"task.done": True, "task.reopened": False}


def step(now: datetime, roster: Sequence[Capability] = ROSTER) -> int:
    """Accepts an envelope per new fact and subscriber; answers how many were new.

    The cursor passes only facts older than ``LATE_COMMIT``: a transaction that took a lower id may commit after a higher
    one was seen. What is read twice until then is accepted once, by its key. It also passes what nobody asked for, or the
    search for the next wanted fact would grow with the journal.
    """
    wanted = {
        name for capability in roster for name in capability.facts_in | capability.facts_in_groups
    } | TURNED.keys()
    with transaction.atomic():
        position = position_of(RELAY)
        facts = list_facts_after(position, wanted, AT_ONCE)
        accepted = do_accept([item for fact in facts for item in _incoming(fact, roster)], now)
        accepted += _do_follow_hands(facts, now)
        passed = last_fact_before(now - LATE_COMMIT, position)
        if len(facts) == AT_ONCE:
            passed = min(passed, facts[-1].id)
        if passed > position:
            do_advance(RELAY, passed)
    return accepted


def _do_follow_hands(facts: Sequence[StoredFact], now: datetime) -> int:
    """What a person did because a platform would not let us; of a task that was turned to and fro the last word counts."""
    turned = {
        fact.words.get("task"): TURNED[fact.name]
        for fact in facts
        if fact.name in TURNED and fact.words.get("kind") == BY_HAND
    }
    keys = list_task_keys([pk for pk in turned if isinstance(pk, int)])
    return do_follow_hands({key: turned[pk] for pk, key in keys.items()}, now)


def _incoming(fact: StoredFact, roster: Sequence[Capability]) -> Iterator[Incoming]:
    if fact.community_id is None:
        return
    for capability in roster:
        key = f"fact:{fact.id}:{capability.name}"
        if fact.name in capability.facts_in:
            yield _brought(fact, capability, _lane(fact.community_id, fact.group_id), key)
        if fact.name in capability.facts_in_groups and _may_concern(fact, capability):
            group_ids = [fact.group_id] if fact.group_id is not None else list_group_ids([fact.community_id])
            for group_id in group_ids:
                yield _brought(fact, capability, group_lane(fact.community_id, group_id), f"{key}:{group_id}")


def _may_concern(fact: StoredFact, capability: Capability) -> bool:
    """What was chosen for another capability is not told to every group."""
    return fact.words.get("capability", capability.name) == capability.name


def _brought(fact: StoredFact, capability: Capability, lane: LaneKey, key: str) -> Incoming:
    words = {"capability": capability.name, "fact_id": fact.id, "name": fact.name, "words": fact.words}
    return Incoming(lane=lane, key=key, carrier=RELAY, at=fact.at, payload=words)


def _lane(community_id: int, group_id: int | None) -> LaneKey:
    if group_id is None:
        return LaneKey(f"community:{community_id}", community_id)
    return group_lane(community_id, group_id)

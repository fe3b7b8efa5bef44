"""Facts → envelopes: brings each fact to the capabilities that asked for its kind, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from qunying.intake.actions import Incoming, LaneKey, do_accept, group_lane
from qunying.intake.cursors import do_advance, position_of
from qunying.journal.queries import StoredFact, last_fact_before, list_facts_after
from qunying.kernel.capability import Capability
from qunying.pipeline.batch import RELAY
from qunying.pipeline.roster import ROSTER

AT_ONCE = 500
LATE_COMMIT = timedelta(seconds=10)


def step(now: datetime, roster: Sequence[Capability] = ROSTER) -> int:
    """Accepts an envelope per new fact and subscriber; answers how many were new.

    The cursor passes only facts older than ``LATE_COMMIT``: a transaction that took a lower id may commit after a higher
    one was seen. What is read twice until then is accepted once, by its key. It also passes what nobody asked for, or the
    search for the next wanted fact would grow with the journal.
    """
    wanted = {name for capability in roster for name in capability.facts_in}
    if not wanted:
        return 0
    with transaction.atomic():
        position = position_of(RELAY)
        facts = list_facts_after(position, wanted, AT_ONCE)
        accepted = do_accept([item for fact in facts for item in _incoming(fact, roster)], now)
        passed = last_fact_before(now - LATE_COMMIT, position)
        if len(facts) == AT_ONCE:
            passed = min(passed, facts[-1].id)
        if passed > position:
            do_advance(RELAY, passed)
    return accepted


def _incoming(fact: StoredFact, roster: Sequence[Capability]) -> Iterator[Incoming]:
    for capability in roster:
        if fact.name in capability.facts_in and fact.community_id is not None:
            yield Incoming(
                lane=_lane(fact.community_id, fact.group_id),
                key=f"fact:{fact.id}:{capability.name}",
                carrier=RELAY,
                at=fact.at,
                payload={"capability": capability.name, "fact_id": fact.id, "name": fact.name, "words": fact.words},
            )


def _lane(community_id: int, group_id: int | None) -> LaneKey:
    if group_id is None:
        return LaneKey(f"community:{community_id}", community_id)
    return group_lane(community_id, group_id)

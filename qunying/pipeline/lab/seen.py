"""What happened in a lab, read from its world: for the page and for the drill file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from qunying.carriers.sandbox import room
from qunying.desk.queries import list_tasks
from qunying.intake.queries import count_failed_envelopes
from qunying.journal.queries import GroupFact, list_group_facts
from qunying.outbox.queries import list_items
from qunying.people.queries import refs_of
from qunying.pipeline.lab.database import own_database
from qunying.pipeline.lab.labs import GROUP_REF, Lab, world_of
from qunying.pipeline.lab.play import find_next_due, ids_in_world
from qunying.talk.lines import Line, list_lines

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
AT_MOST = 2000
TOLD = ("member.joined", "member.left", "card.changed", "decision.made")


@dataclass(frozen=True, slots=True)
class Effect:
    """One outside effect of a lab. ``member`` is a person's reference; ``result_ref`` the message it became."""

    key: str
    kind: str
    state: str
    capability: str
    reason_code: str
    reason_params: Mapping[str, Any]
    payload: Mapping[str, Any]
    cause_key: str
    queued_at: datetime
    member: str
    result_ref: str
    approved_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that is to be seen in a lab, oldest first. ``people`` are references by identity."""

    messages: tuple[Line, ...]
    facts: tuple[GroupFact, ...]
    effects: tuple[Effect, ...]
    tasks: tuple[str, ...]
    people: Mapping[int, str]
    present: frozenset[str]
    next_due: datetime | None
    failures: int


def look(lab: Lab) -> Seen:
    """What is to be seen in a lab now."""
    with own_database(world_of(lab.token)):
        community_id, group_id = ids_in_world()
        people = refs_of("sandbox")
        return Seen(
            messages=tuple(reversed(list_lines(group_id, limit=AT_MOST))),
            facts=tuple(reversed(list_group_facts(group_id, TOLD, since=LONG_AGO, limit=AT_MOST))),
            effects=tuple(_effect(item, people) for item in list_items(community_id)),
            tasks=tuple(task.title for task in list_tasks([community_id])),
            people=people,
            present=frozenset(seat.user_ref for seat in room.list_seats(GROUP_REF)),
            next_due=find_next_due(lab),
            failures=count_failed_envelopes(),
        )


def _effect(item: Any, people: Mapping[int, str]) -> Effect:
    return Effect(
        key=item.key,
        kind=item.kind,
        state=item.state,
        capability=item.capability,
        reason_code=item.reason_code,
        reason_params=item.reason_params or {},
        payload=item.payload,
        cause_key=item.cause_key,
        queued_at=item.queued_at,
        member=people.get(item.member_id or 0, ""),
        result_ref=item.result_ref,
    )

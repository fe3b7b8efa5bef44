"""Which steps were taken against whom."""

from __future__ import annotations

from collections.abc import Collection

from qunying.capabilities.order.knowing import NAME
from qunying.capabilities.order.memory import DONE
from qunying.capabilities.order.models import StepTaken
from qunying.kernel.sanctions import StepTold
from qunying.outbox.queries import list_states_by_cause

_STEP = ("pk", "cause_key", "group_id", "identity_id", "rule", "step", "at", "lifted_at")


def find_latest_step(community_id: int, rule: str, identity_id: int | None) -> int | None:
    """The latest step that nobody has lifted, by that rule ("" by any) and against that person where one is named."""
    steps = StepTaken.objects.filter(community=community_id, lifted_at=None)
    if rule:
        steps = steps.filter(rule=rule)
    if identity_id is not None:
        steps = steps.filter(identity=identity_id)
    return steps.order_by("-at", "-pk").values_list("pk", flat=True).first()


def list_steps(community_id: int, identity_ids: Collection[int]) -> list[StepTold]:
    """All that was ever done about these people in a community, oldest first; two queries."""
    taken = StepTaken.objects.filter(community=community_id, identity__in=identity_ids).order_by("at", "pk")
    found = [dict(zip(("id", *_STEP[1:]), row, strict=True)) for row in taken.values_list(*_STEP)]
    states = list_states_by_cause({row["cause_key"] for row in found}, NAME) if found else {}
    return [StepTold(**row, stands=bool(states.get(row["cause_key"], frozenset()) & DONE)) for row in found]

"""Which steps were taken against whom."""

from __future__ import annotations

from qunying.capabilities.order.models import StepTaken


def find_latest_step(community_id: int, rule: str, identity_id: int | None) -> int | None:
    """The latest step that nobody has lifted, by that rule ("" by any) and against that person where one is named."""
    steps = StepTaken.objects.filter(community=community_id, lifted_at=None)
    if rule:
        steps = steps.filter(rule=rule)
    if identity_id is not None:
        steps = steps.filter(identity=identity_id)
    return steps.order_by("-at", "-pk").values_list("pk", flat=True).first()

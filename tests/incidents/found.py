"""Incidents as if a capability had found them just now."""

from __future__ import annotations

from collections.abc import Sequence

from qunying.capabilities.incidents.models import Incident
from qunying.capabilities.incidents.opening import do_open_incidents
from qunying.kernel import clock
from qunying.kernel.effects import OpenIncident
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Decision, Reason
from qunying.people.models import Identity


def found(
    community_id: int,
    kind: str,
    *,
    group_id: int | None = None,
    refs: Sequence[str] = (),
    messages: Sequence[str] = (),
    key: str = "",
) -> int:
    """Opens an incident of that kind about these people and messages; answers its id."""
    known = dict(Identity.objects.filter(ref__in=refs).values_list("ref", "pk"))
    effect = OpenIncident(
        key=key or f"{kind}:{group_id}",
        kind=kind,
        group_id=group_id,
        members=tuple(known[ref] for ref in refs),
        message_keys=tuple(messages),
    )
    cause = f"found:{effect.key}:{clock.now().isoformat()}"
    event = Event(key=cause, at=clock.now(), lane_id=0, community_id=community_id, group_id=group_id)
    act = Act(effect, "order", Reason("order.saw"), f"{cause}/order/0")
    do_open_incidents([(Decision(event, acts=(act,)), act)])
    return Incident.objects.get(community=community_id, key=effect.key, closed_at=None).pk

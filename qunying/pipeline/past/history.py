"""History that a live carrier hands over as its own payloads: kept like an import, without opinions or effects; the judges
read it later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from qunying.carriers.base import Arrival, Carrier, EventPlace
from qunying.communities.queries import GroupPlace
from qunying.kernel import clock
from qunying.kernel.opinions import Decision
from qunying.pipeline.facts import do_record
from qunying.pipeline.keep import do_keep
from qunying.pipeline.past.reading import do_queue
from qunying.pipeline.setting import set_scene


def do_keep_history(carrier: Carrier, arrivals: Sequence[Arrival], places: Mapping[str, GroupPlace]) -> int:
    """Keeps what is not kept yet of these payloads, oldest first, in one transaction; answers how many meant something."""
    parsed = (carrier.parse(arrival.payload, _place(arrival, places[arrival.group_ref])) for arrival in arrivals)
    events = [event for event in parsed if event is not None]
    with transaction.atomic():
        scene = set_scene(events, roster=())
        decisions = [Decision(event) for event in events]
        do_keep((), decisions, {}, scene, {})
        do_record(decisions, scene)
        do_queue({event.group_id for event in events if event.group_id}, clock.now())
    return len(events)


def _place(arrival: Arrival, place: GroupPlace) -> EventPlace:
    return EventPlace(
        key=f"history:{place.group_id}:{arrival.key}",
        lane_id=0,
        community_id=place.community_id,
        group_id=place.group_id,
        envelope_id=0,
    )

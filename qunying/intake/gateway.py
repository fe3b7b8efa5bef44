"""From the carriers into intake: fetched and accepted in one transaction, so that nothing is lost between the two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction

from qunying.carriers.base import Arrival, Carrier
from qunying.carriers.live import CARRIERS
from qunying.communities.queries import GroupPlace, find_only_community, places_of_groups
from qunying.intake.actions import Incoming, do_accept, group_lane, private_lane
from qunying.people.queries import latest_group_of

log = structlog.get_logger()

FETCH_LIMIT = 500


def step(now: datetime) -> int:
    """Takes in what waits at every carrier; answers how many arrivals were new."""
    return sum(_take_in(carrier, now) for carrier in CARRIERS)


@transaction.atomic
def _take_in(carrier: Carrier, now: datetime) -> int:
    arrivals = carrier.fetch(FETCH_LIMIT)
    return do_accept_arrivals(carrier.name, arrivals, now) if arrivals else 0


def do_accept_arrivals(carrier: str, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Accepts a carrier's payloads; answers how many were new. Groups nobody registered are logged and left out.

    Who writes in private may be somebody whose coming is still waiting to be told, or about to come: where one community
    only is on that carrier, they mean it.
    """
    places = places_of_groups(carrier, {arrival.group_ref for arrival in arrivals if arrival.group_ref})
    incoming = [item for arrival in arrivals if (item := _incoming(carrier, arrival, places))]
    return do_accept(incoming, now)


def _incoming(carrier: str, arrival: Arrival, places: dict[str, GroupPlace]) -> Incoming | None:
    if arrival.person_ref:
        community_id = latest_group_of(carrier, arrival.person_ref) or find_only_community(carrier)
        if community_id is None:
            log.warning("stranger in private", carrier=carrier, person=arrival.person_ref, key=arrival.key)
            return None  # which of our communities they mean nobody can know
        lane = private_lane(community_id, arrival.person_ref)
    else:
        place = places.get(arrival.group_ref)
        if place is None:
            log.warning("group not registered", carrier=carrier, group=arrival.group_ref, key=arrival.key)
            return None  # one unknown group must not hold up all others of its carrier
        lane = group_lane(place.community_id, place.group_id)
    return Incoming(lane, arrival.key, carrier, arrival.at, arrival.payload)

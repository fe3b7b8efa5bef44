"""From the carriers into intake: fetched and accepted in one transaction, so that nothing is lost between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from django.db import transaction

from qunying.carriers.base import Arrival, Carrier
from qunying.carriers.live import CARRIERS
from qunying.communities.queries import GroupPlace, find_only_community, places_of_groups
from qunying.intake.actions import Incoming, do_accept, group_lane, private_lane
from qunying.people.queries import find_latest_homes

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
    homes = _homes_of(carrier, {arrival.person_ref for arrival in arrivals if arrival.person_ref})
    incoming = [item for arrival in arrivals if (item := _incoming(carrier, arrival, places, homes))]
    return do_accept(incoming, now)


def _homes_of(carrier: str, people: set[str]) -> dict[str, int | None]:
    """Per person who writes in private the community they mean, None where nobody can know."""
    if not people:
        return {}
    found = find_latest_homes(carrier, people)
    otherwise = find_only_community(carrier) if len(found) < len(people) else None
    return {person: found.get(person, otherwise) for person in people}


def _incoming(
    carrier: str, arrival: Arrival, places: Mapping[str, GroupPlace], homes: Mapping[str, int | None]
) -> Incoming | None:
    if arrival.person_ref:
        community_id = homes[arrival.person_ref]
        if community_id is None:
            log.warning("stranger in private", carrier=carrier, person=arrival.person_ref, key=arrival.key)
            return None
        lane = private_lane(community_id, arrival.person_ref)
    else:
        place = places.get(arrival.group_ref)
        if place is None:
            log.warning("group not registered", carrier=carrier, group=arrival.group_ref, key=arrival.key)
            return None  # one unknown group must not hold up all others of its carrier
        lane = group_lane(place.community_id, place.group_id)
    return Incoming(lane, arrival.key, carrier, arrival.at, arrival.payload)

"""From the carriers into intake: fetched and accepted in one transaction, so that nothing is lost between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from django.db import transaction

from qunying.carriers.base import Arrival, Carrier
from qunying.carriers.capacities import capacity_of
from qunying.carriers.live import CARRIERS
from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.communities.actions import NewGroup, do_discover_group, do_listen
from qunying.communities.queries import (
    GroupPlace,
    find_only_community,
    list_communities_on,
    places_of_groups,
)
from qunying.communities.queries_accounts import ears_of, find_only_account
from qunying.desk.actions import do_open_task
from qunying.intake.actions import Incoming, do_accept, group_lane, private_lane
from qunying.intake.unplaced import do_keep_unplaced, do_take_up, list_unplaced_groups
from qunying.kernel.effects import OpenTask
from qunying.kernel.texts import Sentence, mark
from qunying.people.queries import find_latest_homes

log = structlog.get_logger()

FETCH_LIMIT = 500
SHOWN = 80


def step(now: datetime) -> int:
    """Takes in what waits at every carrier; answers how many arrivals were new."""
    return sum(_take_in(carrier, now) for carrier in CARRIERS)


@transaction.atomic
def _take_in(carrier: Carrier, now: datetime) -> int:
    return do_accept_arrivals(carrier.name, carrier.fetch(FETCH_LIMIT), now)


def do_accept_arrivals(carrier: str, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Accepts a carrier's payloads; answers how many were new.

    A group nobody registered becomes a group of the community that its account was given, else of the one community on that
    carrier, only observed. Where several could be meant, a person is asked to register it, and what is said there until then is kept and taken up afterwards, before
    anything newer. Who writes in private may be somebody whose coming is still waiting to be told, or about to come: where
    one community only is on that carrier, they mean it.
    """
    kept = list_unplaced_groups(carrier)
    refs = {arrival.group_ref for arrival in arrivals if arrival.group_ref}
    places = places_of_groups(carrier, refs.union(kept))
    heard_by = {one.group_ref: one.account_ref for one in arrivals if one.group_ref not in places}
    known = frozenset(places)
    places.update(_do_place(carrier, {ref: heard_by.get(ref, "") for ref in sorted(refs - places.keys())}, now))
    arrivals = [*do_take_up(carrier, places.keys() & kept), *arrivals]
    if any(one.account_ref for one in arrivals):
        do_listen(carrier, {one.group_ref: one.account_ref for one in arrivals if one.group_ref in known})
    if unplaced := [one for one in arrivals if one.group_ref and one.group_ref not in places]:
        log.warning("groups not placed", carrier=carrier, groups=sorted({one.group_ref for one in unplaced}))
        do_keep_unplaced(carrier, unplaced, now)
    homes = _homes_of(carrier, {arrival.person_ref for arrival in arrivals if arrival.person_ref})
    incoming = [item for arrival in arrivals if (item := _incoming(carrier, arrival, places, homes))]
    return do_accept(incoming, now)


def _do_place(carrier: str, refs: Mapping[str, str], now: datetime) -> dict[str, GroupPlace]:
    """Where groups, each with the account that heard it, belong from now on that nobody registered; those a person has to
    place are absent."""
    if not refs:
        return {}
    ears, communities = ears_of(carrier, set(refs.values())), list_communities_on(carrier)
    only = communities[0] if len(communities) == 1 else None
    only_account = find_only_account(only, carrier) if only is not None else None
    placed = {}
    for ref, account_ref in refs.items():
        heard = ears.get(account_ref)
        home = heard.home_id if heard and heard.home_id is not None else only
        if home is not None:
            placed[ref] = _do_discover(carrier, ref, home, heard.account_id if heard else only_account, now)
        elif communities:
            do_open_task(_to_be_placed(carrier, ref), community_id=communities[0], at=now)
    return placed


def _do_discover(carrier: str, ref: str, home_id: int, account_id: int | None, now: datetime) -> GroupPlace:
    new = NewGroup(carrier=carrier, ref=ref, carrier_name=ref, account_id=account_id, capacity=capacity_of(carrier))
    return GroupPlace(do_discover_group(home_id, new, at=now), home_id)


def _to_be_placed(carrier: str, ref: str) -> OpenTask:
    title = mark(
        "「%(carrier)s」上的群「%(group)s」还没有登记，不知道归哪个社群，请人登记；群里新的消息先留着，登记后接着处理"
    )
    key = f"place_group:{carrier}:{ref}"
    return OpenTask(
        key=key, kind="place_group", title=Sentence(title, {"carrier": carrier, "group": ref[:SHOWN]}).to_text()
    )


def _homes_of(carrier: str, people: set[str]) -> dict[str, int | None]:
    """Per person who writes in private the community they mean, None where nobody can know."""
    if not people:
        return {}
    found = find_latest_homes(carrier, people)
    otherwise = find_only_community(carrier) if len(found) < len(people) else None
    return {person: found.get(person, otherwise) for person in people}


def _private_ref(carrier: str, person_ref: str) -> str:
    """Two platforms may have the same number for two people."""
    return person_ref if carrier == SANDBOX.name else f"{carrier}:{person_ref}"


def _incoming(
    carrier: str, arrival: Arrival, places: Mapping[str, GroupPlace], homes: Mapping[str, int | None]
) -> Incoming | None:
    if arrival.person_ref:
        community_id = homes[arrival.person_ref]
        if community_id is None:
            log.warning("stranger in private", carrier=carrier, person=arrival.person_ref, key=arrival.key)
            return None
        lane = private_lane(community_id, _private_ref(carrier, arrival.person_ref))
    else:
        place = places.get(arrival.group_ref)
        if place is None:
            return None  # one unknown group must not hold up all others of its carrier; it is kept until it is placed
        lane = group_lane(place.community_id, place.group_id)
    return Incoming(lane, arrival.key, carrier, arrival.at, arrival.payload)

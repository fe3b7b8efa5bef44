"""One account per group listens, the others stand by: what they heard while it was there too is not told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qunying.carriers.base import Arrival
from qunying.carriers.onebot.fields import as_list, as_map, as_ref
from qunying.carriers.onebot.names import OURS
from qunying.carriers.wire.roster import is_roster
from qunying.communities.queries import infos_of_groups, places_of_groups


def listening(carrier: str, fetch: Callable[[int], Sequence[Arrival]]) -> Callable[[int], Sequence[Arrival]]:
    """``fetch`` without what was heard by an account that stood by.

    The account a group is registered with listens; where it is not there, or there is none, the first of those who are.
    Who was there is what the line wrote down when it heard: later nobody could tell.
    """

    def fetch_heard(limit: int) -> Sequence[Arrival]:
        arrivals = fetch(limit)
        shared = {arrival.group_ref for arrival in arrivals if _others(arrival.payload)}
        accounts = _accounts(carrier, shared) if shared else {}
        return [arrival for arrival in arrivals if is_listener(arrival.payload, accounts.get(arrival.group_ref, ""))]

    return fetch_heard


def is_listener(payload: Mapping[str, Any], registered: str) -> bool:
    """Whether the account that heard this is the one to tell it."""
    others = _others(payload)
    if not others or is_roster(payload):
        return True
    account = as_ref(payload.get("self_id"))
    there = {account, *others}
    return account == (registered if registered in there else min(there))


def _others(payload: Mapping[str, Any]) -> list[str]:
    return [str(each) for each in as_list(as_map(payload.get(OURS)).get("others"))]


def _accounts(carrier: str, refs: set[str]) -> dict[str, str]:
    places = places_of_groups(carrier, refs)
    infos = infos_of_groups(place.group_id for place in places.values())
    return {ref: infos[place.group_id].account_ref for ref, place in places.items() if place.group_id in infos}

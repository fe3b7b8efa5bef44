"""A group's member list as its platform shows it now, beside what we had heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from qunying.journal.actions import do_record_facts
from qunying.kernel.facts import Fact
from qunying.people.actions import Came, NewCard, Seat, Went, do_change_cards, do_move
from qunying.people.models import Membership
from qunying.store import rows

UNSEEN = "unseen"  # how somebody came whose coming we did not hear


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at a member list. ``is_first``: there was none before, so that it says nothing about who came or went."""

    community_id: int
    group_id: int
    at: datetime
    key: str
    is_first: bool


def do_see_members(listing: Listing, seen: Mapping[Seat, NewCard]) -> None:
    """These and nobody else sit in the group, under these cards.

    Who is new on a list that is not the first came while nobody listened, and who is no longer on it went; both are dated by
    this look. Every one of them has a seat already, if only for having been named.
    """
    group = Membership.objects.filter(group=listing.group_id)
    present = dict(group.values_list("identity_id", "is_present"))
    came = [seat.identity_id for seat in seen if not present[seat.identity_id]]
    gone = [who for who, there in present.items() if there and Seat(listing.group_id, who) not in seen]
    if listing.is_first:
        group.filter(identity__in=rows.among(came)).update(is_present=True, left_at=None)
        group.filter(identity__in=rows.among(gone)).update(is_present=False)
    else:
        _do_move(listing, came, gone)
    do_change_cards(seen.items())


def _do_move(listing: Listing, came: list[int], gone: list[int]) -> None:
    arrivals = [(Seat(listing.group_id, who), Came(listing.at, UNSEEN)) for who in came]
    departures = [(Seat(listing.group_id, who), Went(listing.at)) for who in gone]
    do_move([*arrivals, *departures])
    do_record_facts(
        [_fact(listing, "member.joined", who) for who in came] + [_fact(listing, "member.left", who) for who in gone]
    )


def _fact(listing: Listing, name: str, who: int) -> Fact:
    return Fact(
        name=name,
        at=listing.at,
        community_id=listing.community_id,
        group_id=listing.group_id,
        identity_id=who,
        key=f"{name}:{listing.key}:{who}",
        words={"via": UNSEEN},
    )

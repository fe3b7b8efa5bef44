"""Who is not simply a member: accounts of a person known by another one, programs, and our own people on the roster."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from qunying.communities.queries import staff_of
from qunying.insights.scope import Scope
from qunying.people.queries import ids_of_accounts, list_odd_identities, list_seats_of


@dataclass(frozen=True, slots=True)
class Aside:
    """``persons`` of accounts that are somebody else's; ``apart`` are (group, identity, standing) of programs and staff."""

    persons: Mapping[int, int]
    apart: list[tuple[int, int, str]]


def read_aside(scope: Scope, group_ids: Collection[int] | None) -> Aside:
    """Of the scope's communities, in four queries; accounts only of who sits or sat in these groups, where they are given."""
    odd = list_odd_identities(group_ids)
    persons = {one: person for one, person, _ in odd if one != person}
    return Aside(persons, apart(scope, {one for one, _, is_bot in odd if is_bot}))


def apart(scope: Scope, bots: set[int]) -> list[tuple[int, int, str]]:
    """(group, identity, standing) of bots and staff: what they say and do is told apart from what members do.

    Staff is who stands on the community's roster. A member whom a group made its administrator stays a member.
    """
    lines = [
        (line.community_id, line.carrier, line.ref)
        for lines in staff_of(scope.community_ids).values()
        for line in lines
    ]
    known = ids_of_accounts({(carrier, ref) for _, carrier, ref in lines})
    official = {(home, known[carrier, ref]) for home, carrier, ref in lines if (carrier, ref) in known}
    standings: dict[tuple[int, int], str] = {}
    for community, group, identity in list_seats_of(bots | {identity for _, identity in official}):
        if identity in bots:
            standings[group, identity] = "bot"
        elif (community, identity) in official:
            standings[group, identity] = "staff"
    return [(group, identity, standing) for (group, identity), standing in standings.items()]

"""Joining two people by hand: whom to look for, both side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from qunying.communities.queries import infos_of_groups
from qunying.console.people.pair import Doubt, PairSide, read_sides
from qunying.people.asked import read_terms
from qunying.people.finding import Where, search_people

FOUND_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class FoundRow:
    """Somebody who was found."""

    person_id: int
    name: str
    card: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandPage:
    """One person, and the one they may be too."""

    id: int = field(metadata={"help": "the person"})
    name: str = field(metadata={"help": "what they are called"})
    sought: str = field(metadata={"help": "what was searched for"})
    found: Sequence[FoundRow] = field(metadata={"help": "who was found"})
    other: int = field(metadata={"help": "the other person; 0 where nobody was chosen"})
    source: str = field(metadata={"help": "how the reader knows, as typed"})
    sides: Sequence[PairSide] = field(metadata={"help": "both side by side, once the other was chosen"})
    doubt: Doubt | None = field(metadata={"help": "why joining them was refused"})


def show_by_hand(
    person_id: int,
    name: str,
    other: int,
    sought: str,
    source: str,
    community_ids: Collection[int] | None,
    doubt: Doubt | None,
) -> ByHandPage:
    """The page; bounded queries."""
    found = [] if other else _found(person_id, sought, community_ids)
    sides = read_sides((person_id, other), community_ids) if other else []
    return ByHandPage(
        id=person_id, name=name, sought=sought, found=found, other=other, source=source, sides=sides, doubt=doubt
    )


def _found(person_id: int, sought: str, community_ids: Collection[int] | None) -> list[FoundRow]:
    if not read_terms(sought):
        return []
    people = search_people(sought, Where(community_ids), limit=FOUND_AT_MOST + 1)
    others = [one for one in people if one.person_id != person_id][:FOUND_AT_MOST]
    groups = infos_of_groups({one.group_id for one in others})
    return [FoundRow(one.person_id, one.name, one.card, groups[one.group_id].name) for one in others]

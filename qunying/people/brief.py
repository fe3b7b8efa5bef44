"""People in one line each, for lists of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.people.models import Membership, Person
from qunying.store import rows


@dataclass(frozen=True, slots=True)
class Brief:
    """One person: what they are called, the groups they sit in (where they talk most first), what they said there."""

    person_id: int
    name: str
    card: str
    group_ids: tuple[int, ...]
    messages: int
    joined_at: datetime | None
    last_spoke_at: datetime | None


def brief_people(person_ids: Sequence[int], community_ids: Collection[int] | None) -> list[Brief]:
    """These people in this order, as they sit within these communities (None: anywhere); who sits nowhere has no groups."""
    wanted = rows.among(person_ids)
    names = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))
    seats = Membership.objects.filter(identity__person__in=wanted, is_present=True)
    if community_ids is not None:
        seats = seats.filter(community__in=community_ids)
    columns = ("identity__person_id", "card", "group_id", "messages", "joined_at", "last_spoke_at")
    found: dict[int, list[tuple[str, int, int, datetime | None, datetime | None]]] = defaultdict(list)
    for person, *seat in seats.order_by("-messages", "pk").values_list(*columns):
        found[person].append(tuple(seat))
    return [_brief(pk, names[pk], found.get(pk, [])) for pk in person_ids if pk in names]


def _brief(person_id: int, name: str, seats: Sequence[tuple[str, int, int, datetime | None, datetime | None]]) -> Brief:
    return Brief(
        person_id=person_id,
        name=name,
        card=next((card for card, *_ in seats if card), ""),
        group_ids=tuple(group for _, group, *_ in seats),
        messages=sum(messages for _, _, messages, *_ in seats),
        joined_at=min((joined for *_, joined, _ in seats if joined), default=None),
        last_spoke_at=max((last for *_, last in seats if last), default=None),
    )

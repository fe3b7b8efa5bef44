"""Whom an incident is about, out of every group of the community: first who and where, then the removal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from qunying.capabilities.incidents.queries import IncidentLine, list_people_in
from qunying.communities.queries import infos_of_groups, staff_of
from qunying.kernel.effects import RemoveMember
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_order
from qunying.people.seats import Seated, list_seats_in_community

MANY = 10  # removals, above which their number has to be typed


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in one group; ``value`` names the seat in the form."""

    value: str
    group_id: int
    group: str
    identity_id: int
    name: str
    is_chosen: bool = True


@dataclass(frozen=True, slots=True)
class EverywherePage:
    """Who would be removed from where."""

    incident: int = field(metadata={"help": "the incident"})
    title: str = field(metadata={"help": "what it is"})
    seats: tuple[Seat, ...] = field(metadata={"help": "seats of whom it is about, by name"})
    chosen: int = field(metadata={"help": "how many of them are ticked"})
    people: int = field(metadata={"help": "of how many people"})
    spared: tuple[str, ...] = field(metadata={"help": "names of those who are staff and stay"})
    many: int = field(metadata={"help": "from more than so many on, the number has to be typed"})
    error: str = field(metadata={"help": "why it was not done"})


def list_removable(line: IncidentLine) -> tuple[list[Seat], tuple[str, ...]]:
    """The seats that those whom an incident is about have now in the community, and the names of those who are staff: they stay."""
    people = list_people_in([line.id]).get(line.id, [])
    seated = list_seats_in_community(people, line.community_id)
    official = {(one.carrier, one.ref) for one in staff_of([line.community_id]).get(line.community_id, [])}
    staff = {one.identity_id for one in seated if (one.carrier, one.ref) in official or one.role in {"owner", "admin"}}
    groups = infos_of_groups({one.group_id for one in seated})
    seats = [_seat(one, groups[one.group_id].name) for one in seated if one.identity_id not in staff]
    spared = tuple(dict.fromkeys(one.name or one.ref for one in seated if one.identity_id in staff))
    return sorted(seats, key=lambda seat: (seat.name, seat.group)), spared


def _seat(one: Seated, group: str) -> Seat:
    value = f"{one.group_id}:{one.identity_id}"
    return Seat(value, one.group_id, group, one.identity_id, one.name or one.ref)


@transaction.atomic
def do_remove_everywhere(line: IncidentLine, wanted: Collection[str], typed: str, *, user_id: int, at: datetime) -> int:
    """Has these seats taken; answers how many they are. Pressing twice removes once.

    Raises ``BadUse`` where nothing is chosen, and where it is many and somebody has not typed how many.
    """
    seats = [seat for seat in list_removable(line)[0] if seat.value in wanted]
    if not seats:
        raise BadUse(mark("没有选人"))
    if len(seats) > MANY and typed.strip() != str(len(seats)):
        raise BadUse(mark("一次移出 %(n)s 个，先把这个数写一遍"), n=len(seats))
    groups = infos_of_groups(seat.group_id for seat in seats)
    for seat in seats:
        do_order(
            RemoveMember(group_id=seat.group_id, member=seat.identity_id),
            community_id=line.community_id,
            user_id=user_id,
            key=f"everywhere:{line.id}:{seat.value}:{at.date().isoformat()}",
            at=at,
            carrier=groups[seat.group_id].carrier,
        )
    return len(seats)


def count_people(seats: Iterable[Seat]) -> int:
    """How many people sit there."""
    return len({seat.identity_id for seat in seats})


def chosen_of(seats: Sequence[Seat], wanted: Collection[str] | None) -> tuple[Seat, ...]:
    """The seats, ticked as somebody left them; all where nobody has chosen yet."""
    if wanted is None:
        return tuple(seats)
    return tuple(Seat(s.value, s.group_id, s.group, s.identity_id, s.name, s.value in wanted) for s in seats)

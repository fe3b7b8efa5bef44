"""What of a person lies within somebody's reach; nothing of anybody else exists for them."""

from __future__ import annotations

from django.http import Http404

from qunying.communities.access import Reach
from qunying.people.roll import RollLine, list_seats_of_person

SEATS_AT_MOST = 200
LARGEST = 2**63 - 1  # of an id


def access_person(reach: Reach, person_id: int) -> tuple[str, list[RollLine]]:
    """That person's name and seats within reach. Raises ``Http404`` where nothing of them is.

    Where the account that names them sits nowhere within reach, they are called as they are within.
    """
    if person_id > LARGEST:
        raise Http404
    name, seats = list_seats_of_person(person_id, reach.ids, limit=SEATS_AT_MOST)
    if not seats:
        raise Http404
    own = any(seat.identity_id == person_id for seat in seats)
    return name if own else seats[0].name, seats

"""Whom one colleague alone may not remove: people who have long been trusted, our own, and many at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from qunying.communities.queries import staff_of
from qunying.kernel.scene import STAFF_ROLES
from qunying.outbox.brake import REMOVING
from qunying.outbox.models import OutboxItem
from qunying.people.queries import ids_of_accounts
from qunying.people.seats import SeatLine, seats_among

TRUSTED_AFTER = timedelta(days=60)
TRUSTED_FROM = 50  # messages in the group
MANY = 10


@dataclass(frozen=True, slots=True)
class Weight:
    """How many people would be removed, and which of them are trusted or ours."""

    people: int = 0
    trusted: frozenset[int] = frozenset()

    @property
    def is_heavy(self) -> bool:
        """Whether two colleagues have to say yes."""
        return self.people > MANY or bool(self.trusted)


def weigh(items: Collection[OutboxItem], at: datetime) -> Weight:
    """What letting these effects go would mean; three queries where somebody would be removed, else none."""
    places = {(one.group_id, one.member_id) for one in items if one.kind in REMOVING}
    groups = {group for group, _ in places if group is not None}
    people = {member for _, member in places if member is not None}
    if not people:
        return Weight()
    ours = _officials({one.community_id for one in items}) & people
    seats = [seat for place, seat in seats_among(groups, people).items() if place in places]
    trusted = {seat.identity_id for seat in seats if is_trusted(seat, at)}
    return Weight(len(people), frozenset(ours | trusted))


def is_trusted(seat: SeatLine, at: datetime) -> bool:
    """Whether somebody has been long in a group and said much there, or speaks for it."""
    is_old = seat.joined_at is not None and at - seat.joined_at >= TRUSTED_AFTER
    return seat.role in STAFF_ROLES or (is_old and seat.messages >= TRUSTED_FROM)


def _officials(community_ids: Collection[int]) -> set[int]:
    accounts = {(line.carrier, line.ref) for lines in staff_of(community_ids).values() for line in lines}
    return set(ids_of_accounts(accounts).values()) if accounts else set()

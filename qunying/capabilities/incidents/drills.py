"""What drills see of incidents, and what their staff can do with them."""

from __future__ import annotations

from qunying.capabilities.incidents.actions import do_change_owner
from qunying.capabilities.incidents.queries import find_latest_open, list_incidents, list_messages_in, list_people_in
from qunying.communities.queries import staff_of
from qunying.kernel.drills import Happened, StaffDeed


def list_happened(community_id: int) -> list[Happened]:
    """All incidents of a community, in order."""
    lines = list_incidents(community_id)
    ids = [line.id for line in lines]
    people, messages = list_people_in(ids), list_messages_in(ids)
    return [
        Happened(
            kind=line.kind,
            at=line.opened_at,
            state="closed" if line.closed_at else "open",
            group_id=line.group_id,
            member_ids=tuple(people.get(line.id, ())),
            cause_key=line.cause_key,
            message_keys=tuple(messages.get(line.id, ())),
        )
        for line in lines
    ]


def do_accept(deed: StaffDeed) -> bool:
    """Whoever does it leads through the incident from now on; False where none is open."""
    incident = find_latest_open(deed.community_id, deed.kind, deed.member_id)
    if incident is None:
        return False
    roster = staff_of([deed.community_id]).get(deed.community_id, [])
    owner = next(line for line in roster if line.ref == deed.staff_ref)
    do_change_owner(incident.id, owner, user_id=deed.user_id, at=deed.at)
    return True

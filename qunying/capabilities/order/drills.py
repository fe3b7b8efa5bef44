"""What the staff of a drill can do about steps that were taken."""

from __future__ import annotations

from qunying.capabilities.order.actions import do_lift_step
from qunying.capabilities.order.queries import find_latest_step
from qunying.kernel.drills import StaffDeed


def do_lift(deed: StaffDeed) -> bool:
    """Takes the latest step of that rule against that member back; False where none stands."""
    step_id = find_latest_step(deed.community_id, deed.kind, deed.member_id)
    if step_id is None:
        return False
    do_lift_step(step_id, user_id=deed.user_id, at=deed.at)
    return True

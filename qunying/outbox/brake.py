"""The brake: where too many are removed from a group by themselves in a short time, the next waits for a person.

A rule that is wrong, or a judge that is fooled, would otherwise empty a group before anybody looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from qunying.kernel.effects import Ban, EffectState, RemoveMember
from qunying.kernel.texts import mark
from qunying.outbox.models import OutboxItem
from qunying.people.queries import count_present_by_group

WITHIN = timedelta(minutes=10)
MOST = 10
LEAST, SHARE = 5, 0.02  # so many may always go, or so much of a group
APPROVED = 50  # removals that a person let go count as one, up to so many
REMOVING = (RemoveMember.__name__, Ban.__name__)
STOPPED = mark("十分钟里从这个群移出的人已经不少，先停下来，由人决定")
COUNTED = (EffectState.WAITING, EffectState.SENDING, EffectState.SENT, EffectState.UNKNOWN)


class Removal(NamedTuple):
    """When somebody was to be removed, and whether a person said so."""

    at: datetime
    is_approved: bool


def limit_of(members: int) -> int:
    """How many may be removed from a group of that size within ten minutes."""
    return min(MOST, max(LEAST, int(members * SHARE)))


def weight_of(removals: Sequence[Removal]) -> int:
    """What these count: each one, but all that a person let go together one, as long as they are no more than fifty."""
    approved = sum(one.is_approved for one in removals)
    return len(removals) - approved + (approved > 0) + max(0, approved - APPROVED)


@dataclass(slots=True)
class Brake:
    """The removals of the last minutes in some groups, and how many more may go."""

    limits: Mapping[int, int]
    removals: dict[int, list[Removal]] = field(default_factory=lambda: defaultdict(list))

    def stops(self, group_id: int | None, at: datetime) -> bool:
        """Whether one more removal from that group has to wait for a person; one that may go is counted."""
        if group_id is None:
            return False
        lately = [one for one in self.removals[group_id] if at - WITHIN < one.at]
        if weight_of(lately) >= self.limits.get(group_id, LEAST):
            return True
        self.removals[group_id].append(Removal(at, is_approved=False))
        return False


def get_brake(group_ids: Collection[int], first: datetime) -> Brake:
    """The brake of these groups for removals from that moment on; two queries."""
    if not group_ids:
        return Brake({})
    members = count_present_by_group(group_ids)
    brake = Brake({group: limit_of(members.get(group, 0)) for group in group_ids})
    recent = OutboxItem.objects.filter(
        group_id__in=group_ids, kind__in=REMOVING, queued_at__gt=first - WITHIN, state__in=COUNTED, undoes=None
    )
    for group, at, approved_by in recent.order_by("queued_at").values_list("group_id", "queued_at", "approved_by"):
        brake.removals[group or 0].append(Removal(at, is_approved=approved_by is not None))
    return brake

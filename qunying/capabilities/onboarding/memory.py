"""The welcome's memory: read once per batch, written once at its end."""

from __future__ import annotations

from collections.abc import Sequence

from qunying.capabilities.onboarding.consider import GREET, NAME, Known, Memory, Waiting
from qunying.capabilities.onboarding.models import Newcomer
from qunying.intake.queries import list_timers
from qunying.kernel.events import Event, MemberJoined, MemberLeft, TimerDue
from qunying.kernel.scene import Scene
from qunying.store import rows


def brief(events: Sequence[Event], scene: Scene) -> Memory:
    """Who waits in the groups where somebody comes, goes or is to be welcomed, and who of the comers was welcomed before."""
    told = [event for event in events if isinstance(event, MemberJoined | MemberLeft | TimerDue)]
    group_ids = sorted({event.group_id for event in told if event.group_id is not None})
    if not group_ids:
        return Memory()
    comers = {scene.member(event, event.member).identity_id for event in told if isinstance(event, MemberJoined)}
    clocks = {timer.lane.group_id: timer.at for timer in list_timers(NAME, group_ids) if timer.key == GREET}
    greeted = Newcomer.objects.filter(group__in=rows.among(group_ids), identity__in=rows.among(comers), state="greeted")
    welcomed = set(greeted.values_list("group_id", "identity_id"))
    waiting = list(
        Newcomer.objects.filter(group__in=rows.among(group_ids), state="waiting").order_by("joined_at", "identity_id")
    )
    return Memory(
        {
            group_id: Known(
                waiting=tuple(
                    Waiting(row.identity_id, row.name, row.joined_at) for row in waiting if row.group_id == group_id
                ),
                greeted=frozenset(identity for group, identity in welcomed if group == group_id),
                wakes_at=clocks.get(group_id),
            )
            for group_id in group_ids
        }
    )


def save(memory: Memory) -> None:
    """Writes what has changed: one row per member and group, in its last state."""
    if not memory.changes:
        return
    seat = ("group_id", "identity_id")
    known = set(rows.select(Newcomer, seat, seat, list(memory.changes)))
    columns = ["state", "joined_at", "name", "greeted_at", "group_id", "identity_id"]
    written = [
        (one.state, one.joined_at, one.name, one.greeted_at, group, member)
        for (group, member), one in memory.changes.items()
    ]
    rows.insert(Newcomer, columns, [row for row in written if row[-2:] not in known])
    rows.update(Newcomer, columns[:4], columns[4:], [row for row in written if row[-2:] in known])

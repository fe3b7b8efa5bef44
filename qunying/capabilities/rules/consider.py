"""What is to be done so that every rule reaches everybody: said in the group, before it matters, then in private. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from qunying.capabilities.rules.knowing import NAME, REACH, Memory
from qunying.capabilities.rules.plan import NEXT_LOT, Due, due_at, next_at
from qunying.capabilities.rules.remember import after_doing, with_news
from qunying.capabilities.rules.words import said_in_group, said_in_private, settings_of
from qunying.kernel.effects import Effect, Say, WakeAt, Whisper
from qunying.kernel.events import Event, FactHappened, MemberJoined, TimerDue
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.readings import Reading
from qunying.kernel.scene import GroupScene, Scene

STAYS_GOOD = timedelta(hours=12)


def consider(event: Event, reading: Reading, scene: Scene, memory: Memory) -> Opinion | None:
    """Who is to be told of which rule now, and when to look again."""
    group = scene.group(event)
    if group is None or not group.rules:
        return None
    match event:
        case TimerDue(capability="rules"):
            return _about_the_hour(event.at, group, memory)
        case FactHappened(capability="rules") if group.id in memory.members:
            return _about_news(event.at, group, with_news(memory, event, group))
        case MemberJoined():
            return _about_joining(event, scene, group, memory)
        case _:
            return None


def _about_the_hour(at: datetime, group: GroupScene, memory: Memory) -> Opinion:
    if group.quiet.covers(at):
        return Opinion(NAME, Reason("rules.quiet_now"), (WakeAt(key=REACH, at=group.quiet.next_open(at)),))
    due = due_at(group, memory, at)
    wakes_at = next_at(group, after_doing(memory, group, due, at), at)
    wake = (WakeAt(key=REACH, at=max(wakes_at, at + NEXT_LOT)),) if wakes_at else ()
    return Opinion(NAME, _why(group, due), (*effects_of(group, due, at), *wake))


def _why(group: GroupScene, due: Due) -> Reason:
    names = "、".join(rule.name for rule in due.said or (due.told[0][1] if due.told else ()))
    if due.said and due.told:
        return Reason("rules.says_and_tells", {"names": names, "people": len(due.told)})
    if due.said:
        return Reason("rules.says", {"names": names})
    if due.told:
        return Reason("rules.tells", {"names": names, "people": len(due.told)})
    return Reason("rules.nothing_due")


def effects_of(group: GroupScene, due: Due, at: datetime) -> tuple[Effect, ...]:
    """What is due, as effects: at most one saying in the group, and one private message for each who is told."""
    says: tuple[Effect, ...] = ()
    if due.said:
        says = (
            Say(
                group_id=group.id,
                text=said_in_group(group, due.said),
                expires_after=_good_for([rule.ends_at for rule in due.said], at),
                by_day=True,
            ),
        )
    return (
        *says,
        *(
            Whisper(
                group_id=group.id,
                member=member,
                text=said_in_private(group, rules),
                expires_after=_good_for([rule.ends_at for rule in rules], at),
                by_day=True,
            )
            for member, rules in due.told
        ),
    )


def _good_for(ends: list[datetime | None], at: datetime) -> timedelta:
    """What ends in an hour need not be said in two."""
    return min([STAYS_GOOD, *(end - at for end in ends if end is not None and end > at)])


def _about_news(at: datetime, group: GroupScene, memory: Memory) -> Opinion | None:
    """A rule, a mode or what became of an effect is new: the next moment may be another one."""
    wakes_at = next_at(group, memory, at)
    if wakes_at is None or memory.wakes_at.get(group.id) == wakes_at:
        return None
    return Opinion(NAME, Reason("rules.plans"), (WakeAt(key=REACH, at=wakes_at),))


def _about_joining(event: MemberJoined, scene: Scene, group: GroupScene, memory: Memory) -> Opinion | None:
    """Whoever comes has not seen what was said before: they are looked for once they had time to read."""
    member = scene.member(event, event.member)
    if member.is_staff:
        return None
    looks_at = group.quiet.next_open(event.at + timedelta(hours=settings_of(group).private_after_hours))
    wakes_at = memory.wakes_at.get(group.id)
    if wakes_at is not None and wakes_at <= looks_at:
        return None
    return Opinion(NAME, Reason("rules.waits_for", {"name": member.shown_name}), (WakeAt(key=REACH, at=looks_at),))

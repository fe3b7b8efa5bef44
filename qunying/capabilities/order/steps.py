"""A step of a ladder as effects, in the order in which they are to happen. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from qunying.capabilities.order.ladders import Step
from qunying.capabilities.order.words import said_when_removed, said_when_warned
from qunying.kernel.effects import Ban, DeleteMessage, Effect, Forfeit, Mute, RemoveMember, Say, Whisper
from qunying.kernel.scene import GroupScene, Member

WARNING_STAYS_GOOD = timedelta(minutes=30)


def effects_of(step: Step, group: GroupScene, member: Member, message_key: str, rule: str) -> tuple[Effect, ...]:
    """What that step does to a member because of a message; whoever is removed is told why, in private."""
    return tuple(_effects(step, group, member, message_key, rule))


def _effects(step: Step, group: GroupScene, member: Member, message_key: str, rule: str) -> Iterator[Effect]:
    who = member.identity_id
    if step.has("delete") and message_key:
        yield DeleteMessage(group_id=group.id, message_key=message_key, member=who)
    if step.has("forfeit"):
        yield Forfeit(group_id=group.id, member=who)
    if step.has("mute"):
        yield Mute(group_id=group.id, member=who, duration=step.mute)
    if step.has("remove") or step.has("ban"):
        yield Whisper(group_id=group.id, member=who, text=said_when_removed(group, rule), is_farewell=True)
    if step.has("ban"):
        yield Ban(group_id=group.id, member=who)
    elif step.has("remove"):
        yield RemoveMember(group_id=group.id, member=who)
    if step.has("notice") or step.has("warn"):
        yield Say(
            group_id=group.id,
            text=said_when_warned(group, member.shown_name, rule, step),
            mentions=(who,),
            member=who,
            is_warning=True,
            expires_after=WARNING_STAYS_GOOD,
        )
    if step.has("whisper"):
        yield Whisper(group_id=group.id, member=who, text=said_when_warned(group, "", rule, step), is_warning=True)

"""Capabilities that only tests have: they reply, sanction, ask people and set timers at every occasion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from qunying.kernel.capability import Capability
from qunying.kernel.effects import (
    CancelWake,
    DeleteMessage,
    Effect,
    Mute,
    OpenCase,
    OpenIncident,
    OpenTask,
    RemoveMember,
    Say,
    WakeAt,
)
from qunying.kernel.events import Event, MemberLeft, MessageReceived, TimerDue
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.scene import Scene
from qunying.pipeline.roster import ROSTER


def _guard(event: Event, reading: Mapping[str, Any], scene: Scene, memory: Any) -> Opinion | None:
    """Deletes and removes for 加V, mutes for 广告, asks a person about 骂, finds a quarrel in 吵."""
    if not isinstance(event, MessageReceived) or event.is_own or event.group_id is None:
        return None
    member = scene.member(event, event.sender).identity_id
    effects: list[Effect] = []
    if "加V" in event.text:
        effects.append(DeleteMessage(group_id=event.group_id, message_key=event.source_key, member=member))
        effects.append(RemoveMember(group_id=event.group_id, member=member))
    if "广告" in event.text:
        effects.append(Mute(group_id=event.group_id, member=member, duration=timedelta(minutes=10)))
    if "骂" in event.text:
        effects.append(OpenCase(key=f"rude:{event.sender.ref}", kind="rude", group_id=event.group_id, member=member))
    if "吵" in event.text:
        mentioned = tuple(scene.member(event, one).identity_id for one in event.mentions)
        quarrel = OpenIncident(
            key=f"quarrel:{event.group_id}",
            kind="quarrel",
            group_id=event.group_id,
            members=(member, *mentioned),
            message_keys=(event.source_key,),
        )
        effects.append(quarrel)
    return Opinion("guard", Reason("guard.saw", {"letters": len(event.text)}), tuple(effects)) if effects else None


def _echo(event: Event, reading: Mapping[str, Any], scene: Scene, memory: Any) -> Opinion | None:
    """Answers questions, and reminds a minute after 等; mutes for 广告 with less conviction than the guard."""
    if isinstance(event, TimerDue) and event.capability == "echo":
        task = OpenTask(key=f"remind:{event.timer_key}", kind="remind", title="到点了", group_id=event.group_id)
        return Opinion("echo", Reason("echo.reminds"), (task,))
    if isinstance(event, MemberLeft):
        return Opinion("echo", Reason("echo.forgets"), (CancelWake(key=event.member.ref),))
    if not isinstance(event, MessageReceived) or event.is_own or event.group_id is None:
        return None
    member = scene.member(event, event.sender).identity_id
    effects: list[Effect] = []
    if "？" in event.text:
        effects.append(
            Say(group_id=event.group_id, text="稍等，马上有人来", reply_to=event.source_key, mentions=(member,))
        )
    if "等" in event.text:
        effects.append(
            WakeAt(key=event.sender.ref, at=event.at + timedelta(minutes=1), payload={"of": event.source_key})
        )
    if "广告" in event.text:
        effects.append(Mute(group_id=event.group_id, member=member, duration=timedelta(minutes=1)))
    return Opinion("echo", Reason("echo.heard"), tuple(effects), confidence=0.5) if effects else None


GUARD = Capability(name="guard", title="试探", consider=_guard)
ECHO = Capability(name="echo", title="回声", consider=_echo)
OPINIONATED = (*ROSTER, GUARD, ECHO)

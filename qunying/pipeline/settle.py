"""From opinions to one decision: pure, and the only place where capabilities meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from qunying.kernel.capability import Capability, OnError
from qunying.kernel.effects import Effect, EffectState, Inside, OpenCase, Outside, Say, member_of
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Decision, Opinion, Reason
from qunying.kernel.scene import Mode, Scene

REPLY_GAP = timedelta(minutes=1)
_Target: TypeAlias = tuple[int | None, int | None, EffectState]

_STATE_OF_MODE = {
    Mode.OBSERVE: EffectState.SIMULATED,
    Mode.SUGGEST: EffectState.NEEDS_APPROVAL,
    Mode.ACT: EffectState.WAITING,
}


def settle(event: Event, scene: Scene, opinions: Sequence[Opinion]) -> Decision:
    """One decision about one event.

    Per member only the strongest sanction remains; of several replies the most confident one, and none within a minute
    of the last in that group. What remains is carried out, proposed or only noted, as the group's mode for the
    capability says: what is only noted or proposed never stands in the way of what is carried out. Who is off is not
    heard. The order of opinions among equals does not matter.
    """
    if not opinions:
        return Decision(event)  # of most events nobody has anything to say
    heard = [opinion for opinion in opinions if _mode(event, scene, opinion) is not Mode.OFF]
    ranked = sorted(heard, key=lambda opinion: (-opinion.confidence, opinion.capability))
    acts = [act for opinion in ranked for act in _acts(event, scene, opinion)]
    acts = _one_reply(_strongest_sanctions(acts), scene.replied_at.get(event.group_id or 0), event.at)
    return Decision(event, tuple(ranked), tuple(acts))


def failed(capability: Capability, event: Event, error: Exception) -> Opinion:
    """The opinion of a capability that raised: it says so, and where that is too risky a person looks first."""
    effects: tuple[OpenCase, ...] = ()
    if capability.on_error is OnError.HOLD_FOR_HUMAN:
        key = f"failed:{event.key}:{capability.name}"
        effects = (OpenCase(key=key, kind="failed", group_id=event.group_id, capability=capability.name),)
    return Opinion(capability.name, Reason("pipeline.failed", {"error": f"{error!r:.200}"}), effects, confidence=0.0)


def remember_replies(scene: Scene, decision: Decision) -> Scene:
    """The scene as the next event sees it: whether this one was answered."""
    group_id, at = decision.event.group_id, decision.event.at
    if group_id is None or not any(_is_reply(act) and act.state is EffectState.WAITING for act in decision.acts):
        return scene
    return replace(scene, replied_at={**scene.replied_at, group_id: max(at, scene.replied_at.get(group_id, at))})


def _mode(event: Event, scene: Scene, opinion: Opinion) -> Mode:
    group = scene.group(event)
    return group.mode(opinion.capability) if group else Mode.ACT


def _acts(event: Event, scene: Scene, opinion: Opinion) -> list[Act]:
    mode = _mode(event, scene, opinion)
    return [
        Act(
            effect=effect,
            capability=opinion.capability,
            reason=opinion.reason,
            key=f"{event.key}/{opinion.capability}/{number}",
            state=_state(effect, mode, opinion),
            confidence=opinion.confidence,
        )
        for number, effect in enumerate(opinion.effects)
    ]


def _state(effect: Effect, mode: Mode, opinion: Opinion) -> EffectState:
    """Notes are taken in every mode; what somebody feels follows the mode, and waits for a person where that is asked for."""
    if isinstance(effect, Inside):
        return EffectState.WAITING
    if mode is Mode.ACT and opinion.asks_first:
        return EffectState.NEEDS_APPROVAL
    return _STATE_OF_MODE[mode]


def _strongest_sanctions(acts: Sequence[Act]) -> list[Act]:
    """A member who is removed need not be muted too, but where they sit in several groups, in each of them something is."""
    strongest: dict[_Target, Act] = {}
    for act in acts:
        target = _target(act)
        if _sanction(act) and (target not in strongest or _sanction(act) > _sanction(strongest[target])):
            strongest[target] = act
    return [act for act in acts if not _sanction(act) or act is strongest[_target(act)]]


def _target(act: Act) -> _Target:
    return getattr(act.effect, "group_id", None), member_of(act.effect), act.state


def _one_reply(acts: Sequence[Act], last: datetime | None, at: datetime) -> list[Act]:
    """Who is answered twice feels talked at."""
    is_too_soon = last is not None and at - last < REPLY_GAP
    answered: set[EffectState] = set()
    kept: list[Act] = []
    for act in acts:
        if _is_reply(act):
            if is_too_soon or act.state in answered:
                continue
            answered.add(act.state)
        kept.append(act)
    return kept


def _is_reply(act: Act) -> bool:
    """A warning is no reply: whoever broke a rule is told, however much is said."""
    return isinstance(act.effect, Say) and bool(act.effect.reply_to) and not act.effect.is_warning


def _sanction(act: Act) -> int:
    return act.effect.sanction if isinstance(act.effect, Outside) else 0

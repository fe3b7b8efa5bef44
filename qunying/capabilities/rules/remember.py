"""Who has seen which rule, as every event tells: pure, the same for a batch of two hundred as for two hundred of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from qunying.capabilities.rules.knowing import (
    ASKED,
    CONFIRMED,
    FAILED,
    NAME,
    NOTED,
    REPLIED,
    SURER,
    TOLD,
    WAITING,
    WARNED,
    WROTE,
    Meaning,
    Memory,
    Reach,
    Reminder,
    Spoken,
    Warned,
    meaning_of,
)
from qunying.capabilities.rules.plan import Due
from qunying.capabilities.rules.recognising import confirms, names, says
from qunying.kernel.effects import EffectState, Say, WakeAt, Whisper
from qunying.kernel.events import Event, FactHappened, MemberJoined, MemberLeft, MessageReceived, TimerDue
from qunying.kernel.keys import fitted
from qunying.kernel.opinions import Decision
from qunying.kernel.scene import GroupScene, Member, Mode, RuleInForce, Scene

SEEN_WITHIN = timedelta(hours=24)
STATES: Mapping[EffectState, str] = {
    EffectState.SIMULATED: NOTED,
    EffectState.NEEDS_APPROVAL: ASKED,
    EffectState.WAITING: WAITING,
}
_AT_ONCE = {Mode.OBSERVE: NOTED, Mode.SUGGEST: ASKED, Mode.ACT: WAITING}


def remember(memory: Memory, event: Event, decision: Decision, scene: Scene) -> Memory:
    """The memory as the next event sees it."""
    group = scene.group(event)
    if group is None:
        return _with_answer(memory, event, scene)
    if not group.rules:
        return memory
    memory = _with_seat(memory, event, group, scene)
    if group.mode(NAME) is Mode.OFF:
        return memory
    match event:
        case MessageReceived():
            memory = _with_message(memory, event, group, scene)
        case MemberJoined():
            memory = _with_comer(memory, group, scene.member(event, event.member), event.at)
        case MemberLeft():
            memory = _without(memory, group, scene.member(event, event.member).identity_id)
        case FactHappened(capability="rules"):
            memory = with_news(memory, event, group)
        case TimerDue(capability="rules"):
            memory = replace(memory, wakes_at={pk: at for pk, at in memory.wakes_at.items() if pk != group.id})
    return _heed(memory, group, decision)


def after_doing(memory: Memory, group: GroupScene, due: Due, at: datetime) -> Memory:
    """The memory as it will be once that is decided on."""
    state = _AT_ONCE.get(group.mode(NAME), NOTED)
    memory = with_said(memory, group, due.said, at, "", state)
    for number, (member, rules) in enumerate(due.told):
        memory = with_reminded(memory, group, member, rules, at, f"{at.isoformat()}:{number}", state)
    return memory


def with_reached(memory: Memory, meaning: Meaning, member: int, reach: Reach) -> Memory:
    """Somebody has seen that rule; what is surer than what was known replaces it."""
    known = memory.reached.get((meaning, member))
    if known is not None and SURER.index(known.how) >= SURER.index(reach.how):
        return memory
    who = (meaning, member)
    return replace(memory, reached={**memory.reached, who: reach}, new_reached=memory.new_reached | frozenset({who}))


def with_reminded(
    memory: Memory, group: GroupScene, member: int, rules: Sequence[RuleInForce], at: datetime, key: str, state: str
) -> Memory:
    """Somebody is told of these rules in private, or would be, or a person is asked whether they shall be."""
    meanings = tuple(meaning_of(rule) for rule in rules)
    memory = _with_reminder(memory, Reminder(key, group.community_id, group.id, member, at, meanings, state))
    if state == WAITING:
        for meaning in meanings:
            memory = with_reached(memory, meaning, member, Reach(TOLD, at, group.id, key))
    return memory


def _with_reminder(memory: Memory, reminder: Reminder) -> Memory:
    key = reminder.act_key
    return replace(
        memory,
        reminders={**memory.reminders, key: reminder},
        new_reminders=memory.new_reminders | frozenset({key}),
    )


def _with_message(memory: Memory, event: MessageReceived, group: GroupScene, scene: Scene) -> Memory:
    if event.is_own:
        return _with_heard(memory, event, group)
    member = scene.member(event, event.sender)
    if member.is_staff:
        return _with_heard(memory, event, group)
    for rule in group.rules:
        how = _how_seen(memory, event, group, member, rule)
        if how:
            memory = with_reached(memory, meaning_of(rule), member.identity_id, Reach(how, event.at, group.id))
    return memory


def _with_heard(memory: Memory, event: MessageReceived, group: GroupScene) -> Memory:
    """We or one of our staff said a rule: from now on it can be seen. Nobody has seen it by that alone."""
    for rule in group.rules:
        if says(event.text, rule):
            before = memory.spoken_in(group.id, rule)
            if before.heard_at is None or event.at >= before.heard_at:
                after = replace(
                    before,
                    first_heard_at=before.first_heard_at or event.at,
                    heard_at=event.at,
                    source_key=event.source_key,
                )
                memory = _with_spoken(memory, group.id, meaning_of(rule), after)
    return memory


def _how_seen(memory: Memory, event: MessageReceived, group: GroupScene, member: Member, rule: RuleInForce) -> str:
    spoken = memory.spoken_in(group.id, rule)
    if spoken.heard_at is None or event.at <= spoken.heard_at:
        return ""
    is_reply = bool(event.reply_to) and event.reply_to == spoken.source_key
    was_there = member.joined_at is None or member.joined_at <= spoken.heard_at
    if not is_reply and (not was_there or event.at - spoken.heard_at > SEEN_WITHIN):
        return ""
    if confirms(event.text):
        return CONFIRMED
    return REPLIED if is_reply else WROTE


def _with_answer(memory: Memory, event: Event, scene: Scene) -> Memory:
    """Somebody answers in private that they have read what they were told there."""
    if not isinstance(event, MessageReceived) or not event.is_private or event.is_own or not confirms(event.text):
        return memory
    who = scene.member(event, event.sender).identity_id
    told = [one for one in memory.reminders.values() if one.identity_id == who and one.state == WAITING]
    for one in told:
        if one.community_id == event.community_id and one.at <= event.at:
            for meaning in one.meanings:
                memory = with_reached(memory, meaning, who, Reach(CONFIRMED, event.at, one.group_id))
    return memory


def _with_seat(memory: Memory, event: Event, group: GroupScene, scene: Scene) -> Memory:
    """Which group reminds somebody may be another one once they came or went."""
    if not memory.members or not isinstance(event, MemberJoined | MemberLeft):
        return memory
    who = scene.member(event, event.member).identity_id
    before = memory.seats.get(who, frozenset())
    after = before | {group.id} if isinstance(event, MemberJoined) else before - {group.id}
    return replace(memory, seats={**memory.seats, who: after})


def _with_comer(memory: Memory, group: GroupScene, member: Member, at: datetime) -> Memory:
    there = memory.members.get(group.id)
    if there is None or member.is_staff:
        return memory
    return replace(memory, members={**memory.members, group.id: {**there, member.identity_id: at}})


def _without(memory: Memory, group: GroupScene, who: int) -> Memory:
    there = memory.members.get(group.id)
    if there is None or who not in there:
        return memory
    left = {member: at for member, at in there.items() if member != who}
    return replace(memory, members={**memory.members, group.id: left})


def with_news(memory: Memory, event: FactHappened, group: GroupScene) -> Memory:
    """What became of something we set out to say: who was not told after all has not seen it, who is told now has."""
    key = str(event.payload.get("key", ""))
    match event.name:
        case "effect.failed" | "effect.expired":
            return _with_failed(memory, key)
        case "effect.approved":
            return _with_warning_let_go(_with_let_go(memory, key, event.at), group, key, event.at)
        case _:
            return memory


def _with_failed(memory: Memory, key: str) -> Memory:
    if key in memory.reminders:
        memory = _with_reminder(memory, replace(memory.reminders[key], state=FAILED))
    untold = [who for who, one in memory.reached.items() if one is not None and one.act_key == key]
    if untold:
        reached = {**memory.reached, **dict.fromkeys(untold)}
        memory = replace(memory, reached=reached, new_reached=memory.new_reached | frozenset(untold))
    for place, one in memory.spoken.items():
        if one.act_key == key:
            memory = _with_spoken(memory, *place, replace(one, state=FAILED))
    return memory


def _with_let_go(memory: Memory, key: str, at: datetime) -> Memory:
    reminder = memory.reminders.get(key)
    if reminder is not None and reminder.state in {ASKED, FAILED}:
        memory = _with_reminder(memory, replace(reminder, state=WAITING))
        for meaning in reminder.meanings:
            memory = with_reached(memory, meaning, reminder.identity_id, Reach(TOLD, at, reminder.group_id, key))
    for place, one in memory.spoken.items():
        if one.act_key == key and one.state in {ASKED, FAILED}:
            memory = _with_spoken(memory, *place, replace(one, state=WAITING))
    return memory


def _with_warning_let_go(memory: Memory, group: GroupScene, key: str, at: datetime) -> Memory:
    """A person said yes to warning somebody."""
    warned = memory.warnings.get(key)
    return _with_warned(memory, group, warned, at, key) if warned else memory


def _heed(memory: Memory, group: GroupScene, decision: Decision) -> Memory:
    """Takes over what was decided: what we set out to say, and whom a warning told."""
    for act in decision.acts:
        key = fitted(act.key, 255)
        match act.effect:
            case Say(text=text) if act.capability == NAME:
                said = [rule for rule in group.rules if says(text, rule)]
                memory = with_said(memory, group, said, decision.event.at, key, STATES.get(act.state, NOTED))
            case Whisper(text=text, member=member) if act.capability == NAME:
                told = [rule for rule in group.rules if says(text, rule)]
                state = STATES.get(act.state, NOTED)
                memory = with_reminded(memory, group, member, told, decision.event.at, key, state)
            case Say(is_warning=True, text=text, member=int(who)) | Whisper(is_warning=True, text=text, member=who) if (
                act.state is EffectState.WAITING
            ):
                memory = _with_warned(memory, group, Warned(who, text), decision.event.at, key)
            case WakeAt(at=at) if act.capability == NAME:
                memory = replace(memory, wakes_at={**memory.wakes_at, group.id: at})
    return memory


def _with_warned(memory: Memory, group: GroupScene, warned: Warned, at: datetime, key: str) -> Memory:
    """Whoever was just warned with a rule has been told of it."""
    for rule in group.rules:
        if names(warned.text, rule):
            reach = Reach(WARNED, at, group.id, key)
            memory = with_reached(memory, meaning_of(rule), warned.member_id, reach)
    return memory


def with_said(
    memory: Memory, group: GroupScene, rules: Iterable[RuleInForce], at: datetime, key: str, state: str
) -> Memory:
    """We set out to say these rules in a group, or would, or a person is asked whether we shall."""
    for rule in rules:
        before = memory.spoken_in(group.id, rule)
        after = replace(before, asked_at=at, act_key=key, state=state)
        memory = _with_spoken(memory, group.id, meaning_of(rule), after)
    return memory


def _with_spoken(memory: Memory, group_id: int, meaning: Meaning, spoken: Spoken) -> Memory:
    place = (group_id, meaning)
    return replace(memory, spoken={**memory.spoken, place: spoken}, new_spoken=memory.new_spoken | frozenset({place}))

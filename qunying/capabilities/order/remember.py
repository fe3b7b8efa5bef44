"""What order remembers of one event for the next ones: pure, the same for a batch of two hundred as for two hundred of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from qunying.capabilities.order.flood import LONG, is_wordless, said_of
from qunying.capabilities.order.flood import WITHIN as FLOOD_WITHIN
from qunying.capabilities.order.heat import KEPT_FROM, heat_of
from qunying.capabilities.order.knowing import NAME, NEWCOMER_FOR, Found, Memory, Sanction, Trace
from qunying.capabilities.order.lists import OWN
from qunying.capabilities.order.pictures import picture_marks
from qunying.capabilities.order.seen import seen_of
from qunying.capabilities.order.signs import Signs, Told, may_show_handles, read_signs, sketch_of_plain
from qunying.capabilities.order.waves import WAVE
from qunying.capabilities.order.words import settings_of
from qunying.kernel.effects import (
    Ban,
    DeleteMessage,
    Effect,
    EffectState,
    Forfeit,
    Mute,
    OpenIncident,
    RemoveMember,
    Say,
    Whisper,
    member_of,
)
from qunying.kernel.events import Event, MemberJoined, MessageEdited, MessageReceived, PictureRead
from qunying.kernel.opinions import Decision, Opinion
from qunying.kernel.scene import GroupScene, Member, Scene

SKETCH = 48  # numbers of a sketch that are kept
DRAWING = frozenset({"order.draws", "order.draws_little", "order.wave", "order.poses_as_staff", "order.just_told"})
DECIDED = (EffectState.WAITING, EffectState.NEEDS_APPROVAL)


def remember(memory: Memory, event: Event, decision: Decision, scene: Scene) -> Memory:
    """The memory as the next event sees it."""
    group = scene.group(event)
    if group is None:
        return memory
    memory = _with_said(memory, event, group, scene)
    if group.id in memory.lists:
        memory = _with_finds(memory, event, group, scene)
    traces = tuple(_traces(memory, event, decision, group, scene))
    sanctions = tuple(_sanctions(decision, group)) if decision.acts else ()
    return _with(memory, traces, sanctions) if traces or sanctions else memory


def _with_said(memory: Memory, event: Event, group: GroupScene, scene: Scene) -> Memory:
    """How much somebody says is remembered, and for a minute what."""
    if not isinstance(event, MessageReceived) or event.is_own:
        return memory
    who = group.id, scene.member(event, event.sender).identity_id
    spoken, said = {**memory.spoken, who: memory.spoken.get(who, 0) + 1}, memory.said
    earlier = [one for one in said.get(who, ()) if event.at - one.at <= FLOOD_WITHIN]
    seen, is_picture = seen_of(memory, group.id, event.text), is_wordless(event.text, event.kind)
    said = {**said, who: (*earlier, said_of(event.source_key, event.at, seen, is_wordless=is_picture))}
    return memory.having_said(said, spoken)


def _with_finds(memory: Memory, event: Event, group: GroupScene, scene: Scene) -> Memory:
    """How often each word of a list is found in what members say."""
    if not isinstance(event, MessageReceived | MessageEdited) or scene.member(event, event.sender).is_staff:
        return memory
    words = dict.fromkeys(
        (hit.listed, hit.word) for hit in seen_of(memory, group.id, event.text).hits if hit.listed != OWN
    )
    finds = tuple(Found(listed, word, event.at) for listed, word in words)
    return replace(memory, new_finds=(*memory.new_finds, *finds)) if finds else memory


def _with(memory: Memory, traces: tuple[Trace, ...], sanctions: tuple[Sanction, ...]) -> Memory:
    known = dict(memory.traces)
    for trace in traces:
        place = trace.community_id, trace.kind
        known[place] = (*known.get(place, ()), trace)
    against = dict(memory.sanctions)
    for one in sanctions:
        who = (one.community_id, one.identity_id)
        against[who] = (*against.get(who, ()), one)
    return replace(
        memory,
        traces=known,
        sanctions=against,
        new_traces=(*memory.new_traces, *traces),
        new_sanctions=(*memory.new_sanctions, *sanctions),
    )


def _traces(memory: Memory, event: Event, decision: Decision, group: GroupScene, scene: Scene) -> Iterator[Trace]:
    match event:
        case MemberJoined():
            who = scene.member(event, event.member).identity_id
            yield Trace(event.key, event.community_id, group.id, who, event.at, "join")
        case MessageReceived(is_own=False) | MessageEdited() | PictureRead():
            member = scene.member(event, event.sender)
            if member.is_staff:
                yield from _of_staff(event, group, member)
                return
            if decision.opinions:
                yield from _of_member(event, decision, group, member)
                yield from _opened(decision, group, member)
            if is_new_to(event, member):
                yield from _of_newcomer(memory, event, group, member)


def _of_staff(event: Told, group: GroupScene, member: Member) -> Iterator[Trace]:
    """What staff show may be passed on by anybody."""
    marks = picture_marks(event) | (read_signs(event).marks if may_show_handles(event) else frozenset[int]())
    if marks:
        yield _trace(event, group, member, "official", marks=marks)


def _of_member(event: Told, decision: Decision, group: GroupScene, member: Member) -> Iterator[Trace]:
    ours = _ours(decision)
    if ours is None:
        return
    heat = heat_of(ours)
    if heat >= KEPT_FROM:
        yield _trace(event, group, member, "heat", heat)
    if ours.reason.code in DRAWING and ours.evidence:
        signs = read_signs(event)
        trace = _trace(event, group, member, "draw", ours.confidence, marks=signs.marks)
        yield replace(trace, sketch=_kept(signs), looks=signs.looks)


def _of_newcomer(memory: Memory, event: Told, group: GroupScene, member: Member) -> Iterator[Trace]:
    seen = seen_of(memory, group.id, event.text)
    if isinstance(event, MessageReceived) and len(seen.plain) >= LONG:
        yield _trace(event, group, member, "same", marks=frozenset({seen.letters}))


def is_new_to(event: Event, member: Member) -> bool:
    """Whether they have just come."""
    return member.joined_at is not None and event.at - member.joined_at <= NEWCOMER_FOR


def _opened(decision: Decision, group: GroupScene, member: Member) -> Iterator[Trace]:
    """That an incident was opened; or else that a group was told who its staff is, which begins what may become one."""
    event, ours = decision.event, [act.effect for act in decision.acts if act.capability == NAME]
    opened = [(one.key, frozenset(one.members)) for one in ours if isinstance(one, OpenIncident)]
    if not opened and any(isinstance(one, Say) and not one.is_warning for one in ours):
        opened = [(f"{WAVE}{event.key}", frozenset[int]())]
    for key, about in opened:
        yield Trace(key, event.community_id, group.id, member.identity_id, event.at, "opened", marks=about)


def _trace(
    event: Told,
    group: GroupScene,
    member: Member,
    kind: str,
    score: float = 0.0,
    *,
    marks: frozenset[int] = frozenset(),
) -> Trace:
    is_new = is_new_to(event, member)
    return Trace(
        event.source_key, event.community_id, group.id, member.identity_id, event.at, kind, score, marks, is_new=is_new
    )


def _kept(signs: Signs) -> frozenset[int]:
    return frozenset(sorted(sketch_of_plain(signs.plain))[:SKETCH])


def _ours(decision: Decision) -> Opinion | None:
    return next((one for one in decision.opinions if one.capability == NAME), None)


def _sanctions(decision: Decision, group: GroupScene) -> Iterator[Sanction]:
    """Who had something done to them by this decision, or is to have, and at which step of which rule."""
    ours, event = _ours(decision), decision.event
    if ours is None or "step" not in ours.reason.params:
        return
    counts = timedelta(days=settings_of(group).counts_days)
    met = {
        member_of(act.effect): act.state is EffectState.NEEDS_APPROVAL
        for act in decision.acts
        if act.capability == NAME and act.state in DECIDED and _touches(act.effect, event)
    }
    for who, is_asked in sorted((one, asked) for one, asked in met.items() if one is not None):
        yield Sanction(
            cause_key=event.key,
            community_id=event.community_id,
            group_id=group.id,
            identity_id=who,
            rule=str(ours.reason.params["rule"]),
            step=int(ours.reason.params["step"]),
            at=event.at,
            expires_at=event.at + counts,
            is_asked=is_asked,
        )


def _touches(effect: Effect, event: Event) -> bool:
    """Whether somebody feels it themselves. That a message goes is a step where the step is about that message."""
    if isinstance(effect, Say | Whisper):
        return effect.is_warning
    if isinstance(effect, DeleteMessage):
        return (
            isinstance(event, MessageReceived | MessageEdited | PictureRead) and effect.message_key == event.source_key
        )
    return isinstance(effect, Mute | RemoveMember | Ban | Forfeit)

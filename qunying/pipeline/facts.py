"""What a batch leaves in the journal: who came and went, and what was thought and decided about each event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qunying.journal.actions import do_record_facts
from qunying.kernel.events import (
    CardChanged,
    Event,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageReceived,
    MuteChanged,
    PictureRead,
    Who,
)
from qunying.kernel.facts import Fact
from qunying.kernel.opinions import Act, Decision, Opinion
from qunying.kernel.scene import Scene


def do_record(decisions: Sequence[Decision], scene: Scene) -> None:
    """Writes the facts of these decisions."""
    do_record_facts([fact for decision in decisions for fact in _facts(decision, scene)])


def _facts(decision: Decision, scene: Scene) -> Iterator[Fact]:
    event = decision.event
    match event:
        case MemberJoined(member=who, inviter=inviter, via=via):
            words: dict[str, object] = {"via": via}
            if inviter:
                words["inviter"] = scene.member(event, inviter).identity_id
            yield _about(event, scene, who, "member.joined", words)
        case MemberLeft(member=who, operator=operator):
            words = {"operator": scene.member(event, operator).identity_id} if operator else {}
            yield _about(event, scene, who, "member.left", words)
        case CardChanged(member=who):
            yield _about(event, scene, who, "card.changed", {}, personal={"card": who.card, "role": who.role})
        case MuteChanged(member=who, until=until, operator=operator):
            words = {"operator": scene.member(event, operator).identity_id} if operator else {}
            name = f"{'member' if who else 'group'}.{'muted' if until else 'unmuted'}"
            if who is None:
                yield _about_group(event, name, words)
            else:
                yield _about(event, scene, who, name, {**words, **({"until": until.isoformat()} if until else {})})
        case JoinRequested(member=who, request_ref=ref):
            yield _about(event, scene, who, "member.asked", {"request": ref}, personal={"words": event.words})
    if decision.opinions:
        yield _decision(decision, scene)


def _about(
    event: Event, scene: Scene, who: Who, name: str, words: dict[str, object], personal: dict[str, object] | None = None
) -> Fact:
    return Fact(
        name=name,
        at=event.at,
        community_id=event.community_id,
        group_id=event.group_id,
        identity_id=scene.member(event, who).identity_id,
        key=f"{name}:{event.key}",
        words=words,
        personal=personal or {},
    )


def _about_group(event: Event, name: str, words: dict[str, object]) -> Fact:
    return Fact(
        name=name,
        at=event.at,
        community_id=event.community_id,
        group_id=event.group_id,
        key=f"{name}:{event.key}",
        words=words,
    )


def _decision(decision: Decision, scene: Scene) -> Fact:
    event = decision.event
    who = _subject(event)
    return Fact(
        name="decision.made",
        at=event.at,
        community_id=event.community_id,
        group_id=event.group_id,
        identity_id=scene.member(event, who).identity_id if who else None,
        message_key=event.source_key if isinstance(event, MessageReceived | PictureRead) else "",
        key=f"decision:{event.key}",
        words={
            "event": type(event).__name__,
            "opinions": [_opinion(opinion) for opinion in decision.opinions],
            "acts": [_act(act) for act in decision.acts],
        },
    )


def _subject(event: Event) -> Who | None:
    match event:
        case MessageReceived() | PictureRead():
            return event.sender
        case MemberJoined() | MemberLeft() | CardChanged() | JoinRequested() | MuteChanged():
            return event.member
        case _:
            return None


def _opinion(opinion: Opinion) -> dict[str, object]:
    return {
        "capability": opinion.capability,
        "reason": opinion.reason.code,
        "params": dict(opinion.reason.params),
        "confidence": opinion.confidence,
        "effects": [type(effect).__name__ for effect in opinion.effects],
    }


def _act(act: Act) -> dict[str, object]:
    return {"key": act.key, "kind": type(act.effect).__name__, "capability": act.capability, "state": act.state.value}

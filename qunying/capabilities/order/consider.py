"""What order thinks of one event: pure, so that a drill or a rehearsal on the past is exactly what happens live."""

from __future__ import annotations

from dataclasses import replace

from qunying.capabilities.order.asking import about_question
from qunying.capabilities.order.heard import BACK, Heard
from qunying.capabilities.order.heat import heat_of
from qunying.capabilities.order.knowing import NAME, Memory, Seen
from qunying.capabilities.order.listed import about_listed, about_watched
from qunying.capabilities.order.pictures import about_unreadable, signs_of, with_a_look
from qunying.capabilities.order.posing import LIKE_OURS, posing_of
from qunying.capabilities.order.promotion import about_promotion
from qunying.capabilities.order.repeats import about_repeating
from qunying.capabilities.order.rough import about_rough_words
from qunying.capabilities.order.seen import seen_of
from qunying.kernel.effects import Inside, OpenTask, Outside, RemoveMember
from qunying.kernel.events import Event, MemberJoined, MessageEdited, MessageReceived, PictureRead, TimerDue
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.readings import Reading
from qunying.kernel.scene import GroupScene, Scene
from qunying.kernel.texts import Sentence, mark

IN_DOUBT = 0.5


def consider(event: Event, reading: Reading, scene: Scene, memory: Memory) -> Opinion | None:
    """What is against the rules, in doubt, or to be left alone; None where there is nothing to say."""
    if isinstance(event, MessageReceived) and event.is_private and not event.is_own:
        return about_question(event, scene, memory)
    group = scene.group(event)
    if group is None:
        return None
    match event:
        case MessageReceived(is_own=False) | MessageEdited() | PictureRead():
            return _about_message(Heard(event, reading, group, scene.member(event, event.sender), memory))
        case MemberJoined():
            return _about_name(event, scene, group)
        case TimerDue(capability="order"):
            return _about_way_back(event, group)
        case _:
            return None


def _about_message(heard: Heard) -> Opinion | None:
    """The first that has something to say; staff and those whom nobody is to mind are never spoken of.

    What codes the pictures of staff show is wanted all the same: those may be passed on by anybody.
    """
    event = heard.event
    if heard.member.is_staff:
        return None if isinstance(event, PictureRead) else with_a_look(heard, None)
    if heard.is_exempt:
        return None
    seen, signs = seen_of(heard.memory, heard.group.id, event.text), signs_of(heard)
    promotion = about_promotion(heard, signs) if signs else None
    if isinstance(event, PictureRead):
        listed = about_listed(heard, seen.hits) if seen.hits else None
        return _harder(promotion, listed) or about_unreadable(heard, event)
    return with_a_look(heard, _about_words(heard, seen, promotion))


def _about_words(heard: Heard, seen: Seen, promotion: Opinion | None) -> Opinion | None:
    if seen.hits:
        return _about_listed(heard, seen, promotion)
    return promotion or about_rough_words(heard, seen) or about_repeating(heard, seen)


def _about_listed(heard: Heard, seen: Seen, promotion: Opinion | None) -> Opinion | None:
    """Where the operator has listed words of it: the harder of what those and promotion come to, and a quarrel is told of all the same."""
    rough = about_rough_words(heard, seen)
    listed = about_listed(heard, seen.hits, heat_of(rough))
    if listed is None:
        return promotion or rough or about_repeating(heard, seen) or about_watched(heard, seen.hits)
    opinion = _harder(listed, promotion) or listed
    notes = tuple(effect for effect in rough.effects if isinstance(effect, Inside)) if rough else ()
    return replace(opinion, effects=(*opinion.effects, *notes))


def _harder(one: Opinion | None, other: Opinion | None) -> Opinion | None:
    """The harder of two opinions, the first of equals."""
    return max((each for each in (one, other) if each), key=_hardness, default=None)


def _hardness(opinion: Opinion) -> tuple[bool, bool, int, int]:
    """Whether anything is done at all, and without asking; how hard it is on somebody, and how much it is."""
    felt = [effect for effect in opinion.effects if isinstance(effect, Outside)]
    hardest = max((effect.sanction for effect in felt), default=0)
    return bool(felt), not opinion.asks_first, hardest, len(felt)


def _about_name(event: MemberJoined, scene: Scene, group: GroupScene) -> Opinion | None:
    """Whoever comes under the name of one of ours is looked at by a person; nothing else is done because of a name."""
    member = scene.member(event, event.member)
    if member.is_staff or posing_of((member.name, event.member.card), group.staff_names) < LIKE_OURS:
        return None
    removal = RemoveMember(group_id=group.id, member=member.identity_id)
    reason = Reason("order.named_like_staff", {"name": member.shown_name})
    return Opinion(NAME, reason, (removal,), (), IN_DOUBT, asks_first=True)


def _about_way_back(event: TimerDue, group: GroupScene) -> Opinion | None:
    if not event.timer_key.startswith(f"{BACK}:"):
        return None
    name, member = str(event.payload.get("name", "")), event.payload.get("member")
    title = Sentence(mark("「%(name)s」移出满期了，可以请回「%(group)s」"), {"name": name, "group": group.name})
    task = OpenTask(
        key=f"way_back:{group.id}:{member}",
        kind="way_back",
        title=title.to_text(),
        group_id=group.id,
        member=member if isinstance(member, int) else None,
    )
    return Opinion(NAME, Reason("order.may_come_back", {"name": name}), (task,))

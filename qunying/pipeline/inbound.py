"""THE story: what happens to everything that happens. Read it top to bottom; goes_together makes it longer belongs elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from qunying.intake.actions import Claim, do_finish
from qunying.kernel.capability import Capability
from qunying.kernel.events import Event
from qunying.kernel.opinions import Decision, Opinion
from qunying.kernel.readings import UNREAD, Reading
from qunying.kernel.scene import Scene, move_on
from qunying.outbox.actions import do_enqueue
from qunying.pipeline.batch import Telling, parse
from qunying.pipeline.facts import do_record
from qunying.pipeline.judging import judge, learnt_for
from qunying.pipeline.keep import do_keep
from qunying.pipeline.perform import do_perform
from qunying.pipeline.roster import ROSTER
from qunying.pipeline.setting import set_scene
from qunying.pipeline.settle import failed, remember_replies, settle

Memories = dict[str, Any]


def tell(claim: Claim, roster: Sequence[Capability] = ROSTER) -> list[Decision]:
    """The whole story of consecutive events: all of it happens, or nothing."""
    events = parse(claim)  # their words → ours
    readings = judge(events, learnt_for(events))  # what each message is; pure, outside the transaction
    with transaction.atomic():
        telling = Telling(claim, events)
        heard = [*events, *telling.timer_events()]
        scene = set_scene(heard, roster)  # groups, modes, settings, the people named
        memories = brief(roster, heard, scene)  # each capability reads what it needs, once
        decisions = []
        for event in telling:
            opinions = consider(roster, event, readings.get(event.key, UNREAD), scene, memories)  # pure
            decision = settle(event, scene, opinions)  # pure
            memories = remember(roster, memories, event, decision, scene)  # pure: the next event sees this one
            scene = remember_replies(move_on(scene, event), decision)
            telling.heed(decision)
            decisions.append(decision)
        do_keep(roster, decisions, readings, scene, memories)  # talk, people, the capabilities' own tables
        do_perform(roster, decisions)  # inside effects
        do_enqueue([(decision.event, decision.acts) for decision in decisions])  # outside effects: rows, no network
        do_record(decisions, scene)  # facts
        do_finish([envelope.pk for envelope in claim.envelopes], telling.fired, telling.timers)
    return decisions


def brief(roster: Sequence[Capability], events: Sequence[Event], scene: Scene) -> Memories:
    """What every capability knows before the first event."""
    return {capability.name: capability.brief(events, scene) for capability in roster}


def consider(
    roster: Sequence[Capability], event: Event, reading: Reading, scene: Scene, memories: Memories
) -> list[Opinion]:
    """What every capability thinks of one event; one that raises is a failed opinion, and the others still speak."""
    opinions = []
    for capability in roster:
        try:
            opinion = capability.consider(event, reading, scene, memories[capability.name])
        except Exception as error:  # noqa: BLE001 - a capability's bug must not silence the others
            opinion = failed(capability, event, error)
        if opinion is not None:
            opinions.append(opinion)
    return opinions


def remember(
    roster: Sequence[Capability], memories: Memories, event: Event, decision: Decision, scene: Scene
) -> Memories:
    """The memories as the next event sees them."""
    return {each.name: each.remember(memories[each.name], event, decision, scene) for each in roster}

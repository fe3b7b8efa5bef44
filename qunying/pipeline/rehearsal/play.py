"""Plays a rule over the past: the live code of its capability, with nothing written and nothing sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qunying.communities.queries import GroupInfo
from qunying.desk.queries import list_decisions_about
from qunying.kernel.effects import Ban, EffectState, RemoveMember, member_of
from qunying.kernel.events import MessageReceived, PictureRead
from qunying.kernel.opinions import Decision
from qunying.kernel.readings import Verdict
from qunying.kernel.scene import GroupScene, Member, Scene
from qunying.pipeline.rehearsal.beside import Wanted, read_beside
from qunying.pipeline.rehearsal.past import Past, Told, list_said
from qunying.pipeline.rehearsal.rule import Rule, scenes_for
from qunying.pipeline.rehearsal.tally import Hit, Tally
from qunying.pipeline.settle import settle
from qunying.talk.past import count_past_lines, list_taught, list_withdrawn_by_others
from qunying.talk.queries import list_message_ids

TOGETHER = 200  # events between which nothing is forgotten, as in a batch
DONE_WITHIN = timedelta(seconds=10)  # what was decided is delivered
TELL_EVERY = 2_000
MANY = 50_000  # messages, from which on a process beside is worth the second or two in which it begins
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of messages that people of ours decided about in that time: how many the rule would have acted on as they did, or left alone
    as they did, and where it would have done what they would not."""

    acted: int = 0
    left_alone: int = 0
    too_hard: int = 0
    too_soft: int = 0

    @property
    def decisions(self) -> int:
        """How many there were."""
        return self.acted + self.left_alone + self.too_hard + self.too_soft


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of it."""

    tally: Tally
    agreement: Agreement
    read_anew: int

    def to_words(self) -> dict[str, Any]:
        """As a program reads it."""
        return self._told(Hit.to_words)

    def to_kept(self) -> dict[str, Any]:
        """As it may be kept: without anybody's words and name."""
        return self._told(Hit.to_kept)

    def _told(self, tell: Callable[[Hit], dict[str, Any]]) -> dict[str, Any]:
        tally, agreed = self.tally, self.agreement
        return {
            "events": tally.events,
            "hits": len(tally.hit_ids),
            "people_touched": len(tally.people),
            "speakers": len(tally.speakers),
            "by_rule": tally.to_rules(),
            "samples": [tell(hit) for hit in tally.to_samples()],
            "probable_mistakes": [tell(hit) for hit in tally.probable_mistakes],
            "mistakes": tally.mistakes,
            "incidents": tally.incidents,
            "silenced": tally.silenced,
            "pictures_not_looked_at": tally.pictures,
            "agreement": {
                "decisions": agreed.decisions,
                "agreed": agreed.acted + agreed.left_alone,
                "too_hard": agreed.too_hard,
                "too_soft": agreed.too_soft,
            },
            "read_anew": self.read_anew,
        }


def rehearse(
    rule: Rule, groups: Sequence[GroupInfo], since: datetime, until: datetime, watch: Watch = lambda done, total: None
) -> Rehearsed:
    """What the rule would have done in these groups from ``since`` on and before ``until``, had it acted by itself.

    ``watch`` is told from time to time how many messages are done, of how many.
    """
    scenes = scenes_for(rule, [group.id for group in groups])
    total, play = count_past_lines(scenes, since, until), _Play(rule, scenes)
    if total < MANY:
        said = list_said(scenes, since, until)
    else:
        said = read_beside(Wanted(rule.capability.name, rule.settings, list(scenes), since, until), play.foresee)
    past = Past(scenes, since, until, said)
    for told in past:
        play.tell(told, past)
        if play.tally.events % TELL_EVERY == 0:
            watch(play.tally.events, total)
    watch(play.tally.events, total)
    return Rehearsed(play.tally, _agreement(play.tally, scenes, since, until), past.read_anew)


class _Play:
    """What is known while it is told."""

    def __init__(self, rule: Rule, scenes: Mapping[int, GroupScene]) -> None:
        self.tally = Tally()
        self._capability, self._scenes = rule.capability, scenes
        self._memory: Any = rule.capability.brief((), Scene(scenes, {}))
        self._gone: set[tuple[int, int]] = set()
        self._spoken: Counter[tuple[int, str]] = Counter()
        self._since_pause = 0
        self._acted_at: datetime | None = None

    def foresee(self, ahead: Any) -> None:
        """Heeds what was worked out beforehand about what is told next."""
        self._memory = self._capability.with_ahead(self._memory, ahead)

    def tell(self, told: Told, past: Past) -> None:
        """One event: thought of, settled, remembered and counted."""
        if self._is_pause_due(told.at):
            self._pause(told.at, past)
        event, scene = told.event, Scene(self._scenes, past.people)
        if isinstance(event, MessageReceived):
            self.tally.events += 1
            key = (event.group_id or 0, event.sender.ref)
            member = past.people[key]
            self.tally.speakers.add(member.identity_id)
            if (key[0], member.identity_id) in self._gone:
                self.tally.silenced += 1
                return
        elif isinstance(event, PictureRead):
            key = (event.group_id or 0, event.sender.ref)
            member = past.people[key]
            if (key[0], member.identity_id) in self._gone:
                return
        opinion = self._capability.consider(event, told.reading, scene, self._memory)
        decision = settle(event, scene, [opinion] if opinion else [])
        self._memory = self._capability.remember(self._memory, event, decision, scene)
        past.move_on(told)
        if isinstance(event, MessageReceived | PictureRead):
            if decision.acts:
                self._count(told, event, decision, member, member.messages + self._spoken[key])
            self._spoken[key] += isinstance(event, MessageReceived)
        self._since_pause += 1
        if any(act.state is EffectState.WAITING for act in decision.acts):
            self._acted_at = told.at

    def _count(
        self, told: Told, event: MessageReceived | PictureRead, decision: Decision, member: Member, spoken: int
    ) -> None:
        self.tally.add(told, event.text, decision, member, spoken)
        for act in decision.acts:
            if isinstance(act.effect, RemoveMember | Ban) and act.state is EffectState.WAITING:
                self._gone.add((act.effect.group_id or 0, member_of(act.effect) or 0))

    def _is_pause_due(self, at: datetime) -> bool:
        """After as many events as a batch has, and once what was decided last would have been done."""
        return self._since_pause >= TOGETHER or (self._acted_at is not None and at - self._acted_at >= DONE_WITHIN)

    def _pause(self, at: datetime, past: Past) -> None:
        """As between two batches: what is old is forgotten, what was decided is done."""
        self._memory = self._capability.let_pass(self._memory, at)
        past.let_have_said(self._spoken)
        self._spoken.clear()
        self._since_pause = 0
        self._acted_at = None


def _agreement(tally: Tally, scenes: Mapping[int, GroupScene], since: datetime, until: datetime) -> Agreement:
    """Compared with what people decided in cases, taught the judge, and took down themselves."""
    homes = {scene.community_id for scene in scenes.values()}
    decided = dict.fromkeys(list_withdrawn_by_others(scenes, since, until), True)
    decided |= list_taught(homes, (Verdict.AD, Verdict.ABUSE))
    cases = list_decisions_about(scenes, since, until)
    ids = list_message_ids(list(cases))
    decided |= {ids[place]: is_so for place, is_so in cases.items() if place in ids}
    counts = Counter((is_so, message in tally.hit_ids) for message, is_so in decided.items())
    return Agreement(counts[True, True], counts[False, False], counts[False, True], counts[True, False])

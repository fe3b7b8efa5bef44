"""What a rehearsal comes to: how often it would have laid hands on whom, and how that compares with what people thought."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from qunying.kernel.effects import AskLater, EffectState, OpenIncident, Outside, member_of
from qunying.kernel.opinions import Decision, Opinion
from qunying.kernel.readings import Reading, Verdict
from qunying.kernel.scene import Member
from qunying.pipeline.rehearsal.past import Told

SAMPLES = 20
EACH = 4  # samples of one rule, as long as there are others
MISTAKES = 50
TRUSTED_FOR, TRUSTED_WORDS = timedelta(days=60), 50
DONE = (EffectState.WAITING, EffectState.NEEDS_APPROVAL, EffectState.SIMULATED)


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that something would have been done about: to whom, why, what, and whether a person would have been asked."""

    message_id: int
    group_id: int
    at: datetime
    member_id: int
    name: str
    text: str
    rule: str
    code: str
    params: dict[str, str | int | float]
    acts: tuple[str, ...]
    is_asked: bool
    doubts: tuple[str, ...] = ()

    def to_words(self) -> dict[str, Any]:
        """As a program reads it."""
        return {
            "message": self.message_id, "group": self.group_id, "at": self.at.isoformat(), "member": self.member_id,
            "name": self.name, "text": self.text, "rule": self.rule, "reason": self.code, "params": self.params,
            "effects": list(self.acts), "asks_first": self.is_asked, "doubts": list(self.doubts),
        }  # fmt: skip

    def to_kept(self) -> dict[str, Any]:
        """As it may be kept: without anybody's words and name."""
        params = {name: value for name, value in self.params.items() if name != "name"}
        told = {name: value for name, value in self.to_words().items() if name not in {"name", "text"}}
        return {**told, "params": params}


@dataclass(slots=True)
class _OfRule:
    hits: int = 0
    asked: int = 0
    people: set[int] = field(default_factory=set)
    acts: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Tally:
    """Counted on the way. ``hit_ids`` are the messages that were hit, ``pictures`` those whose pictures live would be looked at and
    here are not: nobody looked at them then, and nobody keeps them."""

    events: int = 0
    incidents: int = 0
    silenced: int = 0
    pictures: int = 0
    speakers: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    hit_ids: set[int] = field(default_factory=set)
    mistakes: int = 0
    samples: list[Hit] = field(default_factory=list)
    probable_mistakes: list[Hit] = field(default_factory=list)
    by_rule: defaultdict[str, _OfRule] = field(default_factory=lambda: defaultdict(_OfRule))

    def add(self, told: Told, text: str, decision: Decision, member: Member, spoken: int) -> None:
        """Counts what was decided about one event."""
        self.incidents += sum(isinstance(act.effect, OpenIncident) for act in decision.acts)
        self.pictures += not told.is_looked_at and any(isinstance(act.effect, AskLater) for act in decision.acts)
        felt = [act for act in decision.acts if isinstance(act.effect, Outside) and act.state in DONE]
        if not felt:
            return
        opinion = decision.opinions[0]
        hit = _hit(told, text, opinion, member, tuple(type(act.effect).__name__ for act in felt), spoken)
        self.people.update(who for who in (member_of(act.effect) for act in felt) if who is not None)
        self.hit_ids.add(told.message_id)
        self._count(hit, opinion)
        if len(self.samples) < SAMPLES * 10:
            self.samples.append(hit)
        if hit.doubts:
            self.mistakes += 1
            if len(self.probable_mistakes) < MISTAKES:
                self.probable_mistakes.append(hit)

    def _count(self, hit: Hit, opinion: Opinion) -> None:
        rule = self.by_rule[hit.rule]
        rule.hits += 1
        rule.asked += hit.is_asked
        rule.people.add(hit.member_id)
        rule.acts.update(set(hit.acts))
        if "word" in opinion.reason.params:
            rule.words.update(opinion.evidence)

    def to_rules(self) -> list[dict[str, Any]]:
        """Per rule how often, whom, what; the most frequent first."""
        ranked = sorted(self.by_rule.items(), key=lambda item: (-item[1].hits, item[0]))
        return [
            {
                "rule": name,
                "hits": one.hits,
                "asked": one.asked,
                "people": len(one.people),
                "effects": dict(one.acts.most_common()),
                **({"words": dict(one.words.most_common(50))} if one.words else {}),
            }
            for name, one in ranked
        ]

    def to_samples(self) -> list[Hit]:
        """Some hits of every rule, in the order of time."""
        taken: Counter[str] = Counter()
        first, rest = list[Hit](), list[Hit]()
        for hit in self.samples:
            (first if taken[hit.rule] < EACH else rest).append(hit)
            taken[hit.rule] += 1
        return sorted([*first, *rest][:SAMPLES], key=lambda hit: (hit.at, hit.message_id))


def _hit(told: Told, text: str, opinion: Opinion, member: Member, acts: tuple[str, ...], spoken: int) -> Hit:
    params = dict(opinion.reason.params)
    return Hit(
        message_id=told.message_id,
        group_id=told.event.group_id or 0,
        at=told.at,
        member_id=member.identity_id,
        name=member.shown_name,
        text=text[:500],
        rule=str(params.get("rule", "") or opinion.reason.code.partition(".")[2]),
        code=opinion.reason.code,
        params=params,
        acts=acts,
        is_asked=opinion.asks_first,
        doubts=tuple(_doubts(told.at, told.reading, member, spoken)),
    )


def _doubts(at: datetime, reading: Reading, member: Member, spoken: int) -> list[str]:
    """Why a hit may well be a mistake: who has long been here and talks, and what is said as somebody wronged or new says it."""
    doubts = []
    is_old = member.joined_at is None or at - member.joined_at >= TRUSTED_FOR
    if is_old and spoken >= TRUSTED_WORDS:
        doubts.append("trusted")
    if reading.is_so(Verdict.COMPLAINT):
        doubts.append("complaint")
    if reading.is_so(Verdict.INTRODUCTION):
        doubts.append("introduction")
    return doubts

"""One message with everything that is needed to think of it, and what any part of order may conclude from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from qunying.capabilities.order.knowing import NAME, NEWCOMER_FOR, SETTLES, Memory, Trace
from qunying.capabilities.order.ladders import Ladder, Step, ladder_of
from qunying.capabilities.order.settings import OrderSettings
from qunying.capabilities.order.signs import Told
from qunying.capabilities.order.steps import effects_of
from qunying.capabilities.order.words import settings_of
from qunying.kernel.effects import DeleteMessage, Effect, WakeAt
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.readings import Reading
from qunying.kernel.scene import GroupScene, Member

BACK = "back"
PERCENT = 100
ASKED_LATELY = timedelta(minutes=10)  # one case per burst
Params = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody said, who they are there, and what order knows."""

    event: Told
    reading: Reading
    group: GroupScene
    member: Member
    memory: Memory

    @property
    def settings(self) -> OrderSettings:
        """What the group has set."""
        return settings_of(self.group)

    @property
    def ladder(self) -> Ladder:
        """The ladder of the group."""
        return ladder_of(self.settings.ladder, self.settings.steps)

    @property
    def is_exempt(self) -> bool:
        """Whether nobody is to mind them: staff, and whom the group named."""
        return self.member.is_staff or self.member.ref in self.settings.allow_people

    @property
    def who(self) -> int:
        """Who said it."""
        return self.member.identity_id

    @property
    def is_new(self) -> bool:
        """Whether they have just come."""
        joined = self.member.joined_at
        return joined is not None and self.event.at - joined <= NEWCOMER_FOR

    @property
    def spoken(self) -> int:
        """How many messages they have said here before."""
        return self.member.messages + self.memory.spoken.get((self.group.id, self.who), 0)

    def lately(self, kind: str, within: timedelta, *, here: bool = True) -> list[Trace]:
        """Traces of a kind left so shortly before, without those of this message; ``here``: in this group only."""
        event = self.event
        found = self.memory.lately(event.community_id, kind, event.at - within, event.at)
        return [one for one in found if one.key != event.source_key and (not here or one.group_id == self.group.id)]

    def is_enough(self, score: float, percent: int) -> bool:
        """Whether a score reaches a threshold in percent."""
        return round(score * PERCENT, 6) >= percent


def leave_alone(heard: Heard, code: str, score: float, evidence: tuple[str, ...] = (), heat: float = 0.0) -> Opinion:
    """Nothing is done, and here is why."""
    params: Params = {"name": heard.member.shown_name, "score": round(score * PERCENT), "heat": round(heat * PERCENT)}
    return Opinion(NAME, Reason(code, params), (), evidence, score)


def take_a_step(
    heard: Heard,
    rule: str,
    code: str,
    score: float,
    evidence: tuple[str, ...] = (),
    heat: float = 0.0,
    *,
    asks: bool = False,
    more: Params | None = None,
) -> Opinion:
    """The next step of the ladder. Only the message goes where somebody has not had the time to read about the last one.

    A score below the group's threshold for acting ``asks`` a person first. ``more`` goes into the reason.
    """
    event, settings = heard.event, heard.settings
    asks = asks or not heard.is_enough(score, settings.act_from)
    params: Params = {
        "name": heard.member.shown_name,
        "score": round(score * PERCENT),
        "rule": rule,
        "heat": round(heat * PERCENT),
        **(more or {}),
    }
    before = heard.memory.standing(event.community_id, heard.who, rule, event.at)
    taken = [one for one in before if not one.is_asked]
    if any(event.at - one.at < SETTLES or not one.stands for one in taken[-1:]):
        effects: tuple[Effect, ...] = () if asks else (delete(heard),)
        return Opinion(NAME, Reason("order.just_told", params), effects, evidence, score)
    if asks and any(one.is_asked and event.at - one.at < ASKED_LATELY for one in before):
        return Opinion(NAME, Reason("order.asked_already", params), (), evidence, score)
    number, step = heard.ladder.step(sum(one.stands for one in taken))
    effects = (*effects_of(step, heard.group, heard.member, event.source_key, rule), *_way_back(heard, step, asks=asks))
    return Opinion(NAME, Reason(code, {**params, "step": number}), effects, evidence, score, asks_first=asks)


def delete(heard: Heard) -> DeleteMessage:
    """Takes the message down."""
    return DeleteMessage(group_id=heard.group.id, message_key=heard.event.source_key, member=heard.who)


def _way_back(heard: Heard, step: Step, *, asks: bool) -> tuple[Effect, ...]:
    """Who is removed may come back some day; somebody is reminded of it then."""
    days = heard.settings.back_after_days
    if asks or not days or not step.has("remove"):
        return ()
    payload = {"member": heard.who, "name": heard.member.shown_name}
    return (WakeAt(key=f"{BACK}:{heard.who}", at=heard.event.at + timedelta(days=days), payload=payload),)

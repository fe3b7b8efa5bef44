"""Inside effects → who carries them out, in the transaction of the decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from qunying.desk.actions import Opening, Work, do_open_cases, do_open_tasks
from qunying.intake.questions import Asking, do_ask
from qunying.kernel.capability import Capability, Decided, Perform
from qunying.kernel.effects import AskLater, CancelWake, Inside, OpenCase, OpenTask, WakeAt
from qunying.kernel.opinions import Act, Decision
from qunying.kernel.texts import Sentence, mark


def do_perform(roster: Sequence[Capability], decisions: Sequence[Decision]) -> None:
    """Carries out the inside effects of these decisions, kind by kind, in order. What neither we nor anybody of the roster can
    carry out becomes a task."""
    by_kind: dict[type[Inside], list[tuple[Decision, Act]]] = defaultdict(list)
    for decision in decisions:
        for act in decision.acts:
            if isinstance(act.effect, Inside):
                by_kind[type(act.effect)].append((decision, act))
    performers = {name: perform for capability in roster for name, perform in capability.performs.items()}
    for kind, decided in by_kind.items():
        perform = PERFORMERS.get(kind) or performers.get(kind.__name__, _missing)
        perform(decided)


def _open_tasks(decided: Decided) -> None:
    do_open_tasks([_opening(one, act.effect) for one, act in decided if isinstance(act.effect, OpenTask)])


def _open_cases(decided: Decided) -> None:
    do_open_cases([_opening(one, act.effect) for one, act in decided if isinstance(act.effect, OpenCase)])


def _opening(decision: Decision, work: Work) -> Opening[Work]:
    return Opening(work, decision.event.community_id, decision.event.at)


def _ask_later(decided: Decided) -> None:
    do_ask(
        [
            Asking(act.effect, one.event.lane_id, one.event.at)
            for one, act in decided
            if isinstance(act.effect, AskLater)
        ]
    )


def _set_with_the_lane(decided: Decided) -> None:
    """Timers are settled once for the whole batch, when its lanes are finished (``intake.actions.do_finish``)."""


def _missing(decided: Decided) -> None:
    do_open_tasks([_opening(decision, _by_a_person(decision, act)) for decision, act in decided])


def _by_a_person(decision: Decision, act: Act) -> OpenTask:
    title = Sentence(mark("没有能做「%(what)s」的能力，请人来做"), {"what": type(act.effect).__name__}).to_text()
    return OpenTask(key=f"missing:{act.key}", kind="missing_performer", title=title, group_id=decision.event.group_id)


PERFORMERS: Mapping[type[Inside], Perform] = {
    OpenTask: _open_tasks,
    OpenCase: _open_cases,
    AskLater: _ask_later,
    WakeAt: _set_with_the_lane,
    CancelWake: _set_with_the_lane,
}

"""Inside effects → who carries them out, in the transaction of the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from qunying.desk.actions import do_open_case, do_open_task
from qunying.kernel.effects import CancelWake, Inside, OpenCase, OpenTask, WakeAt
from qunying.kernel.opinions import Act, Decision

Performer = Callable[[Decision, Act], None]


def do_perform(decisions: Sequence[Decision]) -> None:
    """Carries out the inside effects of these decisions, in order. What nobody can carry out becomes a task."""
    for decision in decisions:
        for act in decision.acts:
            if isinstance(act.effect, Inside):
                PERFORMERS.get(type(act.effect), _missing)(decision, act)


def _open_task(decision: Decision, act: Act) -> None:
    assert isinstance(act.effect, OpenTask)
    do_open_task(act.effect, community_id=decision.event.community_id, at=decision.event.at)


def _open_case(decision: Decision, act: Act) -> None:
    assert isinstance(act.effect, OpenCase)
    do_open_case(act.effect, community_id=decision.event.community_id, at=decision.event.at)


def _set_with_the_lane(decision: Decision, act: Act) -> None:
    """Timers are settled once for the whole batch, when its lanes are finished (``intake.actions.do_finish``)."""


def _missing(decision: Decision, act: Act) -> None:
    title = f"没有能做「{type(act.effect).__name__}」的能力，请人来做"
    task = OpenTask(key=f"missing:{act.key}", kind="missing_performer", title=title, group_id=decision.event.group_id)
    do_open_task(task, community_id=decision.event.community_id, at=decision.event.at)


PERFORMERS: Mapping[type[Inside], Performer] = {
    OpenTask: _open_task,
    OpenCase: _open_case,
    WakeAt: _set_with_the_lane,
    CancelWake: _set_with_the_lane,
}

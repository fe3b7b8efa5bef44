"""Inside effects are carried out by us, by whoever of the roster says so, or by a person."""

from __future__ import annotations

from dataclasses import replace

from qunying.desk.models import Task
from qunying.kernel.capability import Capability, Decided
from qunying.kernel.effects import Inside, OpenIncident, OpenTask
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Decision, Reason
from qunying.pipeline.perform import do_perform
from tests import cast

QUIET = Capability(name="quiet", title="不说话", consider=lambda *_: None)


def decided(tea: cast.Tea, *effects: Inside) -> list[Decision]:
    """One decision for each of these effects."""
    event = Event(key="e", at=cast.TUESDAY, lane_id=0, community_id=tea.community_id, group_id=tea.first)
    return [
        Decision(replace(event, key=f"e{n}"), acts=(Act(effect, "watch", Reason("watch.saw"), f"e{n}/watch/0"),))
        for n, effect in enumerate(effects)
    ]


def incident(tea: cast.Tea, key: str) -> OpenIncident:
    return OpenIncident(key=key, kind="quarrel", group_id=tea.first)


def task(key: str) -> OpenTask:
    return OpenTask(key=key, kind="look", title="看一眼")


def test_a_capability_gets_all_its_effects_at_once_and_in_order_when_it_performs_them(tea: cast.Tea) -> None:
    calls: list[list[str]] = []

    def perform(acts: Decided) -> None:
        calls.append([act.key for _decision, act in acts])

    able = replace(QUIET, performs={"OpenIncident": perform})
    do_perform((QUIET, able), decided(tea, incident(tea, "a"), task("t"), incident(tea, "b")))
    assert calls == [["e0/watch/0", "e2/watch/0"]]
    assert [one.kind for one in Task.objects.all()] == ["look"]


def test_a_person_is_asked_when_nobody_of_the_roster_performs_an_effect(tea: cast.Tea) -> None:
    do_perform((QUIET,), decided(tea, incident(tea, "a")))
    assert [one.kind for one in Task.objects.all()] == ["missing_performer"]


def test_our_own_performer_stays_when_a_capability_claims_its_effect(tea: cast.Tea) -> None:
    do_perform((replace(QUIET, performs={"OpenTask": lambda _acts: None}),), decided(tea, task("t")))
    assert Task.objects.count() == 1

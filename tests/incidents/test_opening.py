"""What others find becomes one incident: with an owner, tasks and a course, however often it is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunying.capabilities.incidents.kinds import KINDS, Severity, choose_owner
from qunying.capabilities.incidents.models import Incident, Moment
from qunying.capabilities.incidents.opening import do_open_incidents
from qunying.capabilities.incidents.queries import list_messages_in, list_people_in
from qunying.communities.actions import do_found_community, do_set_mode
from qunying.communities.queries import StaffLine
from qunying.desk.models import Task
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.effects import INCIDENTS, OpenIncident
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Decision, Reason
from qunying.kernel.scene import Mode
from qunying.people.models import Identity
from tests import cast
from tests.incidents.watchman import WATCHED

MINUTE = timedelta(minutes=1)


def said(*lines: tuple[str, str, str], group: str = "g1", mentions: Sequence[str] = ()) -> None:
    """Members say these lines (reference, who, what) now, and they are told."""
    arrived = [cast.message(ref, who, text, mentions=list(mentions)) for ref, who, text in lines]
    cast.arrive(arrived, group)
    cast.told(roster=WATCHED)


def decided(tea: cast.Tea, effect: OpenIncident, key: str, minutes: int = 0) -> tuple[Decision, Act]:
    """An act as it comes to whoever performs it."""
    at = cast.TUESDAY + minutes * MINUTE
    event = Event(key=key, at=at, lane_id=0, community_id=tea.community_id, group_id=effect.group_id)
    act = Act(effect, "order", Reason("order.saw"), f"{key}/order/0")
    return Decision(event, acts=(act,)), act


def quarrel(tea: cast.Tea, *refs: str, key: str = "q", messages: tuple[str, ...] = ()) -> OpenIncident:
    known = dict(Identity.objects.values_list("ref", "pk"))
    members = tuple(known[ref] for ref in refs)
    return OpenIncident(key=key, kind="quarrel", group_id=tea.first, members=members, message_keys=messages)


def names(incident: Incident) -> list[str]:
    refs = dict(Identity.objects.values_list("pk", "ref"))
    return [refs[pk] for pk in list_people_in([incident.pk]).get(incident.pk, [])]


def test_one_incident_is_opened_when_a_quarrel_is_found_again_and_again(tea: cast.Tea) -> None:
    said(("m1", "an", "你吵什么"), ("m2", "bo", "就吵"))
    with cast.later(MINUTE):
        said(("m3", "an", "还吵"), mentions=["chen"])
    incident = Incident.objects.get()
    assert (incident.kind, incident.severity, incident.owner_name) == ("quarrel", "high", "小李")
    assert incident.opened_at == cast.TUESDAY
    assert names(incident) == ["an", "bo", "chen"]
    assert list_messages_in([incident.pk])[incident.pk] == ["m1", "m2", "m3"]
    assert [fact.words["kind"] for fact in Fact.objects.filter(name="incident.opened")] == ["quarrel"]


def test_everybody_in_a_quarrel_is_talked_to_once_when_it_grows(tea: cast.Tea) -> None:
    said(("m1", "an", "你吵什么"))
    with cast.later(5 * MINUTE):
        said(("m2", "bo", "吵"), ("m3", "an", "吵"))
    tasks = list(Task.objects.order_by("id"))
    assert [(one.kind, one.assigned, one.title) for one in tasks] == [
        ("private_talk", "小李", "私下和「安安」聊聊"),
        ("private_talk", "小李", "私下和「阿博」聊聊"),
    ]
    assert [one.due_at for one in tasks] == [cast.TUESDAY + 30 * MINUTE, cast.TUESDAY + 35 * MINUTE]
    assert "先听" in tasks[0].details
    assert f"/groups/{tea.first}/messages/" in tasks[0].details


def test_tasks_are_in_the_communitys_language_when_it_is_english(db: None) -> None:
    with cast.clock_stands(cast.TUESDAY):
        cast.build_tea(language="en")
        said(("m1", "an", "吵"))
    task = Task.objects.get()
    assert task.title == "Talk to “安安” in private"
    assert "Listen first" in task.details


def test_steps_are_given_to_the_owner_once_when_competitors_come(tea: cast.Tea) -> None:
    said(("m1", "an", "加我微信领资料"), ("m2", "bo", "加我微信"))
    assert list(Task.objects.order_by("id").values_list("kind", "assigned")) == [
        ("tell_operators", "小李"),
        ("name_official", "小李"),
        ("check_groups", "小李"),
    ]
    assert "小李" in Task.objects.get(kind="name_official").details


def test_nothing_more_is_asked_when_a_kind_has_no_steps(tea: cast.Tea) -> None:
    said(("m1", "an", "货坏了"))
    assert Incident.objects.get().kind == "damaged_goods"
    assert not Task.objects.exists()


def test_an_act_counts_once_when_it_comes_again_after_the_incident_was_closed(tea: cast.Tea) -> None:
    said(("m1", "an", "你好"))
    act = decided(tea, quarrel(tea, "an", messages=("m1",)), "e1")
    do_open_incidents([act])
    do_open_incidents([act])
    Incident.objects.update(closed_at=clock.now())
    do_open_incidents([act])
    assert Incident.objects.count() == 1
    assert sorted(Moment.objects.values_list("kind", flat=True)) == ["found", "member", "message", "task"]
    assert Task.objects.count() == 1


def test_another_incident_is_opened_when_the_last_one_is_over(tea: cast.Tea) -> None:
    do_open_incidents([decided(tea, quarrel(tea, "an"), "e1")])
    Incident.objects.update(closed_at=clock.now())
    do_open_incidents([decided(tea, quarrel(tea, "an"), "e2", minutes=90)])
    assert [one.closed_at is None for one in Incident.objects.order_by("id")] == [False, True]
    assert Task.objects.count() == 2


def test_incidents_of_two_communities_stay_apart_when_their_keys_are_the_same(tea: cast.Tea) -> None:
    other = do_found_community(name="别家", at=clock.now())
    plain = OpenIncident(key="k", kind="mass_leaving", group_id=None)
    here, there = decided(tea, plain, "e1"), decided(cast.Tea(other, tea.groups), plain, "e2")
    do_open_incidents([here, there])
    assert set(Incident.objects.values_list("community_id", "owner_name")) == {(tea.community_id, "小李"), (other, "")}


def test_nothing_is_opened_when_incidents_are_off_in_a_group(tea: cast.Tea) -> None:
    second = tea.groups["g2"]
    do_set_mode("incidents", Mode.OFF, community_id=tea.community_id, group_id=second, at=clock.now(), actor="system")
    said(("m1", "an", "吵"), group="g2")
    assert not Incident.objects.exists()
    said(("m2", "an", "吵"), group="g1")
    assert Incident.objects.get().group_id == tea.first


def test_notes_are_taken_when_a_group_is_only_observed(db: None) -> None:
    with cast.clock_stands(cast.TUESDAY):
        cast.build_tea(mode=Mode.OBSERVE)
        said(("m1", "an", "吵"))
    assert Incident.objects.count() == Task.objects.count() == 1


def test_nobody_owns_an_incident_when_the_roster_is_empty(db: None) -> None:
    with cast.clock_stands(cast.TUESDAY):
        home = do_found_community(name="没人管", at=clock.now())
        do_open_incidents([decided(cast.Tea(home), OpenIncident(key="k", kind="quarrel", group_id=None), "e")])
    assert (Incident.objects.get().owner_ref, Incident.objects.get().owner_name) == ("", "")


def line(duty: str, name: str = "") -> StaffLine:
    return StaffLine(1, "sandbox", name or duty, name or duty, duty)


@pytest.mark.parametrize(
    ("kind", "duties", "owner"),
    [
        ("quarrel", ["teacher", "watcher", "owner", "lead", "operator"], "operator"),
        ("competitor_wave", ["teacher", "watcher", "owner", "lead"], "lead"),
        ("quarrel", ["teacher", "watcher", "owner"], "owner"),
        ("quarrel", ["teacher", "watcher"], "watcher"),
        ("quarrel", ["teacher"], "teacher"),
        ("carrier_down", ["operator", "owner", "lead"], "lead"),
        ("public_doubt", ["operator", "teacher"], "teacher"),
        ("quarrel", ["analyst"], None),
        ("quarrel", [], None),
        ("of another version", ["lead", "operator"], "operator"),
    ],
)
def test_the_owner_is_found_by_duty_when_an_incident_begins(kind: str, duties: list[str], owner: str | None) -> None:
    found = choose_owner(kind, [line(duty) for duty in duties])
    assert (found.name if found else None) == owner


def test_the_first_on_the_roster_leads_when_several_have_the_duty() -> None:
    found = choose_owner("quarrel", [line("lead"), line("operator", "甲"), line("operator", "乙")])
    assert found is not None
    assert found.name == "甲"


def test_every_kind_has_its_words_when_the_kernel_knows_it() -> None:
    assert list(KINDS) == list(INCIDENTS)
    assert {kind.severity for kind in KINDS.values()} == set(Severity)
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


def test_a_long_key_and_a_hostile_name_fit_when_an_incident_is_opened(tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "x", "在", user=cast.who("x", "%(name)s{}<b>" + "长" * 180))])
    cast.told()
    act = decided(tea, quarrel(tea, "x", key="k" * 900), "e" * 400)
    do_open_incidents([act])
    do_open_incidents([decided(tea, quarrel(tea, "x", key="k" * 900), "f")])
    assert Incident.objects.count() == 1
    assert Task.objects.get().title.startswith("私下和「%(name)s{}<b>长")


def test_as_few_queries_are_needed_when_a_batch_says_a_hundred_incidents(tea: cast.Tea) -> None:
    said(("m1", "an", "你好"), ("m2", "bo", "你好"))
    few = [decided(tea, quarrel(tea, "an", "bo", messages=("m1",)), "e")]
    many = [decided(tea, quarrel(tea, "an", "bo", key=f"q{n}", messages=("m1",)), f"e{n}") for n in range(100)]
    counts = []
    for acts in (few, many):
        with CaptureQueriesContext(connection) as captured:
            do_open_incidents(acts)
        counts.append(len(captured))
    assert counts[0] == counts[1] < 25
    assert Incident.objects.count() == 101

"""What people and the machine did is in the journal: who, when, before and after; and the chain stays whole."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.contrib.auth.models import User

from qunying.communities.actions import (
    NewStaff,
    do_change_community,
    do_enter_staff,
    do_set_settings,
)
from qunying.communities.noting import GroupNotes, do_note_group
from qunying.desk.actions import do_finish_task, do_open_task, do_reopen_task
from qunying.desk.models import Task
from qunying.intake.actions import do_claim, do_fail, do_release, do_retry
from qunying.intake.models import Envelope
from qunying.journal.actions import do_seal
from qunying.journal.models import Fact, PersonalPart
from qunying.journal.queries import find_flaws
from qunying.kernel.effects import OpenTask
from tests import cast

NOW = cast.TUESDAY


@pytest.fixture(autouse=True)
def chain_is_whole(tea: cast.Tea) -> object:
    yield
    do_seal(NOW)
    assert list(find_flaws()) == []


def names() -> list[str]:
    return list(Fact.objects.filter(name__startswith="task.").order_by("id").values_list("name", flat=True))


def values_of(name: str) -> dict[str, object]:
    return PersonalPart.objects.get(fact=Fact.objects.filter(name=name).latest("id")).words


def test_a_task_that_is_done_and_not_after_all_is_told_as_such(tea: cast.Tea) -> None:
    li = User.objects.create_user("li").pk
    do_open_task(OpenTask(key="t", kind="call", title="打电话"), community_id=tea.community_id, at=NOW)
    task = Task.objects.get()
    for second in (1, 3):
        assert do_finish_task(task.pk, user_id=li, at=NOW + timedelta(seconds=second))
        assert do_reopen_task(task.pk, user_id=li, at=NOW + timedelta(seconds=second + 1))
    assert not do_reopen_task(task.pk, user_id=li, at=NOW), "it is open"
    assert names() == ["task.opened", *["task.done", "task.reopened"] * 2]
    assert Fact.objects.filter(name="task.reopened", actor=f"user:{li}").count() == 2


def test_what_could_not_be_told_and_who_had_it_told_again_is_told(tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "an", "早")])
    claim = do_claim(NOW)
    do_fail(claim, "ValueError: poison", NOW)
    do_release(claim)
    do_retry(Envelope.objects.get().pk, NOW, user_id=7)
    facts = Fact.objects.filter(name__startswith="envelope.").order_by("id")
    assert [(one.name, one.actor, one.group_id) for one in facts] == [
        ("envelope.failed", "system", tea.first),
        ("envelope.retried", "user:7", tea.first),
    ]


def test_settings_are_told_before_and_after_when_somebody_changes_them(tea: cast.Tea) -> None:
    for rules in (["不发广告"], ["不发广告", "先改名片"]):
        do_set_settings(
            "onboarding",
            {"rules": rules, "greet_at": 5},
            community_id=tea.community_id,
            at=NOW + timedelta(seconds=len(rules)),
            actor="user:7",
        )
    assert values_of("settings.changed") == {
        "rules": {"before": ["不发广告"], "after": ["不发广告", "先改名片"]},
    }


def test_a_community_is_told_before_and_after_when_somebody_changes_it(tea: cast.Tea) -> None:
    do_change_community(tea.community_id, {"quiet_from": time(21, 0)}, at=NOW, actor="user:7")
    assert values_of("settings.changed") == {"quiet_from": {"before": "22:30", "after": "21:00"}}


def test_a_group_is_told_before_and_after_when_somebody_notes_something(tea: cast.Tea) -> None:
    notes = GroupNotes(remark="老群", city="", industry="", weight=50, capacity=500, is_folded=False)
    do_note_group(tea.first, notes, present=3, at=NOW, actor="user:7")
    assert values_of("group.changed") == {"remark": {"before": "", "after": "老群"}}


def test_both_are_told_when_two_enter_the_roster_at_once(tea: cast.Tea) -> None:
    for ref in ("wang", "zhao"):
        do_enter_staff(tea.community_id, NewStaff("sandbox", ref, ref, "teacher"), at=NOW, actor="user:7")
    assert Fact.objects.filter(name="settings.changed").count() == 2

"""The story end to end, small: what arrives is kept, thought about and answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.communities.actions import NewStaff, do_name_staff
from qunying.desk.models import Task
from qunying.outbox import delivery
from qunying.outbox.models import OutboxItem
from qunying.people.models import Membership
from qunying.people.search import PEOPLE_INDEX
from qunying.talk.models import Message
from tests import cast


def test_newcomers_are_welcomed_together_when_three_minutes_have_passed(tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "an", "早上好，今天喝什么"), cast.join("j1", "chen"), cast.join("j2", "fang")])
    cast.passed(cast.TUESDAY, cast.TUESDAY + timedelta(minutes=4))
    said = OutboxItem.objects.get()
    assert said.state == "sent"
    assert "欢迎 陈晨、方方 来到" in said.payload["text"]
    assert "小李" in said.payload["text"]
    assert Message.objects.filter(is_own=True).count() == 1
    assert Message.objects.get(source_key="m1").text == "早上好，今天喝什么"


def test_a_member_has_the_new_card_and_is_found_by_it_when_they_come_back_under_another(tea: cast.Tea) -> None:
    cast.arrive([cast.join("j1", "chen", card="上海-教育-陈晨"), cast.leave("l1", "chen")])
    cast.arrive([cast.join("j2", "chen", card="杭州-电商-陈晨")], at=cast.TUESDAY + timedelta(hours=1))
    cast.passed(cast.TUESDAY, cast.TUESDAY + timedelta(hours=2))
    seat = Membership.objects.get(identity__ref="chen")
    assert seat.card == "杭州-电商-陈晨"
    assert PEOPLE_INDEX.find("杭州", limit=5) == [seat.pk]
    assert PEOPLE_INDEX.find("上海", limit=5) == []


def test_nobody_is_staff_when_another_carriers_colleague_has_the_same_number(tea: cast.Tea) -> None:
    do_name_staff(tea.community_id, [NewStaff("elsewhere", "chen", "陈老师", "teacher")])
    cast.arrive([cast.join("j1", "chen")])
    cast.passed(cast.TUESDAY, cast.TUESDAY + timedelta(minutes=4))
    assert "欢迎 陈晨 来到" in OutboxItem.objects.get().payload["text"]


def test_one_task_is_opened_when_a_platform_cannot_speak(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "find_carrier", lambda name: replace(SANDBOX, does=frozenset()))
    cast.arrive([cast.join("j1", "chen")])
    cast.passed(cast.TUESDAY, cast.TUESDAY + timedelta(minutes=4))
    assert [task.kind for task in Task.objects.all()] == ["by_hand"]


def test_a_contact_card_keeps_whom_it_leads_to(tea: cast.Tea) -> None:
    card = {"kind": "contact", "name": "王老师", "url": "abc123"}
    cast.arrive([cast.message("m1", "an", "", kind="contact", media=[card])])
    cast.told()
    assert Message.objects.get().media == [{**card, "size": None}]

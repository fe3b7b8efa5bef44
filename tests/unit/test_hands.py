"""What a platform does not let us do: a person is asked by name, with words and a way, and what they did is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from qunying.carriers.connecting import link_to
from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.communities.actions import NewStaff, do_name_staff
from qunying.communities.models import Staff
from qunying.desk.actions import do_finish_task, do_open_task, do_reopen_task
from qunying.desk.models import Task
from qunying.journal.models import Fact
from qunying.kernel.effects import OpenTask, Outside, Pin, Say, Whisper
from qunying.kernel.texts import Sentence
from qunying.outbox import delivery
from qunying.outbox.actions import do_order
from qunying.outbox.hands import read_details
from qunying.outbox.models import OutboxItem
from qunying.people.models import Identity
from qunying.pipeline import relay
from tests import cast

NOW = cast.TUESDAY


@pytest.fixture
def li(db: None) -> int:
    return User.objects.create_user("li").pk


@pytest.fixture
def handed(tea: cast.Tea, li: int, monkeypatch: pytest.MonkeyPatch) -> Task:
    """A word that a platform did not let us say, as the task that came of it."""
    return hand_over(tea, li, Say(group_id=tea.first, text="大家早\n今天八点开课"), monkeypatch)


def hand_over(tea: cast.Tea, li: int, effect: Outside, monkeypatch: pytest.MonkeyPatch) -> Task:
    monkeypatch.setattr(delivery, "find_carrier", lambda name: replace(SANDBOX, does=frozenset()))
    do_order(effect, community_id=tea.community_id, user_id=li, key="a", at=NOW, carrier="sandbox")
    while delivery.step(NOW):
        pass
    return Task.objects.get()


def turned(moment: timedelta) -> tuple[str, list[tuple[str, str]]]:
    """The state of the item, and what was noted of it, after the facts were passed on twice."""
    for _ in range(2):
        relay.step(NOW + moment)
    notes = Fact.objects.filter(name__startswith="effect.").order_by("id").values_list("name", "words")
    return OutboxItem.objects.get().state, [(name, words.get("why", "")) for name, words in notes if words.get("why")]


def test_somebody_is_asked_by_name_with_the_words_to_use(handed: Task) -> None:
    assert handed.assigned == cast.NAMES["li"]
    assert Sentence.of_text(handed.title).template == "请到「%(where)s」说这段话"
    assert read_details(handed.details) == ("大家早\n今天八点开课", "")
    assert OutboxItem.objects.get().state == "failed"


def test_who_leads_is_asked_when_nobody_operates(tea: cast.Tea, li: int, monkeypatch: pytest.MonkeyPatch) -> None:
    do_name_staff(
        tea.community_id, [NewStaff("sandbox", "wang", "王老师", "teacher"), NewStaff("sandbox", "qi", "齐", "lead")]
    )
    Staff.objects.filter(duty="operator").delete()
    assert hand_over(tea, li, Pin(group_id=tea.first, message_key="m1"), monkeypatch).assigned == "齐"


def test_it_counts_as_done_when_the_person_says_so_and_not_when_they_take_it_back(handed: Task, li: int) -> None:
    assert do_finish_task(handed.pk, user_id=li, at=NOW + timedelta(minutes=5))
    assert turned(timedelta(minutes=5)) == ("sent", [("effect.failed", "by_hand"), ("effect.sent", "done_by_hand")])
    assert do_reopen_task(handed.pk, user_id=li, at=NOW + timedelta(minutes=6))
    state, notes = turned(timedelta(minutes=6))
    assert (state, notes[2:]) == ("failed", [("effect.failed", "by_hand")])
    assert do_finish_task(handed.pk, user_id=li, at=NOW + timedelta(minutes=7))
    assert turned(timedelta(minutes=7))[0] == "sent"


def test_only_the_last_word_counts_when_it_was_turned_to_and_fro_at_once(handed: Task, li: int) -> None:
    for second in range(3):
        (do_finish_task, do_reopen_task)[second % 2](handed.pk, user_id=li, at=NOW + timedelta(seconds=second))
    state, notes = turned(timedelta(seconds=3))
    assert (state, len(notes)) == ("sent", 2)


def test_nothing_follows_when_a_task_of_another_kind_is_done(tea: cast.Tea, li: int) -> None:
    do_order(
        Say(group_id=tea.first, text="早"),
        community_id=tea.community_id,
        user_id=li,
        key="a",
        at=NOW,
        carrier="sandbox",
    )
    item = OutboxItem.objects.get()
    do_open_task(OpenTask(key=f"by_hand:{item.pk}", kind="call", title="打电话"), community_id=tea.community_id, at=NOW)
    do_finish_task(Task.objects.get().pk, user_id=li, at=NOW)
    assert turned(timedelta(0))[0] == "waiting"


def test_who_is_to_be_told_in_private_is_named(tea: cast.Tea, li: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = Identity.objects.get(ref="an").pk
    task = hand_over(tea, li, Whisper(group_id=tea.first, member=ann, text="在吗"), monkeypatch)
    assert Sentence.of_text(task.title).values["who"] == cast.NAMES["an"]


@pytest.mark.parametrize(
    ("where", "link"),
    [
        (("qq", "20001", ""), "mqqapi://card/show_pslcard?src_type=internal&version=1&uin=20001&card_type=group"),
        (("qq", "", "30001"), "mqqapi://card/show_pslcard?src_type=internal&version=1&uin=30001&card_type=friend"),
        (("qq", "1&x=javascript:", ""), ""),
        (("matrix", "!a:b.example", ""), "https://matrix.to/#/%21a%3Ab.example"),
        (("sandbox", "g1", ""), ""),
    ],
)
def test_the_way_leads_to_the_platform(where: tuple[str, str, str], link: str) -> None:
    assert link_to(*where) == link
    assert read_details(f"早\n{link}") == ("早", link)


@pytest.mark.parametrize("link", ["", "mqqapi://card/show_pslcard?uin=20001"])
def test_an_address_at_the_end_of_the_words_stays_with_them(link: str) -> None:
    words = "今晚八点开课\nhttps://meeting.example/1"
    assert read_details(f"{words}\n{link}") == (words, link)

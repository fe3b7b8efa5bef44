"""The outbox's list and the decisions people make about what goes out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from qunying.carriers.sandbox import room
from qunying.communities.actions import do_pause
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.effects import EffectState, Forfeit, Outside, Refund, RemoveMember, Say
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Reason
from qunying.ledger.actions import Act as Booking
from qunying.ledger.actions import do_pay_deposit
from qunying.outbox import delivery
from qunying.outbox.actions import do_enqueue
from qunying.outbox.queries import Item, find_item, find_item_by_key
from qunying.people.queries import ids_of_accounts
from tests import cast
from tests.screens.conftest import signed_in_as

Counted = Callable[[int], AbstractContextManager[object]]
HOSTILE = '<script>alert(1)</script> ‮ "><b>群名'
HTMX = {"HX-Request": "true"}
GREETS = Reason("onboarding.greets_in_time", {"count": 2})


def queue(tea: cast.Tea, effect: Outside, state: EffectState = EffectState.WAITING, number: int = 0) -> Item:
    """An effect as a decision queues it."""
    event = Event(key=f"e{number}", at=clock.now(), lane_id=0, community_id=tea.community_id, group_id=effect.group_id)
    act = Act(effect, "onboarding", GREETS, f"e{number}/onboarding/0", state)
    with transaction.atomic():
        do_enqueue([(event, [act])])
    item = find_item_by_key(act.key)
    assert item is not None
    return item


def proposed(tea: cast.Tea, text: str = "欢迎 陈晨", number: int = 0) -> Item:
    """A greeting that waits for a nod."""
    return queue(tea, Say(group_id=tea.first, text=text), EffectState.NEEDS_APPROVAL, number)


def listed(client: Client, query: str = "", **headers: str) -> str:
    """The list."""
    response = client.get(reverse("console:outbox") + query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def decide(client: Client, item: Item, verb: str) -> tuple[int, str]:
    """Presses the button of a decision."""
    response = client.post(reverse("console:outbox-decide", args=[item.pk, verb]))
    return response.status_code, response.content.decode()


def state_of(item: Item) -> str:
    """How an effect stands now."""
    found = find_item(item.pk)
    assert found is not None
    return found.state


def test_the_empty_list_teaches_when_nothing_was_queued(owner: Client) -> None:
    assert "打开演练场" in listed(owner)
    assert "你点了头才发" in listed(owner, "?state=needs_approval")


def test_a_line_says_what_where_why_when_and_how_it_stands_when_listed(tea: cast.Tea, owner: Client) -> None:
    proposed(tea, HOSTILE)
    html = listed(owner)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    for words in ("在群里说话", "茶友会1群", "等够了，一起欢迎 2 位", "等人点头", "作废时间", "迎新"):
        assert words in html


@pytest.mark.parametrize(
    ("query", "shows"),
    [
        ("?state=needs_approval", {"甲"}),
        ("?state=waiting", {"乙"}),
        ("?state=simulated", {"丙"}),
        ("?state=nonsense", {"甲", "乙", "丙"}),
        ("?capability=console", set()),
        ("?page=99", {"甲", "乙", "丙"}),
        ("?sort=old", {"甲", "乙", "丙"}),
    ],
)
def test_the_list_is_what_was_asked_for_when_filtered(
    tea: cast.Tea, owner: Client, query: str, shows: set[str]
) -> None:
    states = (EffectState.NEEDS_APPROVAL, EffectState.WAITING, EffectState.SIMULATED)
    for number, (name, state) in enumerate(zip("甲乙丙", states, strict=True)):
        queue(tea, Say(group_id=tea.first, text=f"欢迎{name}"), state, number)
    html = listed(owner, query)
    assert {name for name in "甲乙丙" if f"欢迎{name}" in html} == shows


def test_a_group_alone_is_shown_when_asked_for(tea: cast.Tea, owner: Client) -> None:
    first, second = tea.groups.values()
    queue(tea, Say(group_id=first, text="欢迎甲"), number=1)
    queue(tea, Say(group_id=second, text="欢迎乙"), number=2)
    html = listed(owner, f"?group={second}")
    assert "欢迎乙" in html
    assert "欢迎甲" not in html


def test_pages_follow_when_there_are_many(tea: cast.Tea, owner: Client) -> None:
    for number in range(35):
        queue(tea, Say(group_id=tea.first, text=f"第{number}句。"), number=number)
    assert "第34句。" in listed(owner)
    assert "第0句。" not in listed(owner)
    assert "第0句。" in listed(owner, "?page=2")
    assert "第0句。" in listed(owner, "?sort=old")


def test_it_is_shown_first_what_a_nod_does_when_asked(tea: cast.Tea, owner: Client) -> None:
    item = proposed(tea)
    address = reverse("console:outbox-decide", args=[item.pk, "approve"])
    html = owner.get(address).content.decode()
    assert "30 分钟内没做成就不再做" in html
    assert "之后还能撤销" in html
    assert "<html" in html
    part = owner.get(address, headers=HTMX).content.decode()
    assert "<html" not in part
    assert 'command="close"' in part
    assert state_of(item) == EffectState.NEEDS_APPROVAL


def test_the_pause_is_said_when_a_nod_would_not_send(tea: cast.Tea, owner: Client) -> None:
    item = proposed(tea)
    do_pause(None, user_id=owner.session["_auth_user_id"], at=clock.now())
    html = owner.get(reverse("console:outbox-decide", args=[item.pk, "approve"])).content.decode()
    assert "恢复以后才会发" in html
    assert "自动动作停着" in listed(owner)


@pytest.mark.parametrize(
    ("verb", "state", "fact"),
    [
        ("approve", EffectState.WAITING, "effect.approved"),
        ("reject", EffectState.CANCELLED, "effect.rejected"),
    ],
)
def test_a_proposal_is_decided_when_somebody_presses(
    tea: cast.Tea, owner: Client, verb: str, state: EffectState, fact: str
) -> None:
    item = proposed(tea)
    assert decide(owner, item, verb)[0] == 302
    assert state_of(item) == state
    assert Fact.objects.filter(name=fact, words__effect=item.pk).count() == 1


def test_a_decision_comes_too_late_when_it_was_made_already(tea: cast.Tea, owner: Client) -> None:
    item = proposed(tea)
    decide(owner, item, "reject")
    status, html = decide(owner, item, "approve")
    assert status == 422
    assert "已经处理过了" in html
    assert state_of(item) == EffectState.CANCELLED


def test_what_was_held_goes_on_when_it_is_taken_back(tea: cast.Tea, owner: Client) -> None:
    item = queue(tea, Say(group_id=tea.first, text="明早见", not_before=clock.now() + timedelta(hours=1)))
    assert decide(owner, item, "hold")[0] == 302
    assert state_of(item) == EffectState.CANCELLED
    html = listed(owner)
    address = reverse("console:outbox-unhold", args=[item.pk])
    assert f'action="{address}"' in html
    owner.post(address)
    assert state_of(item) == EffectState.WAITING


def test_what_was_sent_is_withdrawn_when_undone(tea: cast.Tea, owner: Client) -> None:
    item = queue(tea, Say(group_id=tea.first, text="说错了"))
    delivery.step(clock.now())
    html = owner.get(reverse("console:outbox-decide", args=[item.pk, "undo"])).content.decode()
    assert "撤回消息" in html
    assert "看到过的人已经看到了" in html
    assert decide(owner, item, "undo")[0] == 302
    assert state_of(item) == EffectState.UNDONE


@pytest.mark.parametrize(("verb", "state"), [("arrived", EffectState.SENT), ("lost", EffectState.FAILED)])
def test_a_doubt_ends_when_a_person_has_looked(
    tea: cast.Tea, owner: Client, monkeypatch: pytest.MonkeyPatch, verb: str, state: EffectState
) -> None:
    def broken(*_: object) -> None:
        raise ConnectionError("no answer")

    item = queue(tea, Say(group_id=tea.first, text="到了没有"))
    monkeypatch.setattr("qunying.carriers.sandbox.send._say", broken)
    delivery.step(clock.now())
    assert state_of(item) == EffectState.UNKNOWN
    assert "没发出" in listed(owner, "?state=unknown")
    assert decide(owner, item, verb)[0] == 302
    assert state_of(item) == state
    assert decide(owner, item, verb)[0] == 422


def test_a_removal_is_named_on_its_button_when_it_waits(tea: cast.Tea, owner: Client) -> None:
    member = ids_of_accounts([("sandbox", "an")])[("sandbox", "an")]
    item = queue(tea, RemoveMember(group_id=tea.first, member=member), EffectState.NEEDS_APPROVAL)
    assert ">移出群</a>" in listed(owner)
    html = owner.get(reverse("console:outbox-decide", args=[item.pk, "approve"])).content.decode()
    assert "btn danger" in html
    assert "安安" in html


def test_new_lines_come_alone_when_the_list_goes_on(tea: cast.Tea, owner: Client) -> None:
    old = queue(tea, Say(group_id=tea.first, text="旧的"), number=1)
    assert owner.get(reverse("console:outbox"), {"after": old.pk}).status_code == 204
    queue(tea, Say(group_id=tea.first, text="新的"), number=2)
    html = owner.get(reverse("console:outbox"), {"after": old.pk}).content.decode()
    assert html.strip().startswith("<li")
    assert "新的" in html
    assert "旧的" not in html


def test_changed_lines_come_again_when_asked_what_is_new(tea: cast.Tea, owner: Client) -> None:
    sent, waits = queue(tea, Say(group_id=tea.first, text="发了"), number=1), proposed(tea, "还等着", 2)
    shown = f"{sent.pk}:waiting,{waits.pk}:needs_approval,abc:x,9999:sent"
    delivery.step(clock.now())
    html = owner.get(reverse("console:outbox-news"), {"shown": shown}).content.decode()
    assert f'id="outbox-row-{sent.pk}"' in html
    assert "hx-swap-oob" in html
    assert f'id="outbox-row-{waits.pk}"' not in html
    assert f"{sent.pk}%3Asent" in html


def test_the_outbox_is_within_reach_only_when_somebody_looks(tea: cast.Tea, owner: Client, stranger: Client) -> None:
    other = cast.build_tea(groups=("h1",), name="别家")
    item = proposed(tea, "只给茶友会")
    theirs = signed_in_as("theirs", "operator", other.community_id)
    reader = signed_in_as("reader", "analyst", tea.community_id)
    for client in (theirs, stranger):
        assert "只给茶友会" not in listed(client)
        assert decide(client, item, "approve")[0] == 404
        assert client.get(reverse("console:outbox-decide", args=[item.pk, "approve"])).status_code == 404
    assert "只给茶友会" in listed(reader)
    assert f"outbox/{item.pk}/approve" not in listed(reader)
    assert decide(reader, item, "approve")[0] == 404
    assert Client().get(reverse("console:outbox")).status_code == 302
    assert owner.get(reverse("console:outbox-decide", args=[item.pk, "explode"])).status_code == 404
    assert room.list_seats("g1")


def test_the_way_back_stays_ours_when_the_address_says_otherwise(tea: cast.Tea, owner: Client) -> None:
    item = proposed(tea)
    address = reverse("console:outbox-decide", args=[item.pk, "reject"])
    assert owner.post(f"{address}?back=https://evil.example/")["Location"] == reverse("console:outbox")


@pytest.mark.parametrize("count", [3, 28])
def test_queries_stay_few_when_the_list_grows(
    tea: cast.Tea, owner: Client, django_assert_max_num_queries: Counted, count: int
) -> None:
    for number in range(count):
        queue(tea, Say(group_id=tea.first, text=f"第{number}句"), number=number)
    with django_assert_max_num_queries(24):
        listed(owner)


def test_the_chip_counts_what_did_not_go_out_when_there_is_some(tea: cast.Tea, owner: Client) -> None:
    for number, state in enumerate((EffectState.FAILED, EffectState.EXPIRED, EffectState.SIMULATED)):
        queue(tea, Say(group_id=tea.first, text=f"第{number}句"), state, number)
    chips = {chip.state: chip.count for chip in owner.get(reverse("console:outbox")).context["chips"]}
    assert chips["failed"] == 2
    assert ">没有发成 2</a>" in listed(owner)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "没收的不是「阿博」的押金"), ("en", "not a deposit of “阿博”")]
)
def test_why_money_could_not_be_moved_is_said_in_the_readers_language(
    tea: cast.Tea, owner: Client, language: str, words: str
) -> None:
    an, bo = (ids_of_accounts([("sandbox", ref)])[("sandbox", ref)] for ref in ("an", "bo"))
    do_pay_deposit(Booking(key="p", community_id=tea.community_id, identity_id=an, at=clock.now()), 990_000, "CNY")
    taken = queue(tea, Forfeit(group_id=tea.first, member=an))
    queue(tea, Refund(group_id=tea.first, member=bo, of=taken.key), number=1)
    delivery.step(clock.now())
    page = owner.get(reverse("console:outbox"), headers={"Accept-Language": language}).content.decode()
    assert words in page
    assert words in owner.get(reverse("console:journal"), headers={"Accept-Language": language}).content.decode()

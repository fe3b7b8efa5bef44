"""Journeys as pages: who answers whom, who left, which ways people take."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from qunying.console.insights import churning, journeys
from qunying.insights.churn.cases import Case, Sides
from qunying.insights.churn.comparing import Churn, Compared, Share, interval
from qunying.insights.churn.signals import Signal
from qunying.talk.placing import do_place_new
from tests import cast
from tests.screens.conftest import signed_in_as


@pytest.fixture
def talk(tea: cast.Tea) -> cast.Tea:
    """安安 asks, 阿博 and a newcomer answer; 陈晨 speaks in the second group, to nobody."""
    with cast.clock_stands(cast.TUESDAY - timedelta(hours=2)):
        cast.arrive([cast.join("j1", "man", via="qr"), cast.message("m1", "an", "白茶放多久才好喝？")])
        cast.arrive([cast.message("m2", "bo", "三年", reply_to="m1"), cast.message("m3", "man", "五年", reply_to="m1")])
        cast.arrive([cast.join("j2", "chen", via="qr"), cast.message("m4", "chen", "早")], "g2")
        cast.told()
    do_place_new()
    return tea


def page(client: Client, address: str, status: int = 200) -> str:
    """What stands there."""
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_who_answers_whom_is_drawn_and_listed(talk: cast.Tea, owner: Client) -> None:
    html = page(owner, "/insights/replies/answer/?span=28")

    assert "3 个人在互相接话" in html
    assert html.count("<circle") == 3
    assert "说了话，没人接过" in html
    assert "陈晨" in html
    assert "?group=" not in html


def test_one_group_is_looked_at_when_it_is_named(talk: cast.Tea, owner: Client) -> None:
    second = page(owner, f"/insights/replies/answer/?span=28&group={talk.groups['g2']}")
    nobody = page(owner, "/insights/replies/answer/?span=28&group=没有的群")

    assert "还没有人接过话" in second
    assert "茶友会2群，" in second
    assert "没有叫「没有的群」的群" in nobody
    assert 'name="group"' in page(owner, "/insights/replies/?group=x")


def test_nobody_elses_talk_is_drawn(talk: cast.Tea) -> None:
    elsewhere = signed_in_as("far", "lead", cast.build_tea(name="别处", groups=("x",)).community_id)

    assert "安安" not in page(elsewhere, f"/insights/replies/answer/?group={talk.groups['g1']}")
    assert "安安" not in page(elsewhere, f"/insights/replies/answer/?community={talk.community_id}")


def test_what_happened_before_people_left_is_told_with_their_words(tea: cast.Tea, owner: Client) -> None:
    with cast.clock_stands(cast.TUESDAY - timedelta(days=2)):
        cast.arrive([cast.join("j1", "man", via="qr"), cast.message("q1", "man", "押金什么时候退给我？")])
        cast.told()
    do_place_new()
    with cast.clock_stands(cast.TUESDAY - timedelta(hours=1)):
        cast.arrive([cast.leave("l1", "man")])
        cast.told()
    html = page(owner, "/insights/churn/answer/?span=28")

    assert "只有 1 个人走，还看不出什么" in html
    assert "问了没人回答" in html
    assert "「<bdi>押金什么时候退给我？</bdi>」" in html
    assert "人太少，看不出来" in html
    assert "这段时间没有人静下来" in page(owner, "/insights/churn/answer/?span=28&silent=14")
    assert "自己离开的人" in page(owner, "/insights/churn/")


def test_the_paths_of_newcomers_are_drawn_and_listed(tea: cast.Tea, owner: Client) -> None:
    with cast.clock_stands(cast.TUESDAY - timedelta(days=12)):
        cast.arrive([cast.join("j1", "man", via="qr"), cast.message("m1", "man", "早")])
        cast.arrive([cast.join("j2", "chen", via="qr")])
        cast.told()
    with cast.clock_stands(cast.TUESDAY - timedelta(hours=1)):
        cast.arrive([cast.join("j3", "fang", via="qr"), cast.message("m2", "an", "早")])
        cast.told()
    html = page(owner, "/insights/paths/answer/?span=28")

    assert html.count("<rect") == 2
    assert "第一句话" in html
    assert "还有 1 人刚进群" in html
    assert "50%" in html
    assert "7 天内" in page(owner, "/insights/paths/")


def test_a_difference_that_can_be_told_is_told_in_points(
    tea: cast.Tea, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stayed = Share(12, 20), Share(2, 40)
    case = Case(tea.groups["g1"], 1, cast.TUESDAY)
    one = Compared(Signal.UNANSWERED, gone, stayed, *interval(gone, stayed), ())
    even = Compared(Signal.ADS, Share(3, 20), Share(6, 40), *interval(Share(3, 20), Share(6, 40)), ())
    found = Churn(Sides((case,) * 20, (case,) * 40, 20, 40, 1), (one, even))
    monkeypatch.setattr(churning, "read_churn", lambda *_asked: found)
    html = page(owner, "/insights/churn/answer/?span=28")

    assert "走的人里 60% 之前问了没人回答，留下的人里是 5%" in html
    assert "走的人多 23–77 个百分点" in html
    assert "看不出差别" in html
    assert "另有 1 人是被移出的" in html
    nothing = Compared(Signal.NOTHING, Share(19, 20), Share(10, 40), *interval(Share(19, 20), Share(10, 40)), ())
    found = Churn(found.sides, (even, nothing))
    assert "走的人里 95% 之前什么也没碰到，留下的人里是 25%" in page(owner, "/insights/churn/answer/?span=28")


@pytest.mark.parametrize("name", ["paths", "churn", "replies"])
def test_too_many_groups_are_said_instead_of_read(
    talk: cast.Tea, owner: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(journeys, "MOST_GROUPS", 1)

    assert "一次最多 1 个群" in page(owner, f"/insights/{name}/answer/?span=28")
    assert "群太多了" not in page(owner, f"/insights/{name}/answer/?span=28&group={talk.groups['g1']}")

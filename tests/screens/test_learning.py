"""An incident becomes a list of words: what its messages share and ordinary talk does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from qunying.capabilities.order.learnt import OFTEN, learn_from
from qunying.capabilities.order.lists_told import list_lists, list_words
from qunying.kernel import clock
from qunying.talk.models import Message
from tests import cast
from tests.incidents.found import found
from tests.screens.conftest import signed_in_as

pytestmark = pytest.mark.django_db
WAVE = (
    "零基础学习理财投资，资深导师每晚免费带单，添加微信 tea12345 领取内部资料",
    "大家早上好，打扰一下：零基础学习理财投资，资深导师每晚免费带单，添加微信 tea12345 领取内部资料，名额有限",
    "零基础🔥学习理财🔥投资，资深💰导师每晚免费带单✨，添加微信 milk99887 领取💎内部资料",
)
SPAMMERS = ("man", "yu", "chen")


@pytest.fixture
def tea(db: None) -> Iterator[cast.Tea]:
    """A wave of three, among the talk of two who often speak."""
    with cast.clock_stands(cast.TUESDAY):
        made = cast.build_tea(groups=("g1", "g2"))
        talk = [cast.message(f"t{n}", ("an", "bo")[n % 2], f"今天第{n}泡白茶好喝") for n in range(OFTEN * 2 + 4)]
        wave = [cast.message(f"w{n}", ref, text) for n, (ref, text) in enumerate(zip(SPAMMERS, WAVE, strict=True))]
        for number, one in enumerate(talk):  # nobody floods the group
            cast.arrive([one], at=clock.now() - timedelta(minutes=len(talk) - number))
        cast.arrive(wave)
        cast.told()
        yield made


def wave_ids() -> list[int]:
    return list(Message.objects.filter(source_key__startswith="w").order_by("pk").values_list("pk", flat=True))


def address(tea: cast.Tea) -> str:
    return f"/order/learn/?community={tea.community_id}&messages={','.join(map(str, wave_ids()))}"


def test_the_shared_words_of_a_wave_become_a_list_that_is_on_and_goes_again(tea: cast.Tea, owner: Client) -> None:
    page = owner.get(address(tea))
    phrases = page.context["phrases"]
    assert any("每晚免费带单" in one.text for one in phrases)
    assert all(one.is_taken for one in phrases)
    assert "3 条消息共有" in page.content.decode()
    said = {f"word{one.place}": one.text for one in phrases} | {"take": ["0"], "word0": "免费带单", "does": "delete"}
    told = owner.post("/order/learn/", {"community": tea.community_id, "messages": "", **said}, follow=True)
    (made,) = list_lists(tea.community_id, clock.now())
    assert (made.title, made.is_on, made.groups, made.does) == ("来自事件 3 月 5 日", True, (), "delete")
    assert [one.text for one in list_words(made.id)] == ["免费带单"]
    assert f'action="/order/lists/{made.id}/remove/"' in told.content.decode()
    owner.post(f"/order/lists/{made.id}/remove/")
    assert list_lists(tea.community_id, clock.now()) == []


def test_a_second_list_of_a_day_gets_a_number(tea: cast.Tea, owner: Client) -> None:
    said = {"community": tea.community_id, "take": "0", "word0": "免费带单"}
    for _ in range(2):
        owner.post("/order/learn/", said)
    titles = {one.title for one in list_lists(tea.community_id, clock.now())}
    assert titles == {"来自事件 3 月 5 日", "来自事件 3 月 5 日 (2)"}


def test_words_that_people_who_speak_often_use_are_not_ticked(tea: cast.Tea, owner: Client) -> None:
    ids = list(Message.objects.filter(source_key__startswith="t").order_by("pk").values_list("pk", flat=True)[:2])
    many = [cast.message(f"o{n}", "fang", f"随便说说{chr(0x4E00 + n)}") for n in range(700)]
    cast.arrive(many)
    cast.told()
    Message.objects.filter(source_key__startswith="t").exclude(pk__in=ids).update(text="嗯")
    Message.objects.filter(source_key="t19").update(text="今天第0泡白茶好喝")
    learnt = learn_from(ids, list(tea.groups.values()), clock.now())
    assert {one.regulars for one in learnt.proposals} == {1}
    page = owner.get(f"/order/learn/?community={tea.community_id}&messages={','.join(map(str, ids))}")
    assert not any(one.is_taken for one in page.context["phrases"])
    assert "其中 1 条是常说话的人说的" in page.content.decode()


def test_nothing_is_proposed_when_messages_share_nothing_or_belong_elsewhere(tea: cast.Tea, owner: Client) -> None:
    home = tea.community_id
    assert "学不出词来" in owner.get(f"/order/learn/?community={home}&messages={wave_ids()[0]},x,").content.decode()
    assert learn_from(wave_ids(), [], clock.now()).proposals == ()


def test_the_way_to_an_incident_is_shown_when_no_messages_were_brought(tea: cast.Tea, owner: Client) -> None:
    html = owner.get(f"/order/learn/?community={tea.community_id}").content.decode()
    assert "先打开一件事" in html
    assert "学不出词来" not in html


def test_a_word_is_one_line_when_it_was_broken_while_it_was_edited(tea: cast.Tea, owner: Client) -> None:
    said = {"community": tea.community_id, "take": "0", "word0": "免费\r\n带单", "does": "delete"}
    made = owner.post("/order/learn/", said)
    assert "免费带单" in owner.get(made["Location"]).content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"take": "0", "word0": " "}, {"take": "0", "word0": "正则：("}, {"take": "0", "word0": "正则：."}]
)
def test_no_list_is_made_when_words_are_missing_wrong_or_far_too_wide(
    said: dict[str, str], tea: cast.Tea, owner: Client
) -> None:
    messages = ",".join(map(str, wave_ids()))
    refused = owner.post("/order/learn/", {"community": tea.community_id, "messages": messages, **said})
    assert refused.status_code == 422
    assert list_lists(tea.community_id, clock.now()) == []


def test_a_list_that_is_too_wide_is_on_when_the_number_is_typed(tea: cast.Tea, owner: Client) -> None:
    said = {"community": tea.community_id, "take": "0", "word0": "正则：."}
    assert "会碰到 5 个人" in owner.post("/order/learn/", said).content.decode()
    owner.post("/order/learn/", {**said, "people": "5"})
    assert [one.is_on for one in list_lists(tea.community_id, clock.now())] == [True]


def test_an_incident_leads_to_what_its_messages_share_for_whoever_may_set_up(tea: cast.Tea, owner: Client) -> None:
    incident = found(tea.community_id, "quarrel", group_id=tea.first, refs=SPAMMERS, messages=("w0", "w1", "w2"))
    href = address(tea).replace("&", "&amp;")
    assert f'href="{href}' in owner.get(f"/incidents/{incident}/").content.decode()
    watcher = signed_in_as("wen", "watcher", tea.community_id)
    assert "/order/learn/" not in watcher.get(f"/incidents/{incident}/").content.decode()
    assert watcher.get(address(tea)).status_code == 404

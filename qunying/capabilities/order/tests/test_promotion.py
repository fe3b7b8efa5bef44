"""Advertising: what is acted on, what a person is asked about, what is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from qunying.capabilities.order.heat import read_heat
from qunying.capabilities.order.links import favour_of, not_allowed
from qunying.capabilities.order.posing import LIKE_AN_OFFICE, LIKE_OURS, posing_of
from qunying.capabilities.order.signs import read_signs
from qunying.capabilities.order.tests.said import NOON, STAFF, Talk, kinds
from qunying.judgement.folding import folded
from qunying.judgement.patterns.links import find_links
from qunying.kernel.effects import EffectState, OpenIncident
from qunying.kernel.events import Attachment, MessageReceived, Who

AD = "兼职日结三百，加V hu_1990 详聊"


@pytest.mark.parametrize(
    "text",
    [
        AD,
        "躺赚副业 ➕薇❤：ｈｕ１９９０ａ",
        "日结兼職，扣扣 一二三四五六七八九",
        "大家帮我砍一刀 https://pin.example.com/kan?id=88",
        "拼团还差一个人 pin.example.com/tuan?id=90 快来",
    ],
)
def test_an_ad_is_acted_on_when_it_is_clear(text: str) -> None:
    opinion = Talk().say("胡", text)
    assert opinion is not None
    assert "DeleteMessage" in kinds(opinion)
    assert not opinion.asks_first


@pytest.mark.parametrize(
    "text",
    [
        "有人私聊我说“兼职日结三百，加V hu_1990”，是不是骗子",
        "加我一个，周六羽毛球",
        "这个盖碗我买的 168，你们多少钱拿的",
        "求助！橘猫走丢了，看到的麻烦打 13800138000，谢谢大家",
        "作业模板在这里 https://docs.example.org/t/12",
        "请问客服微信是多少？想问下退款",
        "说好三天发货，十天了还没到，我要退钱",
    ],
)
def test_nothing_is_done_when_talk_is_ordinary(text: str) -> None:
    assert kinds(Talk().say("安", text)) == []


def test_a_person_is_asked_when_somebody_says_that_they_may() -> None:
    opinion = Talk().say("安", "群主说可以发一次：新茶上架，免费领样品，加微信 anan_tea88")
    assert opinion is None or opinion.asks_first or kinds(opinion) == []


def test_staff_show_a_handle_and_members_may_pass_it_on() -> None:
    talk = Talk()
    assert talk.say("王老师", "报名加我微信 wang_tea88 领资料", role="admin") is None
    assert kinds(talk.say("安", "加老师微信 wang_tea88 领资料")) == []
    assert "DeleteMessage" in kinds(talk.say("胡", "加老师微信 wang_tea99 领资料，名额有限"))


def test_a_burst_is_one_step_and_the_next_comes_only_after_the_last_was_delivered() -> None:
    talk = Talk()
    assert kinds(talk.say("胡", AD)) == ["DeleteMessage", "Say"]
    for _ in range(5):
        assert kinds(talk.say("胡", AD, after=3)) == ["DeleteMessage"]
    assert kinds(talk.say("胡", AD, after=600)) == ["DeleteMessage"]  # nobody has delivered the warning yet
    assert len(talk.memory.new_sanctions) == 1


def test_an_impostor_is_removed_at_once_and_the_group_told_once() -> None:
    talk = Talk()
    talk.came("课程王老师", timedelta(minutes=20))
    card = Attachment("contact", "王老师", "wls_666")
    assert kinds(talk.say("课程王老师", "", media=[card])) == ["DeleteMessage", "RemoveMember", "Say"]
    assert kinds(talk.say("课程王老师", "同学们先加我微信 wls_666，领资料", after=2)) == ["DeleteMessage"]


def test_a_wave_is_removed_with_whoever_was_only_in_doubt_and_is_one_incident() -> None:
    talk = Talk()
    for name in ("小鱼", "青草", "晚风"):
        talk.came(name, timedelta(minutes=30))
    talk.say("小鱼", "加微信 lzl_778 一起交流")
    second = talk.say("青草", "加微信 lzl_778 领资料，名额有限", after=5)
    third = talk.say("晚风", "领资料加微信lzl_778，名额有限哦", after=5)
    removed = [
        effect.member
        for found in (second, third)
        if found
        for effect in found.effects
        if type(effect).__name__ == "RemoveMember"
    ]
    assert set(removed) >= {talk.id("青草"), talk.id("晚风")}
    assert len(removed) == len(set(removed))
    incidents = {
        effect.key for found in talk.opinions if found for effect in found.effects if isinstance(effect, OpenIncident)
    }
    assert len(incidents) == 1


def test_old_members_who_show_the_same_are_no_wave() -> None:
    talk = Talk()
    talk.say("安", "拼团还差一个人 pin.example.com/tuan?id=90 快来")
    assert "RemoveMember" not in kinds(talk.say("博", "我也来拼团 pin.example.com/tuan?id=90", after=30))


@pytest.mark.parametrize(
    ("name", "score"),
    [
        ("写作王老师", LIKE_OURS),
        ("王·老·师", LIKE_OURS),
        ("小李助教①", LIKE_OURS),
        ("课程官方助理", LIKE_AN_OFFICE),
        ("Official Support", LIKE_AN_OFFICE),
        ("安安", 0.0),
        ("小李子", 0.0),
    ],
)
def test_names_look_like_ours_when_they_do(name: str, score: float) -> None:
    assert posing_of([name], STAFF) == score


def test_a_domain_is_allowed_with_all_below_it_and_nothing_that_only_ends_so() -> None:
    text = "https://docs.example.org/a http://a.docs.example.org https://evildocs.example.org https://example.org"
    assert [link.host for link in not_allowed(find_links(text), ["docs.example.org"])] == [
        "evildocs.example.org",
        "example.org",
    ]


def test_links_ask_for_a_favour_by_words_or_by_where_they_lead() -> None:
    def favour(text: str) -> float:
        return favour_of(folded(text), find_links(text))

    assert favour("看这篇 https://zh.wikipedia.org/wiki/茶") == 0
    assert favour("https://shop.example.com/item/3") < 0.5 < favour("https://shop.example.com/invite?u=3")
    assert favour("帮我点一下 https://x.example.com/a") >= 0.8


def test_only_noted_is_what_would_be_done_when_the_group_is_observed() -> None:
    from qunying.kernel.scene import Mode

    talk = Talk(mode=Mode.OBSERVE)
    talk.say("胡", AD)
    assert {act.state for act in talk.decisions[-1].acts} == {EffectState.SIMULATED}
    assert talk.memory.new_sanctions == ()


@pytest.mark.parametrize(("dealt_with_since", "acts"), [(False, False), (True, True)])
def test_what_a_person_let_stand_forgives_the_next_only_while_nothing_was_done_to_its_sender(
    dealt_with_since: bool, acts: bool
) -> None:
    talk = Talk()
    for name in ("甲", "乙"):
        talk.came(name, timedelta(hours=2))
    talk.say("甲", "各位好，品茶可以加我 tea_9981")
    ((who, (asked,)),) = talk.memory.sanctions.items()
    let_stand = replace(asked, is_asked=False, is_forgiven=True, is_over=True)
    since = replace(asked, cause_key="later", at=talk.at + timedelta(seconds=30), is_asked=False, stands=True)
    sanctions = {who: (let_stand, since) if dealt_with_since else (let_stand,)}
    talk.memory = replace(talk.memory, sanctions=sanctions)
    opinion = talk.say("乙", "各位好，品茶可以加我 tea_9981", 120)
    assert ("RemoveMember" in kinds(opinion)) is acts


@pytest.mark.parametrize(
    ("text", "trades"),
    [
        ("今日入群的朋友，有问题加我微信 xiaoqiao_88 问", False),
        ("周末棋牌室约局，会场外围集合，打 13800138000 找我", False),
        ("床上四件套多买了一套，邻居谁要，电话 13800138000", False),
        ("银行开户要带身份证，大堂经理电话 010-88886666", False),
        ("博弈论读书会报名，联系 13800138000", False),
        ("日入三千，加V hu_1990", True),
        ("棋牌平台招代理，VX qipai_6612", True),
        ("香港开户 last call，WeChat ted_hkbank", True),
    ],
)
def test_a_trade_nobody_means_well_is_told_from_ordinary_words(text: str, trades: bool) -> None:
    message = MessageReceived(
        key="m", at=NOON, lane_id=1, community_id=1, group_id=1, sender=Who("a"), source_key="m", text=text
    )
    assert read_signs(message).trades is trades


@pytest.mark.parametrize(
    ("text", "hot"),
    [
        ("你手机进水了吗", False),
        ("你买的猪头肉和粉肠真香", False),
        ("you can shut it down now", False),
        ("怎么退出登录", False),
        ("你脑子进水了吧", True),
        ("我现在就退团", True),
    ],
)
def test_ordinary_words_have_no_heat(text: str, hot: bool) -> None:
    heat = read_heat(folded(text), 0.0, laughs=False, spoken_to=False, complains=False)
    assert (heat.score > 0 or heat.threatens) is hot

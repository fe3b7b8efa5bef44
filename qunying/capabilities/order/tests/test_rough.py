"""Rough words: disagreement, banter and complaints are left alone, a quarrel is one incident, nobody is punished for it."""

from __future__ import annotations

import pytest

from qunying.capabilities.order.tests.said import Talk, kinds
from qunying.kernel.effects import OpenIncident


def incidents(talk: Talk) -> list[str]:
    return [e.key for found in talk.opinions if found for e in found.effects if isinstance(e, OpenIncident)]


def test_a_quarrel_is_one_incident_however_long_it_goes_on() -> None:
    talk = Talk()
    talk.say("高", "有些人就是人傻钱多，不懂装懂")
    talk.say("秦", "你说谁傻？嘴巴放干净点", after=20)
    talk.say("高", "说的就是你，脑残一个", after=15)
    talk.say("秦", "你才脑残，滚", after=15)
    talk.say("高", "神经病", after=15)
    assert len(incidents(talk)) >= 1
    assert len(set(incidents(talk))) == 1
    assert all(set(kinds(one)) <= {"OpenIncident"} for one in talk.opinions)


@pytest.mark.parametrize(
    "lines",
    [
        ["我还是觉得单反拍人像更好", "不同意，微单比单反强了", "那是你没用过好镜头", "我用的就是大三元，各有各的好吧"],
        ["你这个傻逼哈哈哈，昨晚又鸽我", "滚，明明是你先睡着的😂", "哈哈哈脑残一个", "你才脑残哈哈哈"],
        ["说好三天发货，太垃圾了", "我的也是，太失望了", "你们到底什么时候处理？", "真的无语"],
        ["this stupid compiler again", "yeah it is a piece of junk lol", "I hate it", "me too haha"],
    ],
)
def test_nobody_is_called_when_two_only_disagree_joke_or_complain(lines: list[str]) -> None:
    talk = Talk()
    for number, line in enumerate(lines):
        talk.say("甲乙"[number % 2], line, after=20)
    assert incidents(talk) == []
    assert all(kinds(one) == [] for one in talk.opinions)


def test_a_person_is_asked_when_one_side_insults_again_and_again() -> None:
    talk = Talk()
    found = [talk.say("高", text, after=30) for text in ("你就是个白痴", "你有病吧，废物", "你个人渣，不要脸")]
    assert kinds(found[0]) == kinds(found[1]) == []
    assert found[2] is not None
    assert found[2].asks_first
    assert "RemoveMember" not in kinds(found[2])


def test_a_flood_is_a_step_and_short_everyday_words_are_none() -> None:
    talk = Talk()
    assert [kinds(talk.say("胡", "收到", after=2)) for _ in range(8)] == [[]] * 8
    found = [kinds(talk.say("安", "大家快来看看我写的文章吧求点赞求转发", after=4)) for _ in range(4)]
    assert found[:3] == [[]] * 3
    assert "Say" in found[3]

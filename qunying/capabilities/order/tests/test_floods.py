"""Floods: nearly the same, pictures without end, calling everybody, new accounts that say the same; and what only looks like one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from qunying.capabilities.order.tests.said import Talk, kinds
from qunying.kernel.opinions import Opinion

HOUR = timedelta(hours=1)
LONG = "各位朋友我们这个项目真的很稳，有兴趣的可以了解一下"


def code(opinion: Opinion | None) -> str:
    return opinion.reason.code if opinion else ""


def codes(talk: Talk) -> set[str]:
    return {one.reason.code for one in talk.opinions if one}


@pytest.mark.parametrize(
    "lines",
    [
        ["帮我砍一刀呀"] * 5,
        [f"帮我砍一刀呀{n}" for n in range(9)],
        ["帮我砍一刀呀" + "!" * n for n in range(9)],
        ["帮 我 砍 一 刀 呀", "帮我砍一刀呀。", "帮我、砍一刀呀", "帮我砍一刀呀~~"] * 2,
    ],
)
def test_small_changes_do_not_hide_a_flood(lines: Sequence[str]) -> None:
    talk = Talk()
    for line in lines:
        talk.say("阿明", line, after=5)
    assert "order.floods" in codes(talk)


@pytest.mark.parametrize("lines", [["1", "1", "1", "1", "1", "1"], ["收到"] * 6, [f"第{n}题选什么" for n in range(6)]])
def test_short_everyday_words_and_a_few_questions_are_none(lines: Sequence[str]) -> None:
    talk = Talk()
    for line in lines:
        talk.say("阿明", line, after=8)
    assert codes(talk) == set()


def test_pictures_without_end_are_looked_at_and_then_stopped_but_not_those_of_a_trip() -> None:
    talk = Talk()
    found = [talk.say("阿明", "", after=1, kind="image") for _ in range(30)]
    assert [code(one) for one in found[:14]] == [""] * 14
    assert found[14] is not None
    assert found[14].asks_first
    assert any(one is not None and not one.asks_first and kinds(one) for one in found[24:])


@pytest.mark.parametrize(("people", "asks", "acts"), [(8, False, False), (16, True, False), (40, False, True)])
def test_calling_everybody_is_a_flood_and_calling_friends_is_none(people: int, asks: bool, acts: bool) -> None:
    opinion = Talk().say("阿明", "大家周六来不来", mentions=[f"u{n}" for n in range(people)])
    assert bool(opinion and opinion.asks_first) is asks
    assert bool(opinion and not opinion.asks_first) is acts


def test_new_accounts_that_say_the_same_are_seen_together_and_regulars_are_not() -> None:
    talk = Talk()
    for name in ("甲", "乙", "丙"):
        talk.came(name, HOUR)
    found = [talk.say(name, LONG + "。" * n, after=60) for n, name in enumerate(("甲", "乙", "丙"))]
    assert [code(one) for one in found] == ["", "", "order.campaign"]
    assert found[2] is not None
    assert found[2].asks_first
    echo = Talk()
    assert [code(echo.say(name, LONG, after=60)) for name in "甲乙丙丁戊己"] == [""] * 6


def test_newcomers_who_introduce_themselves_alike_are_welcome() -> None:
    talk = Talk()
    for number in range(6):
        talk.came(f"新{number}", HOUR)
        talk.say(f"新{number}", "大家好，我是新来的，做产品经理，请多关照", after=60)
    assert codes(talk) == set()

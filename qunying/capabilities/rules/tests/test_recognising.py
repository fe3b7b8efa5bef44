"""Rules are recognised by their words, answers by theirs."""

from __future__ import annotations

import pytest

from qunying.capabilities.rules.changes import compare
from qunying.capabilities.rules.recognising import confirms, names, says
from qunying.capabilities.rules.tests.worlds import rule

REFUND = rule(text="打满 21 天卡，并在 3 月 10 日前填退款表，押金才能退。")
SHORT = rule(text="不发广告")


@pytest.mark.parametrize(
    "text",
    [
        "打满 21 天卡，并在 3 月 10 日前填退款表，押金才能退。",
        "@所有人 注意：打滿２１天卡，並在3月10日前填退款表，押金才能退！！",
        "再说一遍：打满 21 天卡，并且在 3 月 10 日前填好退款表，押金才能退",
    ],
)
def test_a_rule_is_heard_when_its_words_are_said(text: str) -> None:
    assert says(text, REFUND)


@pytest.mark.parametrize("text", ["", "押金怎么退", "打满 21 天卡就行", "退款表在哪里填，3 月 10 日前对吗"])
def test_a_rule_is_not_heard_when_somebody_only_speaks_of_it(text: str) -> None:
    assert not says(text, REFUND)


def test_a_short_rule_is_heard_only_word_for_word() -> None:
    assert says("群里不发广告哦", SHORT)
    assert not says("不发红包广告", SHORT)


def test_a_rule_is_meant_when_it_is_called_by_a_name_that_says_enough() -> None:
    named, curt = rule(name="不外传课件", text="课件只给自己看。"), rule(name="广告", text="广告只在周五发。")
    assert names("这次先提醒：不外传课件", named)
    assert not names("群里不发广告", curt)
    assert names("记住：广告只在周五发", curt)


@pytest.mark.parametrize(
    "text", ["收到", "好的，收到！", "知道了，谢谢老师", "已读", "OK", "ok 👌", "Got it, thanks", "看过了", "同意"]
)
def test_somebody_confirms_when_they_say_only_that(text: str) -> None:
    assert confirms(text)


@pytest.mark.parametrize(
    "text",
    ["", "好", "谢谢", "没收到", "收到退款了吗", "不同意", "我知道一家店", "已读不回", "okra", "我没看到", "嗯嗯"],
)
def test_nobody_confirms_when_they_say_something_else(text: str) -> None:
    assert not confirms(text)


def test_both_wordings_are_whole_when_their_differences_are_marked() -> None:
    before, after = compare("押金三天内退", "押金 5 days 内退回")
    assert "".join(piece.text for piece in before) == "押金三天内退"
    assert "".join(piece.text for piece in after) == "押金 5 days 内退回"
    assert [piece.text for piece in before if piece.is_changed] == ["三天"]
    assert [piece.text for piece in after if piece.is_changed] == [" 5 days ", "回"]

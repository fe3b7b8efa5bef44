"""Thanks are told from words that only look like them; asking the same again is no answer."""

from __future__ import annotations

import pytest

from qunying.judgement.replies import gives_thanks, only_joins_in, thanks_everybody

THANKS = (
    "谢谢",
    "多谢！",
    "好的谢谢王老师",
    "清缓存可以了，谢谢",
    "感谢大佬",
    "谢谢，那怎么退呢？",
    "太感谢了🙏",
    "3q",
    "3Q大佬",
    "谢啦",
    "谢了兄弟",
    "拜谢",
    "謝謝老師",
    "感激不尽",
    "辛苦了，收到",
    "谢谢谢谢",
    "蟹蟹",
    "🙏🙏",
    "thx",
    "Thanks a lot!",
    "thank you so much",
    "ty!",
    "got it, tnx",
    "much appreciated",
    "cheers",
)
NO_THANKS = (
    "",
    "不用谢",
    "不谢不谢",
    "谢绝还价",
    "谢老师今天讲课吗",
    "小谢在吗",
    "求推荐一个茶壶，谢谢",
    "有人知道怎么退款吗？谢谢！",
    "请问几点开始，谢谢大家",
    "谢邀，人在茶山",
    "我真是谢谢你了",
    "我谢谢你全家",
    "谢天谢地终于周五了",
    "感谢信怎么写",
    "3Q财报出来了",
    "13q4 这个型号",
    "no thanks",
    "thanks to the update it broke",
    "thank god it's friday",
    "thanks for nothing",
    "does anyone know the price? thanks",
    "empty",
    "cheers to everybody who will come to the tea house tonight",
    "谢谢参与",
    "谢幕了",
    "花都谢了",
)
JOINS_IN = ("同问", "同求！", "+1", "蹲一个", "我也想知道", "me too", "same question here", "同蹲", "我也是", "mark")
ANSWERS = ("周五退", "同问题我昨天解决了，清缓存就行", "+1 元就能换", "我也是清缓存好的", "有", "蹲下来看底款")


@pytest.mark.parametrize("text", THANKS)
def test_somebody_thanks_when_the_words_are_thanks(text: str) -> None:
    assert gives_thanks(text)


@pytest.mark.parametrize("text", NO_THANKS)
def test_nobody_thanks_when_the_words_only_look_like_it(text: str) -> None:
    assert not gives_thanks(text)


@pytest.mark.parametrize("text", JOINS_IN)
def test_the_same_question_again_is_no_answer(text: str) -> None:
    assert only_joins_in(text)


@pytest.mark.parametrize("text", [*ANSWERS, *THANKS[:3]])
def test_an_answer_is_more_than_joining_in(text: str) -> None:
    assert not only_joins_in(text)


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("谢谢大家", True),
        ("感谢各位大佬", True),
        ("thanks everyone", True),
        ("thank you all", True),
        ("谢谢老周", False),
    ],
)
def test_thanks_go_to_everybody_when_they_say_so(text: str, is_so: bool) -> None:
    assert thanks_everybody(text) == is_so

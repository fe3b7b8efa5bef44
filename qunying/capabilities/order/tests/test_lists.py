"""Words that the operator has listed: how they are written, which are found, and what follows."""

from __future__ import annotations

from typing import Any

import pytest

from qunying.capabilities.order.lists import MOST_WORDS, check_lines, read_line
from qunying.capabilities.order.settings import OrderSettings
from qunying.capabilities.order.tests.said import Talk, kinds
from qunying.judgement.patterns.wordlists import Word
from qunying.kernel.errors import BadUse
from qunying.kernel.events import Attachment
from qunying.kernel.opinions import Opinion


def heard(text: str, *words: str, does: str = "delete", **more: Any) -> Opinion | None:
    """What order thinks of it where these words are listed."""
    return Talk(words=words, words_do=does, **more).say("阿明", text)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("代购", Word("代购")),
        ("拼音：代购", Word("代购", way="pinyin")),
        ("pinyin: 代购", Word("代购", way="pinyin")),
        ("正则：日结\\d+", Word("日结\\d+", way="pattern")),
        ("完全：1", Word("1", way="exact")),
        ("允许：代购咖啡豆", Word("代购咖啡豆", allows=True)),
        ("比例 3:1", Word("比例 3:1")),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, word: Word) -> None:
    assert read_line(line) == word


@pytest.mark.parametrize("line", ["正则：(", "允许：", "正则：a{9999}", "拼音：  "])
def test_a_word_that_cannot_be_looked_for_is_refused_with_the_reason(line: str) -> None:
    with pytest.raises(BadUse):
        check_lines([line])


def test_too_many_words_are_refused() -> None:
    with pytest.raises(BadUse):
        check_lines(["词"] * (MOST_WORDS + 1))


@pytest.mark.parametrize("text", ["专业代购包邮", "代 购 找我", "代*购", "ＤＡＩ代購", "代~~购，今天下单"])
def test_disguises_make_no_difference(text: str) -> None:
    assert kinds(heard(text, "代购")) == ["DeleteMessage"]


def test_what_is_allowed_beats_what_is_forbidden() -> None:
    words = ("代购", "允许：代购咖啡豆")
    assert heard("上次的代购咖啡豆真香", *words) is None
    assert kinds(heard("上次的代购咖啡豆真香，另外代购面膜", *words)) == ["DeleteMessage"]


@pytest.mark.parametrize(
    ("does", "wanted", "asks"),
    [
        ("watch", [], False),
        ("ask", ["DeleteMessage", "Say"], True),
        ("delete", ["DeleteMessage"], False),
        ("step", ["DeleteMessage", "Say"], False),
        ("remove", ["DeleteMessage", "Whisper", "RemoveMember"], False),
    ],
)
def test_each_list_says_what_is_done(does: str, wanted: list[str], asks: bool) -> None:
    opinion = heard("专业代购", "代购", does=does)
    assert opinion is not None
    assert kinds(opinion) == wanted
    assert opinion.asks_first is asks
    assert opinion.evidence == ("代购",)


def test_who_warns_of_it_is_left_to_a_person() -> None:
    opinion = heard("有人在群里发代购广告，管理看一下", "代购", does="remove")
    assert opinion is not None
    assert opinion.asks_first


def test_staff_and_those_nobody_is_to_mind_may_say_anything() -> None:
    talk = Talk(words=("代购",), words_do="remove", allow_people=("阿亮",))
    assert talk.say("王老师", "今天不聊代购", role="admin") is None
    assert talk.say("阿亮", "代购") is None


def test_the_harder_of_a_list_and_an_ad_is_done() -> None:
    ad = "兼职日结三百，加V hu_1990 详聊"
    assert kinds(heard(ad, "日结", does="delete")) == ["DeleteMessage", "Say"]
    assert kinds(heard(ad, "日结", does="remove")) == ["DeleteMessage", "Whisper", "RemoveMember"]


def test_a_quarrel_is_told_of_also_where_its_words_are_listed() -> None:
    talk = Talk(words=("傻逼",), words_do="delete")
    for who, text in [
        ("甲", "你个傻逼"),
        ("乙", "你才傻逼，滚"),
        ("甲", "傻逼闭嘴"),
        ("乙", "滚，废物"),
        ("甲", "傻逼"),
    ]:
        talk.say(who, text, after=20)
    assert any("OpenIncident" in kinds(one) for one in talk.opinions)


def test_words_are_no_cost_where_none_are_listed() -> None:
    assert OrderSettings().words == OrderSettings().lists == ()
    assert Talk().say("阿明", "专业代购") is None


def test_words_beside_a_picture_are_thought_of_once_when_the_picture_was_looked_at() -> None:
    talk = Talk(words=("代购",), words_do="ask")
    poster = Attachment("image", "poster.png", "poster.png")
    first = talk.say("阿明", "专业代购", media=[poster], kind="text")
    assert kinds(first) == ["AskLater"]
    then = talk.see("阿明", "专业代购")
    assert kinds(then) == ["DeleteMessage", "Say"]
    assert then is not None
    assert then.asks_first

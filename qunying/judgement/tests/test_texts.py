from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.grams import READ_LETTERS, dress
from qunying.judgement.texts import VERDICTS, find_words, read_texts, reads_chinese, thresholds_for

ANYTHING = st.text(st.characters(codec=None), max_size=120)  # halves of surrogate pairs too
SIGNS = st.text("加V薇❤信 abc12３🎉\u200b，\n头", max_size=60)


def said(text: str) -> set[str]:
    return {verdict for verdict, sure in read_texts(text).items() if sure >= thresholds_for(text)[verdict]}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("兼职日结三百，加薇信领取，名额有限", "ad"),
        ("大家好，我是新人小林，在杭州做设计，多多关照", "introduction"),
        ("打卡第12天，晨跑5公里 ✓", "checkin"),
        ("请问课程表在哪里看", "question"),
        ("Hi all, I'm Mara, a nurse from Leeds, new here", "introduction"),
        ("how do I export my notes", "question"),
    ],
)
def test_a_plain_case_is_called_by_its_name_when_read(text: str, verdict: str) -> None:
    assert verdict in said(text)


@pytest.mark.parametrize(
    "text", ["早上好", "收到，谢谢老师", "今天降温了，多穿点", "thanks, see you tomorrow", "ok 👍"]
)
def test_ordinary_talk_is_called_nothing_that_needs_a_person_when_read(text: str) -> None:
    assert said(text).isdisjoint({"ad", "abuse", "complaint"})


@pytest.mark.parametrize(
    ("text", "chinese"),
    [("你好", True), ("ok 好", True), ("13800000000", True), ("🎉🎉", True), ("hello", False), ("Привет", False)],
)
def test_the_heads_follow_the_script_when_a_text_is_read(text: str, chinese: bool) -> None:
    assert reads_chinese(text) is chinese


@given(st.one_of(ANYTHING, SIGNS))
def test_every_verdict_has_a_probability_when_anything_is_read(text: str) -> None:
    found = read_texts(text)
    assert tuple(found) == VERDICTS
    assert all(0 <= sure <= 1 for sure in found.values())


@given(st.one_of(ANYTHING, SIGNS), st.sampled_from(VERDICTS))
def test_spans_lie_in_the_text_in_order_and_apart_when_anything_is_read(text: str, verdict: str) -> None:
    spans = find_words(text, verdict)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    assert len(spans) <= 3
    assert spans or not text.strip()
    if verdict in said(text):
        assert spans


@given(
    st.lists(
        st.sampled_from(
            [
                "anyone",
                "knows",
                "how",
                "to",
                "fix",
                "the",
                "login",
                "error",
                "my",
                "money",
                "back",
                "join",
                "3",
                "free",
                "signals",
            ]
        )
    )
)
def test_whole_words_are_marked_when_a_text_is_latin(words: list[str]) -> None:
    text = ", ".join(words)
    for verdict in VERDICTS:
        for start, end in find_words(text, verdict):
            assert not text[max(0, start - 1) : start + 1].isalnum() or start == 0
            assert not text[end - 1 : end + 1].isalnum() or end == len(text)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("这课讲得太差了，退钱！", "complaint"),
        ("我想报名春季班，怎么交费？", "intent"),
        ("你们这帮傻逼，滚出去", "abuse"),
    ],
)
def test_marks_begin_and_end_with_letters_when_words_are_told(text: str, verdict: str) -> None:
    spans = find_words(text, verdict)
    assert spans
    assert all(text[start].isalnum() and text[end - 1].isalnum() for start, end in spans)
    assert all(end - start > 1 for start, end in spans)


def test_nothing_holds_when_there_is_only_space() -> None:
    assert said("") == said(" \n\u3000") == set()
    assert find_words("", "ad") == find_words("  ", "ad") == ()


def test_the_telling_words_are_marked_when_they_stand_in_a_disguise_or_at_the_end() -> None:
    for text, words in (
        ("今天的作业我交了。兼职日结，加薇❤信领取资料", "薇❤信"),
        ("好" * 50_000 + "加微信领取", "微信"),
    ):
        start, end = text.rindex(words), text.rindex(words) + len(words)
        assert any(one < end and start < other for one, other in find_words(text, "ad"))


@pytest.mark.parametrize(
    "text", ["\ud800", "\udfff加\ud83d", "🎉" * 30, "\x00\x01", "\u202e\u202d", "İ" * 40, "ß" * 40]
)
def test_broken_and_odd_signs_are_read_when_nothing_else_stands_there(text: str) -> None:
    assert set(read_texts(text)) == set(VERDICTS)
    assert all(0 <= start < end <= len(text) for verdict in VERDICTS for start, end in find_words(text, verdict))


@pytest.mark.parametrize("letter", ["好", "a ", "🎉", "\ud800", "ﷺ", "1"])
def test_only_its_ends_are_read_when_a_text_has_a_hundred_thousand_letters(letter: str) -> None:
    text, half = (letter * 100_000)[:100_000], READ_LETTERS // 2
    offer = "加微信领取福利 " if reads_chinese(text) else "free signals, join us "
    other = text[:half] + (offer * 20_000)[: len(text) - 2 * half] + text[-half:]
    assert reads_chinese(other) == reads_chinese(text)
    assert read_texts(other) == read_texts(text)
    assert all(0 <= start < end <= len(text) for start, end in find_words(text, "ad"))


def test_a_dressed_text_is_read_the_same_when_it_is_handed_over() -> None:
    text = "兼职日结，加薇❤信"
    assert read_texts(text, dress(text)) == read_texts(text)
    assert find_words(text, "ad", dress(text)) == find_words(text, "ad")

"""Nine verdicts on any text, with evidence, and the same in the form that is kept."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement import stream
from qunying.judgement.judge import is_same_judge, judge, read, read_all, version
from qunying.judgement.learning import Learnt, Lesson, learn
from qunying.kernel.readings import VERDICTS, Verdict, mask_of

ANYTHING = st.text(st.characters(codec=None), max_size=120)  # halves of surrogate pairs too
NAMES = ["ad", "contact", "abuse", "complaint", "question", "need", "intent", "introduction", "checkin"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("兼职日结三百，加薇信领取，名额有限", Verdict.AD),
        ("要资料的加 v❤：tuan_mei77", Verdict.CONTACT),
        ("请问课程表在哪里看", Verdict.QUESTION),
        ("打卡第12天，晨跑5公里 ✓", Verdict.CHECKIN),
        ("大家好，我是新人小林，在杭州做设计，多多关照", Verdict.INTRODUCTION),
    ],
)
def test_a_plain_case_holds_with_its_words_marked_when_judged(text: str, verdict: Verdict) -> None:
    (found,) = [one for one in judge(text) if one.verdict is verdict]
    assert found.is_so
    assert found.evidence
    assert all(text[start:end] and each.why for each in found.evidence for start, end in (each.span,))
    assert read(text).is_so(verdict)


@given(ANYTHING)
def test_whatever_is_said_gets_nine_verdicts_that_agree_with_what_is_kept(text: str) -> None:
    found, kept = judge(text), read(text)
    assert [one.verdict for one in found] == list(VERDICTS)
    for one in found:
        assert 0 <= one.probability <= 1
        assert kept.is_so(one.verdict) == one.is_so
        assert kept.probability(one.verdict) == pytest.approx(one.probability, abs=1 / 255)
        assert all(0 <= each.span[0] < each.span[1] <= len(text) for each in one.evidence)


@given(st.lists(ANYTHING | st.sampled_from(["早上好", "hello there", "", "  ", "啊" * 3000]), max_size=20))
def test_many_are_read_as_each_alone(texts: list[str]) -> None:
    assert read_all(texts) == [read(text) for text in texts]


def test_very_many_are_read_as_each_alone() -> None:
    texts = [f"请问第 {number} 课在哪里看" for number in range(5000)]
    assert read_all(texts)[::500] == [read(text) for text in texts[::500]]


def test_a_reading_names_what_holds_and_who_read_it() -> None:
    kept = read("打卡第12天，晨跑5公里 ✓")
    assert kept.verdicts == (Verdict.CHECKIN,)
    assert kept.holds == mask_of(Verdict.CHECKIN)
    assert kept.judge == version()


def test_every_line_is_answered_and_broken_ones_are_told_when_streamed() -> None:
    lines = [
        '{"id": 1, "text": "请问课程表在哪里看", "from": "a", "at": "2026-03-02", "group": "g", "role": "member"}',
        "",
        '{"id": 2, "text": ',
        '{"id": 3}',
        '{"text": "x"}',
        '{"id": "四", "text": "\\ud800"}',
        '{"id": 5, "text": "' + "啊" * 100_000 + '"}',
    ]
    out, errors = io.StringIO(), io.StringIO()
    assert stream.run(lines, out, errors) == 0
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [answer["id"] for answer in answers] == [1, "四", 5]
    assert all([one["name"] for one in answer["verdicts"]] == NAMES for answer in answers)
    question = answers[0]["verdicts"][4]
    assert question["is"] is True
    assert question["score"] > 0.5
    assert question["evidence"][0].keys() == {"span", "why"}
    assert [line.split(":")[1].strip() for line in errors.getvalue().splitlines()] == ["line 3", "line 4", "line 5"]


def taught(text: str, reviewers: str, verdict: Verdict = Verdict.QUESTION, *, is_so: bool = False) -> Learnt:
    """What so many reviewers, a letter each, taught of one text."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return learn(Lesson(one, text, verdict, is_so, one, at) for one in reviewers)


def test_what_was_learnt_moves_a_text_like_it_and_is_named_when_judged() -> None:
    text = "这个课程表有没有人知道"
    learnt = taught(text, "abc")
    before, after = (next(one for one in judge(text, each) if one.verdict == "question") for each in (None, learnt))
    assert before.learnt is None
    assert after.probability < before.probability
    assert after.learnt is not None
    assert (set(after.learnt.lessons), after.learnt.count) == ({"a", "b", "c"}, 3)
    assert after.learnt.shift < 0
    assert [one.learnt for one in judge(text, learnt) if one.verdict != "question"] == [None] * 8


@pytest.mark.parametrize("text", ["", "早上好", "这个课程表有没有人知道", "\ud800", "好" * 3000])
def test_what_is_kept_agrees_with_what_is_judged_when_lessons_speak(text: str) -> None:
    learnt = taught("这个课程表有没有人知道", "ab")
    kept = read(text, learnt)
    assert [kept.is_so(one.verdict) for one in judge(text, learnt)] == [one.is_so for one in judge(text, learnt)]
    assert kept == read_all([text], learnt)[0]


def test_a_reading_tells_apart_with_which_lessons_it_was_made() -> None:
    one, other = taught("早上好", "a"), taught("早上好", "b")
    names = [read("在吗", each).judge for each in (None, one, other)]
    assert len(set(names)) == 3
    assert all(len(name) <= 16 and is_same_judge(name, version()) for name in names)
    assert not is_same_judge(names[1], "judges-of-old")
    assert names[0] == version()


def test_a_reading_is_as_if_nothing_was_taught_when_no_lesson_counts() -> None:
    without_head = taught("加我 v：tuan_mei77", "abc", Verdict.CONTACT)
    for text in ("加我 v：tuan_mei77", "早上好"):
        assert read(text, without_head) == read(text, learn([])) == read(text)

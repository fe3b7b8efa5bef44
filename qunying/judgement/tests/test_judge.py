"""Nine verdicts on any text, with evidence, and the same in the form that is kept."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement import stream
from qunying.judgement.judge import judge, read, read_all, version
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

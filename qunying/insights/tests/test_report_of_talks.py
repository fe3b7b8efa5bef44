"""A report tells what was talked about, who began it, and which questions nobody has answered."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from qunying.insights.rendering.as_html import render_html
from qunying.insights.rendering.as_json import render_json
from qunying.insights.rendering.as_markdown import render_markdown
from qunying.insights.rendering.as_png import render_png
from qunying.insights.report import Report, make_report
from qunying.insights.scope import midnight
from qunying.insights.talks import LINES, Saying, Talk, Talks
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home
from qunying.kernel.readings import Verdict

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
END = NOON + 6 * DAY + rows.hours(8)


def _report(home: Home, lines: int = LINES) -> Report:
    return make_report(home.counted, midnight(NOON.date(), "Asia/Shanghai"), END, END, lines=lines)


def test_talk_openers_and_open_questions_are_in_every_format_when_there_are_such() -> None:
    home = Home()
    home.say("老周", NOON)
    report = replace(_report(home), talks=_some_talks())
    told = json.loads(render_json(report))["talk"]
    assert (told["conversations"], told["median_messages"], told["median_people"]) == (2, 3, 3)
    assert [(one["name"], one["talks"], one["joined_by"]) for one in told["openers"]] == [("老周", 2, 2)]
    assert [(one["name"], one["words"]) for one in told["waiting_longest"]] == [
        ("禾生", "押金 *什么时候* 退"),
        ("桥西", "<b>发票</b> 怎么开"),
    ]
    assert (told["open_questions"], told["is_cut"], told["unread"]) == (2, False, 0)
    page, text = render_html(report), render_markdown(report)
    assert "聊起来 2 次，一般 3 个人说 3 条。" in page
    assert "2 次 · 2 人接话，占其他人的 50%" in page
    assert "<q>&lt;b&gt;发票&lt;/b&gt; 怎么开</q>" in page
    assert "- 禾生（2024-03-07 12:00）：押金 \\*什么时候\\* 退" in text
    assert "没判读" not in page
    plain_picture = Image.open(io.BytesIO(render_png(replace(report, talks=Talks()))))
    assert Image.open(io.BytesIO(render_png(report))).height > plain_picture.height


def _some_talks() -> Talks:
    """Two conversations that one of three people opened, and two open questions of two others."""
    asked = [
        Saying(1, "茶友", n, n, name, NOON + day * DAY, words)
        for n, (name, day, words) in enumerate(
            [("禾生", 3, "押金 *什么时候* 退"), ("桥西", 4, "<b>发票</b> 怎么开")], start=91
        )
    ]
    begun = Saying(1, "茶友", 1, 1, "老周", NOON, "龙坞去吗")
    people = ((1, "老周"), (2, "阿茗"), (3, "苏念"))
    joined = (Talk(begun, people, 3, NOON, ()),) * 2
    alone = tuple(Talk(one, ((one.person_id, one.name),), 1, one.at, (one,)) for one in asked)
    return Talks((*joined, *alone), speakers=5, lines=8)


def test_a_report_reads_the_talk_of_its_span_and_says_so_when_not_all_of_it() -> None:
    home = Home()
    home.say("老周", NOON - 7 * DAY, "上周的茶会谁去了", holds=(Verdict.QUESTION,))
    for n in range(5):
        home.say("老周", NOON + rows.hours(n), "早", holds=() if n else None)
    home.say("禾生", NOON + 3 * DAY, "押金什么时候退", holds=(Verdict.QUESTION,))
    report = _report(home)
    assert ([one.words for one in report.waiting], report.talks.lines) == (["押金什么时候退"], 6)
    assert "还有 1 条没判读。" in render_html(report)
    cut = _report(home, lines=2)
    assert "只看了最新的 2 条消息。" in render_markdown(cut)
    assert json.loads(render_json(cut))["talk"]["is_cut"] is True

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
from qunying.insights.talks import TALKS, Saying, Talk, Talks
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home
from qunying.kernel.readings import Verdict
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
END = NOON + 6 * DAY + rows.hours(8)


def _report(home: Home, talks: int = TALKS) -> Report:
    do_place_new()
    return make_report(home.counted, midnight(NOON.date(), "Asia/Shanghai"), END, END, talks=talks)


def test_talk_openers_and_open_questions_are_in_every_format_when_there_are_such() -> None:
    home = Home()
    for name in ("老周", "阿茗", "苏念", "禾生", "桥西"):
        home.say(name, NOON)
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
    return Talks((*joined, *alone), lines=8)


def test_a_report_reads_the_talk_of_its_span_and_says_so_when_not_all_of_it() -> None:
    home = Home()
    home.say("老周", NOON - 7 * DAY, "上周的茶会谁去了", holds=(Verdict.QUESTION,))
    for n in range(5):
        home.say("老周", NOON + rows.hours(n), "早", holds=() if n else None)
    home.say("禾生", NOON + 3 * DAY, "押金什么时候退", holds=(Verdict.QUESTION,))
    report = _report(home)
    assert ([one.words for one in report.waiting], report.talks.lines) == (["押金什么时候退"], 6)
    assert "还有 1 条没判读。" in render_html(report)
    home.say("老周", NOON, "发票怎么开", holds=(Verdict.QUESTION,))
    cut = _report(home, talks=1)
    assert "只看了最新的 1 段对话。" in render_markdown(cut)
    assert json.loads(render_json(cut))["talk"]["is_cut"] is True


def test_a_report_says_what_is_in_no_conversation_yet() -> None:
    home = Home()
    report = _report(home)
    home.say("老周", NOON)
    assert "没归进对话" not in render_html(report)
    assert "还有 1 条没归进对话。" in render_html(make_report(home.counted, NOON, END, END))
    assert "新导入的消息还没归进对话。" in render_markdown(replace(report, talks=Talks(unplaced=None)))


def test_a_report_tells_the_layers_of_thirty_days_in_every_format() -> None:
    home = Home()
    for day, words in ((1, "龙坞去吗"), (3, "紫砂壶磕口能换吗"), (5, "快递停在杭州三天了")):
        first = home.say("老周", NOON + day * DAY, words)
        home.say("阿茗", NOON + day * DAY + rows.hours(0.1), "好", to=first)
    home.say("禾生", NOON, "早")
    home.sit("潜水员")
    report = _report(home)
    layers = json.loads(render_json(report))["layers"]
    assert {name: layers[name] for name in ("opener", "follower", "lurker", "dormant", "never")} == {
        "opener": 1,
        "follower": 1,
        "lurker": 1,
        "dormant": 1,
        "never": 1,
    }
    assert "成员里 50% 在说话" in render_html(report)
    assert "- 开口：1" in render_markdown(report)
    assert "沉睡的人里 1 人从没说过话。" in render_markdown(report)

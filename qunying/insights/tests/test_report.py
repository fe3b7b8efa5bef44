"""A report says what happened, in words a person would use, and survives what people call themselves."""

from __future__ import annotations

import io
import itertools
import json
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from PIL import Image

from qunying.insights import words
from qunying.insights.findings import Facts, Headcount, Newcomers, Peak
from qunying.insights.looking import Said, Speaker
from qunying.insights.rendering import fonts
from qunying.insights.rendering.as_html import render_html
from qunying.insights.rendering.as_json import render_json
from qunying.insights.rendering.as_markdown import render_markdown
from qunying.insights.rendering.as_png import render_png
from qunying.insights.rendering.bars import lay_bars
from qunying.insights.rendering.buckets import Bucket, Buckets, gather
from qunying.insights.rendering.markup import plain
from qunying.insights.report import Report
from qunying.insights.scope import midnight
from qunying.insights.suggest import suggest
from qunying.insights.talks import Saying, Talk, Talks
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home
from qunying.insights.tests.told import END, ODD_NAMES, report_of, tea
from qunying.kernel.errors import QunyingError

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_numbers_of_a_report_when_counted_by_hand() -> None:
    report = report_of(tea())
    assert (report.now.messages, report.before.messages, report.now.speakers) == (40, 62, 8)
    assert (report.now.by_three, report.now.top_share) == (30, 0.75)
    assert [one.name for one in report.pillars] == ["老周", "阿茗", "陆小满"]
    assert (report.headcount.members, report.headcount.joined, report.headcount.silent) == (11, 5, 3)
    assert report.headcount.never == 3
    assert report.peak == Peak(0, 20, 38, 38)
    assert (report.newcomers.joined, report.newcomers.spoke) == (5, 2)
    assert report.newcomers.median_wait == timedelta(minutes=20)
    assert [one.words for one in report.newcomers.quotes] == ["大家好， 我是苏念 <b>新来的</b>", "想问问白茶"]


def test_the_first_sentence_is_what_a_person_would_say() -> None:
    assert words.headline(report_of(tea())) == "比上周安静 35%，三位成员占了 75% 的发言，来了 5 位新成员。"


def test_suggestions_carry_their_numbers_when_something_stands_out() -> None:
    told = [words.suggestion(one) for one in report_of(tea()).suggestions]
    assert told == [
        "消息从 62 条降到 40 条：请老周在周一 20 点开个头，那时人最多。",
        "5 位新人里 3 位还没开口：挨个打个招呼，问一件 TA 答得上来的事。",
        "三位成员占了 75%：下一个话题请简一开头，TA 说过 4 条。",
    ]


def test_nothing_is_suggested_when_nothing_stands_out() -> None:
    home = Home()
    for n in range(4):
        home.say(f"成员{n}", NOON)
    report = report_of(home)
    assert report.suggestions == ()
    assert "没有什么要特别做的" in render_html(report)
    assert words.headline(report) == "4 个人说了 4 条。"


def test_nobody_is_called_silent_when_everybody_spoke() -> None:
    home = Home()
    for n in range(4):
        home.say(f"成员{n}", NOON)
    assert words.silence(report_of(home)) == "每位成员都说过话。"


def test_an_empty_group_has_a_report_when_nobody_ever_spoke() -> None:
    report = report_of(Home())
    assert words.headline(report) == "这段时间没有人说话。"
    assert report.peak is None
    assert "没有人说话" in render_markdown(report)
    assert json.loads(render_json(report))["active_hours"]["peak"] is None
    assert render_html(report).count("<rect") == 7
    assert render_png(report)


@pytest.mark.parametrize("waits", [[10, 20, 30, 40, 100], [10, 20, 40, 100]])
def test_the_middle_wait_is_the_median_when_newcomers_speak(waits: list[int]) -> None:
    home = Home()
    for n, wait in enumerate(waits):
        home.join(f"新{n}", NOON)
        home.say(f"新{n}", NOON + timedelta(minutes=wait))
    assert report_of(home).newcomers.median_wait == timedelta(minutes=30)


def test_a_newcomer_is_one_when_they_join_two_groups() -> None:
    home = Home(groups=("茶友", "品鉴"))
    for group in (0, 1):
        home.join("苏念", NOON, group)
        home.say("苏念", NOON + rows.hours(group + 1), f"来了{group}", group)
    report = report_of(home)
    assert (report.newcomers.joined, report.newcomers.spoke) == (1, 1)
    assert [one.words for one in report.newcomers.quotes] == ["来了0"]
    assert words.title(report) == f"社群{home.number}：2 个群"


def test_withdrawn_words_are_not_quoted_when_a_newcomer_took_them_back() -> None:
    home = Home()
    home.join("苏念", NOON)
    home.recall(home.say("苏念", NOON + rows.hours(1), "发错了"), NOON + rows.hours(2))
    home.say("苏念", NOON + rows.hours(3), "大家好")
    assert [one.words for one in report_of(home).newcomers.quotes] == ["大家好"]


def test_every_rendering_survives_when_people_are_called_oddly() -> None:
    home = Home()
    for n, name in enumerate(ODD_NAMES):
        home.join(name, NOON + rows.hours(n))
        for more in range(len(ODD_NAMES) - n):
            home.say(name, NOON + rows.hours(n + 1 + more), f"{name} 说：| ** `x` ](http://a.b) \u2066")
    report = report_of(home)
    page = render_html(report)
    _WellFormed().feed(page)
    assert "<script" not in page
    assert not any(f"| {name}" in render_markdown(report) for name in ODD_NAMES)
    told = json.loads(render_json(report))["top"]["speakers"]
    assert [one["name"] for one in told] == list(ODD_NAMES)
    while report.speakers:
        assert Image.open(io.BytesIO(render_png(report))).width == 1080
        report = replace(report, speakers=report.speakers[3:])


class _WellFormed(HTMLParser):
    """Fails where a tag is closed that was not open."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "rect", "line"}:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"rect", "line"}:
            assert self.stack.pop() == tag


def test_a_page_needs_nothing_else_when_opened() -> None:
    page = render_html(report_of(tea()))
    assert "src=" not in page
    assert "<link" not in page
    assert "周一最多，39 条，占 98%" in page
    assert "&lt;b&gt;新来的&lt;/b&gt;" in page


def test_signs_of_markdown_are_disarmed_when_a_person_wrote_them() -> None:
    assert plain("# [a](b)\n*c* <i> |") == r"\# \[a\](b) \*c\* \<i\> \|"


def test_bars_are_days_weeks_months_or_years_when_the_span_grows() -> None:
    home = Home()
    home.say("老周", NOON)
    units = [gather(report_of(home, END - days * DAY)).unit for days in (20, 100, 600, 3000)]
    assert units == ["day", "week", "month", "year"]
    assert sum(bar.messages for bar in gather(report_of(home, END - 3000 * DAY)).bars) == 1


def test_a_picture_is_drawn_in_chinese_when_a_font_is_there() -> None:
    picture = Image.open(io.BytesIO(render_png(report_of(tea())))).convert("L")
    assert (picture.width, picture.height > 1200) == (1080, True)
    dark = sum(count for count, shade in picture.getcolors(256) or [] if shade < 128)
    assert dark > 10_000


def test_it_is_said_what_to_install_when_no_font_draws_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.find_fonts.cache_clear()
    monkeypatch.setattr(fonts, "INSTALLED", ())
    monkeypatch.setattr(fonts, "_slices", lambda folder: {})
    with pytest.raises(QunyingError, match="fonts-noto-cjk"):
        fonts.find_fonts()
    fonts.find_fonts.cache_clear()


def test_invisible_signs_take_no_room_when_measured() -> None:
    found = fonts.find_fonts()
    plain_width = sum(run.width for run in found.runs("零宽名", 30, 400))
    assert sum(run.width for run in found.runs("零\u200b宽\u200d名\ufe0f", 30, 400)) == plain_width


def _facts(**changes: object) -> Facts:
    calm: dict[str, object] = {
        "headcount": Headcount(100, 0, (), 0, 0, 10, 0),
        "now": Said(100, 0, 20, 100, 30),
        "before": Said(100, 0, 20, 100, 30),
        "peak": Peak(2, 20, 40, 40),
        "speakers": tuple(Speaker(n, f"成员{n}", 10, 3, 0.1) for n in range(10)),
        "newcomers": Newcomers(0, 0, None, ()),
        "talks": Talks(),
    }
    return Facts(**(calm | changes))  # type: ignore[arg-type]


def _waiting(*names: str) -> tuple[Talk, ...]:
    asked = [Saying(1, "茶友", n, n, name, NOON + n * DAY, "押金什么时候退") for n, name in enumerate(names, 1)]
    return tuple(Talk(one, ((one.person_id, one.name),), 1, one.at, (one,)) for one in asked)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"now": Said(70, 0, 20, 70, 20)}, ["wake_up"]),
        ({"now": Said(71, 0, 20, 71, 20)}, []),
        ({"now": Said(), "speakers": ()}, ["wake_up_from_silence"]),
        ({"now": Said(100, 0, 20, 100, 50)}, ["share_the_load"]),
        ({"now": Said(100, 0, 5, 100, 90)}, []),
        ({"headcount": Headcount(100, 2, (), 5, 1, 10, 0)}, ["ask_why_they_left"]),
        ({"headcount": Headcount(100, 2, (), 5, 3, 10, 0)}, []),
        ({"headcount": Headcount(100, 0, (), 0, 0, 70, 0)}, ["ask_something_small"]),
        ({"newcomers": Newcomers(5, 2, None, ())}, ["greet_newcomers"]),
        ({"newcomers": Newcomers(4, 2, None, ())}, []),
        ({"talks": Talks(_waiting("安安", "阿博"))}, ["answer_what_waits"]),
        ({"talks": Talks(_waiting("安安"))}, []),
    ],
)
def test_a_rule_speaks_when_its_numbers_stand_out(changes: dict[str, object], codes: list[str]) -> None:
    assert [one.code for one in suggest(_facts(**changes))] == codes


def test_there_are_at_most_three_when_everything_is_wrong() -> None:
    found = suggest(
        _facts(
            headcount=Headcount(100, 0, (), 9, 0, 90, 50),
            now=Said(30, 0, 10, 30, 29),
            newcomers=Newcomers(5, 0, None, ()),
        )
    )
    assert [one.code for one in found] == ["ask_why_they_left", "wake_up", "greet_newcomers"]
    assert all(words.suggestion(one) for one in found)


def test_no_mark_strikes_through_a_figure_whatever_was_said_before() -> None:
    for messages, before in itertools.product((0, 1, 9, 40, 41, 100), range(101)):
        bars = (Bucket("周一", messages, before), Bucket("周二", 100, None))
        (bar, _highest) = lay_bars(Buckets("day", bars))
        top, foot = float(bar.figure_y) - 10, float(bar.figure_y)
        assert not top - 2 <= float(bar.tick_y) <= foot + 2
        assert foot < 120
        assert bar.is_inside == (float(bar.figure_y) > float(bar.y))


def test_the_busiest_hour_of_seven_days_is_no_average_when_they_touch_two_calendar_weeks() -> None:
    home = Home()
    for n in range(16):
        home.say("老周", NOON + 2 * DAY + timedelta(minutes=n))
    home.say("老周", NOON + 7 * DAY)
    days = [midnight(NOON.date() + n * DAY, "Asia/Shanghai") for n in (2, 9)]
    report = report_of(home, *days)
    assert words.peak(report).endswith("最热闹，16 条")
    assert "每小时消息数，北京时间" in render_html(report)
    assert "Asia/Shanghai" not in render_html(report)


def _unsigned() -> Report:
    """A table without a column for who spoke: 30 messages, and five members who came by invitation."""
    home = Home()
    for n in range(30):
        home.say("", NOON + timedelta(minutes=n))
    for n in range(25):
        home.join(f"新{n}", NOON, via="invite")
    return report_of(home)


def test_nobody_is_counted_when_the_record_does_not_say_who_spoke() -> None:
    report = _unsigned()
    assert words.headline(report) == "说了 30 条，记录里没写是谁说的，来了 25 位新成员。"
    assert words.pillars(report) == "记录里没写是谁说的。"
    assert words.newcomers(report) == "来了 25 位新成员。"
    assert words.silence(report) == ""
    assert report.suggestions == (), "who is silent or has not spoken yet is not known either"


def test_every_shape_says_so_when_the_record_does_not_say_who_spoke() -> None:
    report = _unsigned()
    page, text, data = render_html(report), render_markdown(report), json.loads(render_json(report))
    for shape in (page, text):
        assert "记录里没写是谁说的" in shape
        for claim in ("0 个人", "没有人说话", "从没说过", "没人答", "没有两个人以上", "还没有人开口"):
            assert claim not in shape
    assert "| 25 | – | 30 |" in text
    assert data["activity"]["speakers"] is None
    assert (data["headcount"]["silent"], data["headcount"]["never"]) == (None, None)
    assert data["talk"] is None
    assert render_png(report)


def test_members_are_not_nought_when_somebody_spoke_and_nobody_is_known() -> None:
    home = Home()
    home.say("", NOON)
    report = report_of(home)
    assert "| – | – | 1 |" in render_markdown(report)
    assert json.loads(render_json(report))["headcount"]["members"] is None

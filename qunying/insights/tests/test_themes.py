"""Themes are told with quotes in every format of a report and by the command, in the words of the reader."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from qunying.insights import words_of_themes
from qunying.insights.rendering.as_html import render_html
from qunying.insights.rendering.as_json import render_json
from qunying.insights.rendering.as_markdown import render_markdown
from qunying.insights.rendering.as_pdf import render_pdf
from qunying.insights.report import Report, make_report
from qunying.insights.scope import midnight
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.insights.themes import Stories, Story, read_themes
from qunying.judgement.themes import Trend
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.talk.placing import do_place_new
from qunying.talk.themes import ThemeOfTalk, Themes
from qunying.talk.theming import do_look_at_all

DAY = timedelta(days=1)
MOVED = (
    "快递停在<b>杭州</b>三天了",
    "我的快递也停在杭州",
    "快递停在杭州没动",
    "谁的快递停在杭州了",
    "快递停在杭州好几天",
)


def spoken(home: Home, group: int = 0, first: int = 0) -> None:
    """Five people speak of one thing."""
    for n, text in enumerate(MOVED):
        home.say(f"会员{first + n}", NOON + hours(n), text, group, holds=())


def report(home: Home) -> Report:
    """Of the day and the six before, once somebody has looked."""
    do_place_new()
    do_look_at_all(home.group_ids, NOON + DAY)
    since = midnight(NOON.date() - 6 * DAY, "Asia/Shanghai")
    return make_report(home.counted, since, since + 7 * DAY, NOON + DAY)


@pytest.mark.django_db
def test_a_report_tells_themes_with_their_quotes_in_every_format() -> None:
    home = Home()
    spoken(home)
    made = report(home)
    (told,) = json.loads(render_json(made))["themes"]["themes"]
    assert (told["title"], told["trend"], told["people"], told["voices"]) == ("快递停在杭州", "unknown", 5, 5)
    assert {one["words"] for one in told["quotes"]} <= set(MOVED)
    assert all(one["name"].startswith("会员") for one in told["quotes"])
    page, text = render_html(made), render_markdown(made)
    assert "<bdi>快递停在杭州</bdi>" in page
    assert "<b>杭州</b>" not in page
    assert "- **快递停在杭州** — 还比不出 · 5 人次" in text
    assert "<b>" not in text
    assert render_pdf(made).startswith(b"%PDF")


@pytest.mark.django_db
def test_nothing_is_said_of_themes_when_nobody_has_looked() -> None:
    home = Home()
    spoken(home)
    made = make_report(home.counted, NOON - DAY, NOON + DAY, NOON + DAY)
    assert json.loads(render_json(made))["themes"]["themes"] is None
    assert "这周" not in render_markdown(made)


@pytest.mark.django_db
def test_a_report_of_an_older_week_tells_the_themes_of_that_week() -> None:
    home = Home()
    spoken(home)
    report(home)
    for n in range(3):
        home.say(f"茶友{n}", NOON + 12 * DAY + hours(n), "早", holds=())
    do_place_new()
    do_look_at_all(home.group_ids, NOON + 13 * DAY)
    assert [one.theme.title for one in read_themes(home.counted, NOON + DAY).stories] == ["快递停在杭州"]
    assert read_themes(home.counted).stories == ()


@pytest.mark.django_db
def test_several_groups_of_one_community_are_told_together_and_others_not() -> None:
    home = Home(groups=("茶友", "品鉴", "闲聊"))
    for group in (0, 1):
        spoken(home, group, first=10 * group)
    home.say("会员0", NOON, "早", 2, holds=())
    do_place_new()
    do_look_at_all(home.group_ids, NOON + DAY)
    assert [one.theme.groups for one in read_themes(home.counted).stories] == [2]
    assert read_themes(home.counted[:2]) == Stories(timezone="Asia/Shanghai")


def run(*arguments: str) -> str:
    """What the command says."""
    out = io.StringIO()
    call_command("themes", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_looks_and_tells_a_group_and_a_community() -> None:
    home = Home(groups=("茶友", "品鉴"))
    for group in (0, 1):
        spoken(home, group, first=10 * group)
    with clock.at(NOON + DAY):
        group = json.loads(run(home.counted[0].name, "--json"))
        whole = json.loads(run(home.counted[0].community, "--json"))
        text = run(home.counted[0].name, "--language", "zh-hans")
    assert [(one["title"], one["groups"]) for one in group["themes"]] == [("快递停在杭州", 1)]
    assert [(one["title"], one["groups"]) for one in whole["themes"]] == [("快递停在杭州", 2)]
    assert "快递停在杭州 — 还比不出 · 5 人说了 5 条" in text
    assert "会员" in text


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [("没有的群",), ("",)])
def test_the_command_names_what_is_near_when_there_is_no_such_scope(arguments: tuple[str, ...]) -> None:
    Home()
    with pytest.raises(BadUse):
        run(*arguments)


def _theme(trend: Trend, **figures: Any) -> ThemeOfTalk:
    known: dict[str, Any] = {
        "voices": 12, "before": 8, "expected": 2.0, "ratio": 5.6, "low": 2.4, "high": 13.1, "lately": 5, "lately_expected": 1.0,
    }  # fmt: skip
    sizes = {"lines": 20, "threads": 5, "people": 9, "groups": 1}
    days = {"first_on": date(2024, 3, 1), "day": date(2024, 3, 4)}
    return ThemeOfTalk(
        id=1, title="快递停在杭州", trend=trend, quotes=(), waiting=(), open=0, **{**known, **sizes, **days, **figures}
    )


@pytest.mark.parametrize(
    ("theme", "chinese", "english"),
    [
        (_theme(Trend.RISING), "12 人次，是平常的 5.6 倍（2.4 – 13.1）", "12 voices, 5.6 times the usual (2.4 – 13.1)"),
        (
            _theme(Trend.RISING, before=0, expected=0.0),
            "12 人次，前四周没人说起",
            "12 voices, none in the four weeks before",
        ),
        (
            _theme(Trend.RISING, low=0.8),
            "12 人次，近两天就有 5 人次，照以前该有 1",
            "12 voices, 5 voices of them in the last two days, where 1 were to be expected",
        ),
        (
            _theme(Trend.STEADY, expected=6.0, ratio=2.0),
            "12 人次，照前四周该有 6，多出来的可能是碰巧",
            "12 voices where 6 were to be expected, which may be chance",
        ),
        (
            _theme(Trend.STEADY, expected=10.6, ratio=1.1),
            "12 人次，和平常差不多（照前四周该有 10.6）",
            "12 voices, about as usual (10.6 expected from the four weeks before)",
        ),
        (
            _theme(Trend.FADING, voices=1, ratio=0.2, low=0.1, high=0.5),
            "1 人次，是平常的 0.2 倍（0.1 – 0.5）",
            "1 voice, 0.2 times the usual (0.1 – 0.5)",
        ),
        (
            _theme(Trend.UNKNOWN, expected=None, ratio=None, low=None, high=None),
            "12 人次，以前的话太少，比不出多了还是少了",
            "12 voices; too little talk before to compare with",
        ),
    ],
)
def test_figures_are_told_beside_what_they_are_compared_with(theme: ThemeOfTalk, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert words_of_themes.moved(theme) == chinese
    with translation.override("en"):
        assert words_of_themes.moved(theme) == english


@pytest.mark.parametrize(
    ("trends", "words"),
    [
        ((), "这周没有好几个人都在说的事"),
        ((Trend.STEADY,), "这周大家在说的还是那些事"),
        ((Trend.RISING, Trend.STEADY), "「快递停在杭州」这周多起来了"),
        ((Trend.RISING,) * 3, "「快递停在杭州」、「快递停在杭州」等 3 件事，这周多起来了"),
    ],
)
def test_the_title_is_the_answer(trends: tuple[Trend, ...], words: str) -> None:
    stories = Stories(tuple(Story(_theme(trend), (), ()) for trend in trends), Themes(until=NOON))
    with translation.override("zh-hans"):
        assert words_of_themes.headline(stories) == words


def test_what_was_left_out_is_said() -> None:
    told = Themes(until=NOON, one_in=3, unread=2, is_behind=True)
    with translation.override("zh-hans"):
        assert words_of_themes.looked_at(Stories(told=told)) == (
            "话太多，每 3 段对话里看了一段。 还有 2 条没判读。 后面几天的还在看。"
        )
        assert words_of_themes.looked_at(Stories()) == ""

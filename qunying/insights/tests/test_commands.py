"""The two commands keep what the interface promises: fields, exit codes, one clear line."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from qunying.insights.asking import find_groups, latest_span, span_asked, whole_span
from qunying.insights.catalogue import CATALOGUE
from qunying.insights.churn.signals import Signal
from qunying.insights.journeys.catalogue import JOURNEYS
from qunying.insights.scope import midnight
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def _json(*arguments: str) -> Any:
    return json.loads(_run(*arguments, "--json"))


@pytest.fixture
def home() -> Home:
    home = Home(groups=("杭州-茶友-03", "品鉴"))
    for n in range(3):
        home.say("老周", NOON + n * DAY)
    return home


def test_all_metrics_are_named_when_listed() -> None:
    listed = [json.loads(line) for line in _run("metric", "--list", "--json").splitlines()]
    assert [one["metric"] for one in listed] == [one.name for one in (*CATALOGUE, *JOURNEYS)]
    assert all(one["definition"] and one["unit"] for one in listed)
    assert [line.split()[0] for line in _run("metric", "--list").splitlines()] == [one["metric"] for one in listed]


def test_a_metric_tells_definition_unit_and_rows_when_asked_as_json(home: Home) -> None:
    told = _json("metric", "messages", "--group", home.counted[0].name)
    assert {"metric", "definition", "unit", "rows"} <= told.keys()
    assert told["rows"] == [{"value": 3, "recalled": 0, "by_staff": 0, "by_bots": 0}]


def test_the_last_day_belongs_to_the_span_when_a_day_is_given(home: Home) -> None:
    name = home.counted[0].name
    days = _json("metric", "messages_by_day", "--group", name, "--from", "2024-03-05", "--to", "2024-03-06")["rows"]
    assert [(row["day"], row["value"]) for row in days] == [("2024-03-05", 1), ("2024-03-06", 1)]


def test_who_answers_whom_is_told_as_json(home: Home) -> None:
    key = home.say("老周", NOON, "谁有白茶")
    home.say("阿茗", NOON + DAY / 24, "我有", to=key)
    do_place_new()
    (row,) = _json("metric", "replies")["rows"]
    assert row == {
        "who_id": home.who("阿茗"), "who": "阿茗", "to_id": home.who("老周"), "to": "老周",
        "value": 1, "replies": 1, "follows": 0, "mentions": 0,
    }  # fmt: skip


def test_what_happened_before_people_left_is_told_as_json(home: Home) -> None:
    home.join("走了", NOON)
    home.leave("走了", NOON + DAY)
    left, silent = _json("metric", "churn")["rows"], _json("metric", "churn", "--silent", "7")["rows"]
    assert [row["signal"] for row in left] == [str(one) for one in Signal]
    assert (left[-1]["signal"], left[-1]["gone"], left[-1]["finding"]) == ("nothing", 1, "too_few")
    assert silent[-1]["gone"] == 0


def test_paths_are_told_as_json(home: Home) -> None:
    home.join("新人", NOON)
    home.say("新人", NOON + DAY)
    told = _json("metric", "paths", "--window", "36h", "--to", "2024-03-20")["rows"]
    assert told == [{"path": "joined → said", "value": 1, "share": 1.0}]


def test_a_community_is_counted_when_named(home: Home) -> None:
    rows_of = _json("metric", "messages", "--community", f"社群{home.number}", "--by", "group")["rows"]
    assert [row["value"] for row in rows_of] == [3, 0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("metric", "nonsense"), "没有「nonsense」这个指标"),
        (("metric",), "--list"),
        (("metric", "messages", "--group", "杭州茶友03"), "相近的有：杭州-茶友-03"),
        (("metric", "messages", "--community", "没有的社群"), "没有叫「没有的社群」的社群"),
        (("metric", "messages", "--from", "2024-02-30"), "--from '2024-02-30' 不是日期"),
        (("metric", "messages", "--to", "昨天"), "--to '昨天' 不是日期"),
        (("metric", "messages", "--from", "2024-03-02", "--to", "2024-03-01"), "不在 --to 2024-03-01 之前"),
        (("metric", "messages", "--by", "city"), "不能按 city 拆开"),
        (("metric", "churn", "--silent", "0"), "--silent 是一到 365 的天数"),
        (("metric", "churn", "--silent", "²"), "不是 '²'"),
        (("metric", "paths", "--window", "很久"), "不是一段时间"),
        (("report", "杭州茶友03"), "相近的有：杭州-茶友-03"),
        (("report", ""), "没有叫「」的群"),
        (("report",), "GROUP"),
        (("report", "杭州-茶友-03", "--community", "社群"), "GROUP"),
        (("report", "杭州-茶友-03", "--period", "week"), "--period"),
        (("report", "--community", "社群", "--from", "2024-03-01"), "--from"),
        (("report", "--community", "社群", "--format", "html"), "html"),
        (("report", "--community", "没有的"), "没有叫「没有的」的社群"),
    ],
)
def test_bad_use_is_told_with_what_to_do_when_something_is_wrong(
    home: Home, arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(BadUse) as caught:
        _run(*arguments)
    assert said in str(caught.value)


def test_a_report_is_json_markdown_page_or_picture_when_asked(home: Home, tmp_path: Path) -> None:
    name = home.counted[0].name
    told = _json("report", name)
    assert told["activity"]["messages"] == 3
    assert {"headcount", "activity", "active_hours", "top", "newcomers", "suggestions", "headline"} <= told.keys()
    assert _run("report", name).startswith("# 杭州-茶友-03")
    assert _run("report", name, "--format", "html").startswith("<!doctype html>")
    picture = tmp_path / "周报.png"
    _run("report", name, "--format", "png", "--out", str(picture))
    assert Image.open(picture).width == 1080
    paper, book = tmp_path / "周报.pdf", tmp_path / "周报.xlsx"
    _run("report", name, "--format", "pdf", "--out", str(paper))
    _run("report", name, "--format", "xlsx", "--out", str(book))
    assert told["headline"] in PdfReader(paper).pages[0].extract_text()
    assert load_workbook(book).sheetnames[:2] == ["概览", "每天"]


def test_messages_are_read_before_they_are_reported_when_nobody_has_read_them(home: Home) -> None:
    home.say("安安", NOON + 2 * DAY, "请问一下大家，押金什么时候退啊？")
    told = _json("report", home.counted[0].name)["talk"]
    assert (told["unread"], [one["name"] for one in told["waiting_longest"]]) == (0, ["安安"])


def test_a_communitys_week_is_told_with_its_open_questions_when_it_was_just_imported(home: Home) -> None:
    home.say("安安", NOON + 2 * DAY, "请问一下大家，押金什么时候退啊？")
    told = _json("report", "--community", f"社群{home.number}", "--period", "week", "--day", "2024-03-05")
    assert (told["from"], told["now"]["messages"], told["open_questions"]) == ("2024-03-04", 4, 1)
    assert [one["name"] for one in told["seed_users"]["people"]] == ["老周", "安安"]
    assert sum(told["layers"][one] for one in ("opener", "follower", "lurker", "dormant")) == 2
    assert _run("report", "--community", f"社群{home.number}", "--day", "2024-03-05").startswith("# 社群")


def test_a_living_group_stands_beside_its_kind_and_an_old_record_beside_none(home: Home) -> None:
    assert _json("report", home.counted[0].name)["beside_its_kind"] is None
    home.say("安安", clock.now() - DAY, group=1)
    told = _json("report", home.counted[1].name)["beside_its_kind"]
    assert (told["kind"], told["groups"], told["figures"]) == (None, 1, {})
    assert "不到 5 个不比" in told["words"]


def test_it_is_bad_use_when_the_file_cannot_be_written(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadUse, match="写不进"):
        _run("report", home.counted[0].name, "--out", str(tmp_path / "没有" / "r.md"))


def test_an_old_record_is_reported_whole_when_no_days_are_given(home: Home) -> None:
    groups = home.counted[:1]
    since, until = latest_span(groups, NOON + 400 * DAY)
    assert (since, until) == (midnight(NOON.date(), "Asia/Shanghai"), midnight(NOON.date() + 3 * DAY, "Asia/Shanghai"))


def test_a_living_group_is_reported_by_its_last_week_when_no_days_are_given(home: Home) -> None:
    home.say("老周", NOON - 90 * DAY)
    now = NOON + 3 * DAY
    assert latest_span(home.counted, now) == (midnight(NOON.date() - 3 * DAY, "Asia/Shanghai"), now)
    assert whole_span(home.counted, now)[0] == midnight(NOON.date() - 90 * DAY, "Asia/Shanghai")


def test_a_span_is_there_when_nothing_was_ever_said() -> None:
    home = Home()
    assert whole_span(home.counted, NOON) == (NOON - 7 * DAY, NOON)
    with clock.at(NOON):
        assert _json("report", home.counted[0].name)["activity"]["messages"] == 0


def test_moments_with_and_without_zone_are_understood_when_typed(home: Home) -> None:
    default = (NOON, NOON + DAY)
    since, until = span_asked("2024-03-01T09:30", "2024-03-01T10:00+00:00", home.counted, default)
    assert (since.isoformat(), until.isoformat()) == ("2024-03-01T01:30:00+00:00", "2024-03-01T10:00:00+00:00")
    assert span_asked("", "", home.counted, default) == default


def test_all_chats_of_an_import_are_meant_when_their_common_name_is_given() -> None:
    home = Home(groups=("Slack / general-", "Slack / random-"))
    assert [group.id for group in find_groups("Slack")] == home.group_ids


def test_english_is_spoken_when_asked(home: Home) -> None:
    assert rows.hours(1) == timedelta(hours=1)
    told = _json("report", home.counted[0].name, "--language", "en")
    assert told["activity"]["messages"] == 3

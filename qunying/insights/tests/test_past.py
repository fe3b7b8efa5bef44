"""What an import brought is counted as one would count the file by hand."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db
IRC = """\
=== linwan [n=lin@example.org] has joined #tea
[20:01] <laozhou> 80 到 85 度，头两泡别超 15 秒
[20:02] <aming> +1
[20:02]  * aming 温杯
=== sunian [n=su@example.org] has joined #tea
[20:03] <sunian> 大家好
[20:59] <laozhou> 欢迎
[21:00] <laozhou> 坐
=== sunian [n=su@example.org] has left #tea []
"""


def _ask(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def tea(tmp_path: Path) -> str:
    """An IRC log of one evening, read into a group."""
    log = tmp_path / "2024-03-05_tea.ascii.txt"
    log.write_text(IRC, encoding="utf-8")
    call_command("import", str(log), "--group", "茶友", "--timezone", "Asia/Shanghai", "--json", stdout=io.StringIO())
    return "茶友"


def _slack(folder: Path) -> Path:
    users = [{"id": f"U{n}", "name": name, "real_name": name} for n, name in enumerate(["老周", "阿茗"])]
    talk: list[dict[str, object]] = [
        {"type": "message", "subtype": "channel_join", "user": "U1", "text": "<@U1> has joined", "ts": "1709600400.000001"},
        {"type": "message", "user": "U0", "text": "早", "ts": "1709600460.000002"},
        {"type": "message", "user": "U1", "text": "早上好", "ts": "1709600520.000003"},
        {"type": "message", "user": "U0", "text": "喝什么", "ts": "1709686920.000004"},
        {
            "type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "播报",
            "text": "今日天气", "ts": "1709600580.000005",
        },
    ]  # fmt: skip
    channel = folder / "export" / "general"
    channel.mkdir(parents=True)
    (folder / "export" / "users.json").write_text(json.dumps(users), encoding="utf-8")
    (folder / "export" / "channels.json").write_text(
        json.dumps([{"id": "C1", "name": "general", "members": ["U0", "U1"]}]), encoding="utf-8"
    )
    (channel / "2024-03-05.json").write_text(json.dumps(talk), encoding="utf-8")
    return folder / "export"


def test_an_irc_evening_is_counted_as_by_hand_when_imported(tea: str) -> None:
    assert _ask("metric", "messages", "--group", tea)["rows"][0]["value"] == 6
    assert _ask("metric", "speakers", "--group", tea)["rows"] == [{"value": 3}]
    assert _ask("metric", "joins", "--group", tea)["rows"][0]["value"] == 2
    assert _ask("metric", "leaves", "--group", tea)["rows"][0]["value"] == 1
    assert _ask("metric", "members", "--group", tea)["rows"][0]["value"] == 3
    hours = _ask("metric", "messages", "--group", tea, "--by", "hour")["rows"]
    assert {row["hour"]: row["value"] for row in hours if row["value"]} == {20: 5, 21: 1}


def test_the_report_names_who_said_most_when_an_irc_evening_was_imported(tea: str) -> None:
    told = _ask("report", tea)
    assert [(one["name"], one["messages"]) for one in told["top"]["speakers"]] == [
        ("laozhou", 3), ("aming", 2), ("sunian", 1)
    ]  # fmt: skip
    assert told["newcomers"]["quotes"][0]["words"] == "大家好"


def test_bots_are_told_apart_when_a_slack_workspace_was_imported(tmp_path: Path) -> None:
    export = _slack(tmp_path)
    call_command("import", str(export), "--group", "工作台", "--json", stdout=io.StringIO())
    found = _ask("metric", "messages", "--group", "工作台")["rows"][0]
    assert (found["value"], found["by_bots"]) == (3, 1)
    assert _ask("metric", "speakers", "--group", "工作台")["rows"] == [{"value": 2}]
    assert _ask("metric", "joins", "--group", "工作台")["rows"][0]["value"] == 1
    days = _ask("metric", "messages_by_day", "--group", "工作台")["rows"]
    assert [(row["day"], row["value"]) for row in days] == [("2024-03-05", 2), ("2024-03-06", 1)]

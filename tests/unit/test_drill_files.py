"""Drill files: whatever is wrong with one is said with its line, and every kind of expectation can fail."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from qunying.kernel.capability import Capability
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.pipeline.drill.expect import check_expectations, deadline
from qunying.pipeline.drill.script import Script, read_script
from qunying.pipeline.roster import ROSTER

SOUND = """\
drill: 1
title: 一次欢迎
timezone: Asia/Shanghai
community: {name: 茶友会, purpose: [activate]}
mode: act
staff:
  - {id: li, name: 小李, duty: operator}
groups:
  - {id: g1, name: 茶友会1群, capacity: 500}
members:
  - {id: an, name: 安安, group: g1, joined: 2024-01-01T09:00, card: 上海-教育-安安}
crowd: {prefix: m, count: 3, group: g1, joined: 2024-01-01T09:00}
settings:
  onboarding: {wait_minutes: 3, rules: [不发广告]}
acts: [onboarding]
timeline:
  - {at: 2024-03-05T14:00, group: g1, join: n1, name: 陈晨}
  - {after: 20s, group: g1, from: an, say: 欢迎, mention: [n1]}
  - {after: 20s, group: g1, from: an, reply_to: -1, say: 你好}
  - {after: 10m, pass: true}
expect:
  - {said: 陈晨, group: g1, within: 5m, of: 1}
"""


def read(folder: Path, text: str) -> Script:
    """As the command does before it plays anything."""
    path = folder / "play.yaml"
    path.write_text(text, encoding="utf-8")
    script = read_script(path, ROSTER)
    check_expectations(script, ROSTER)
    deadline(script)
    return script


def refusal(folder: Path, text: str) -> str | None:
    """Why a drill is not read, None when it is."""
    try:
        read(folder, text)
    except BadUse as refused:
        return str(refused)
    return None


def test_a_sound_drill_is_read_when_nothing_is_wrong(tmp_path: Path) -> None:
    script = read(tmp_path, SOUND)
    assert [line.verb for line in script.timeline] == ["join", "from", "from", "pass"]
    assert set(script.players) == {"li", "an", "m1", "m2", "m3", "n1"}
    assert script.settings["onboarding"] == {"wait_minutes": 3, "rules": ("不发广告",)}


MISTAKES = [
    ("drill: 1", "drill: 2", "line 1", "format"),
    ("title: 一次欢迎", "tittle: 一次欢迎", "line 1", "'tittle'"),
    ("timezone: Asia/Shanghai", "timezone: Asia/Atlantis", "line 1", "Asia/Atlantis"),
    ("mode: act", "mode: active", "line 1", "'active'"),
    ("purpose: [activate]", "porpoise: [activate]", "line 4", "'porpoise'"),
    ("duty: operator", "duty: king", "line 7", "'king'"),
    ("{id: li, name: 小李, duty: operator}", "{id: li, duty: operator}", "line 7", "'name'"),
    ("capacity: 500", "capacity: many", "line 9", "'many'"),
    ("name: 茶友会1群, ", "nome: 茶友会1群, ", "line 9", "'nome'"),
    ("name: 安安, group: g1", "name: 安安, group: g9", "line 11", "'g9'"),
    ("joined: 2024-01-01T09:00, card", "joined: neulich, card", "line 11", "'neulich'"),
    ("{id: an, name: 安安", "{id: li, name: 安安", "line 11", "twice"),
    ("count: 3", "count: drei", "line 12", "'drei'"),
    ("count: 3", "count: ３", "line 12", "'３'"),
    ("count: 3", "count: 999999999", "line 12", "at most"),
    ("  onboarding: {wait", "  onbording: {wait", "line 14", "'onbording'"),
    ("wait_minutes: 3", "wait_minuets: 3", "line 14", "'wait_minuets'"),
    ("wait_minutes: 3", "wait_minutes: soon", "line 14", "'soon'"),
    ("wait_minutes: 3", "wait_minutes: [3]", "line 14", "['3']"),
    ("onboarding: {wait_minutes: 3, rules: [不发广告]}", "onboarding: often", "line 14", "mapping"),
    ("acts: [onboarding]", "acts: [ordre]", "line 1", "'ordre'"),
    ("at: 2024-03-05T14:00", "after: 5s", "line 17", "«at»"),
    ("at: 2024-03-05T14:00", "at: 5th of March", "line 17", "5th of March"),
    ("at: 2024-03-05T14:00", "at: 9999-12-31T23:59", "line 17", "9999"),
    ("after: 10m, pass", "at: 2024-03-05T13:59, pass", "line 20", "before the line above"),
    ("after: 10m, pass", "after: 10 minutes, pass", "line 20", "'10 minutes'"),
    ("after: 10m, pass", "after: 99999999999999h, pass", "line 20", "too long"),
    ("after: 10m, pass", "after: -5m, pass", "line 20", "'-5m'"),
    ("pass: true", "nap: true", "line 20", "nothing happens"),
    ("group: g1, join: n1", "group: g2, join: n1", "line 17", "'g2'"),
    ("from: an, say: 欢迎", "from: nobody, say: 欢迎", "line 18", "'nobody'"),
    ("mention: [n1]", "mention: [ghost]", "line 18", "'ghost'"),
    ("mention: [n1]", "card: 名片", "line 18", "'card'"),
    ("reply_to: -1", "reply_to: -9", "line 19", "'-9'"),
    ("reply_to: -1", "reply_to: 3", "line 19", "'3'"),
    ("reply_to: -1", "reply_to: 1", "line 19", "'1'"),
    ("reply_to: -1", "reply_to: last", "line 19", "'last'"),
    ("pass: true", "carrier: sideways", "line 20", "'sideways'"),
    ("pass: true", "carrier: down, for: ever", "line 20", "'ever'"),
    ("pass: true", "staff: li, do: dance", "line 20", "'dance'"),
    ("pass: true", "staff: li", "line 20", "'do'"),
    ("pass: true", "staff: li, do: done, what: {member: ghost}", "line 20", "'ghost'"),
    ("pass: true", "staff: li, do: done, what: {who: an}", "line 20", "'who'"),
    ("pass: true", "staff: li, do: approve, to: li", "line 20", "'escalate'"),
    ("pass: true", "staff: li, do: done, why: 忙", "line 20", "'escalate'"),
    ("pass: true", "staff: li, do: escalate, to: an", "line 20", "'an'"),
    ("  - {after: 10m, pass: true}", "  - pass", "line 1", "'timeline'"),
    ("{said: 陈晨", "{sayd: 陈晨", "line 22", "expects none of"),
    ("{said: 陈晨", "{effect: Shout", "line 22", "'Shout'"),
    ("{said: 陈晨", "{incident: storm_in_a_teacup", "line 22", "'storm_in_a_teacup'"),
    ("{said: 陈晨", "{incident: quarrel, assigned: li", "line 22", "'assigned'"),
    ("{said: 陈晨", "{incident: [quarrel]", "line 22", "quarrel"),
    ("{said: 陈晨", "{never: Say, effect: Say", "line 22", "no 'never'"),
    ("group: g1, within", "group: g7, within", "line 22", "'g7'"),
    ("group: g1, within", "member: ghost, within", "line 22", "'ghost'"),
    ("within: 5m", "within: soon", "line 22", "'soon'"),
    ("of: 1}", "of: 5}", "line 22", "'5'"),
    ("of: 1}", "of: first}", "line 22", "'first'"),
    ("of: 1}", "at_most: few}", "line 22", "'few'"),
    ("of: 1}", "who: me}", "line 22", "'who'"),
    ("title: 一次欢迎", "title: 一\ntitle: 二", "line 3", "twice"),
    ("wait_minutes: 3", "wait_minutes: -3", "line 14", "-3"),
    ("wait_minutes: 3", "greet_at: 0", "line 14", "outside of 1"),
    ("after: 10m, pass", "at: 2024-03-05T15:00, after: 10m, pass", "line 20", "two moments"),
    ("pass: true", "group: g1, edit: -1, say: 别的", "line 20", "'from'"),
    ("pass: true", "staff: an, do: done, what: task", "line 20", "'an'"),
    ("within: 5m", "within: 9999999d", "line 22", "too long"),
    ("{said: 陈晨", "{assigned: li, said: 陈晨", "line 22", "'assigned'"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "what"), MISTAKES)
def test_the_line_is_named_when_a_drill_is_wrong(tmp_path: Path, right: str, wrong: str, line: str, what: str) -> None:
    assert SOUND.count(right) == 1, right
    with pytest.raises(BadUse) as caught:
        read(tmp_path, SOUND.replace(right, wrong))
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'play.yaml'}: ")
    assert f"{line}:" in message
    assert what in message


@pytest.mark.parametrize(
    "text", ["", "[]", "just words", "drill: [", "\x00", "a: &a [*a]", "? [x]\n: y", "[" * 3000, "%"]
)
def test_the_file_is_named_when_it_is_no_drill_at_all(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadUse, match=r"play\.yaml: "):
        read(tmp_path, text)


def test_the_file_is_named_when_it_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.yaml"):
        with pytest.raises(BadUse, match=path.name):
            read_script(path, ROSTER)
    gbk = tmp_path / "gbk.yaml"
    gbk.write_bytes("drill: 1\ntitle: 欢迎".encode("gbk"))
    with pytest.raises(BadUse, match=r"gbk\.yaml"):
        read_script(gbk, ROSTER)


odd_values = st.sampled_from(
    [
        "",
        "1",
        "-1",
        "g1",
        "an",
        "n1",
        "２",
        "1e9",
        "true",
        "[]",
        "{}",
        "[a, b]",
        "{a: b}",
        "[{a: b}]",
        "[[1]]",
        "~",
        "'🫖'",
        "2024-13-01T00:00",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_drill_is_read_or_refused_when_anything_in_it_is_replaced(tmp_path: Path, data: st.DataObject) -> None:
    pieces = [
        piece
        for line in SOUND.splitlines()
        for piece in line.replace("{", "").replace("}", "").split(", ")
        if ": " in piece
    ]
    text = SOUND
    for _ in range(data.draw(st.integers(1, 3))):
        piece = data.draw(st.sampled_from(pieces))
        key = piece.split(": ")[0]
        text = text.replace(piece, f"{key}: {data.draw(odd_values)}", 1)
    refused = refusal(tmp_path, text)
    assert refused is None or refused.startswith(f"{tmp_path / 'play.yaml'}: ")


HAPPENS = SOUND[: SOUND.index("expect:")]
UNMET = [
    "{said: 没人说过的话}",
    "{said: 陈晨, within: 2m, of: 1}",
    "{effect: RemoveMember}",
    "{effect: Say, member: an}",
    "{effect: Say, count: 2}",
    "{effect: Say, at_least: 2}",
    "{effect: Say, of: 2}",
    "{never: Say}",
    "{never: Say, within: 5m, of: 1}",
    "{count: Say, at_most: 0}",
    "{count: Say, at_least: 2}",
    "{task: welcome_by_hand}",
    "{case: approval}",
    "{said: 陈晨, count: 0}",
]


def exit_code(path: Path, blocker: DjangoDbBlocker) -> tuple[int, str]:
    out = io.StringIO()
    with blocker.unblock():
        try:
            call_command("drill", str(path), stdout=out)
        except SystemExit as ended:
            return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_drill_ends_with_1_and_every_reason_when_its_expectations_are_not_met(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    path = tmp_path / "play.yaml"
    path.write_text(HAPPENS + "expect:\n" + "".join(f"  - {one}\n" for one in UNMET), encoding="utf-8")
    code, out = exit_code(path, django_db_blocker)
    assert code == 1
    assert f"0/{len(UNMET)}" in out
    assert out.count("→ ") == len(UNMET)


def test_the_line_is_named_when_a_reply_points_into_another_group(tmp_path: Path) -> None:
    text = SOUND.replace("capacity: 500}", "capacity: 500}\n  - {id: g2, name: 二群}")
    with pytest.raises(BadUse, match="line 20: reply_to '-1' points into another group"):
        read(tmp_path, text.replace("group: g1, from: an, reply_to", "group: g2, from: an, reply_to"))


def test_nothing_acts_when_a_drill_names_nothing(tmp_path: Path) -> None:
    text = SOUND.replace("acts: [onboarding]", "acts: []")
    text = "\n".join(line for line in text.splitlines() if "onboarding:" not in line and line != "settings:")
    assert set(read(tmp_path, text).modes.values()) == {Mode.OFF}


def test_a_capability_acts_when_a_drill_expects_something_of_it(tmp_path: Path) -> None:
    path = tmp_path / "play.yaml"
    path.write_text(SOUND + "  - {certificates: all}\n", encoding="utf-8")
    camps = Capability(
        name="camps", title="训练营", consider=lambda *_: None, drill_checks={"certificates": lambda *_: True}
    )
    assert read_script(path, (*ROSTER, camps)).modes["camps"] is Mode.ACT


PLAYS = [
    (
        "nothing happens",
        "timeline: []\nexpect: [{never: Say}]",
    ),
    (
        "what is proposed counts when it is approved",
        """mode: suggest
timeline:
  - {at: 2024-03-05T14:00, group: g1, join: n1, name: 陈晨}
  - {after: 20m, staff: li, do: approve}
expect:
  - {never: Say, within: 19m, of: 1}
  - {said: 陈晨, within: 1m, of: 2}
  - {said: 陈晨, within: 5m, of: 1}
  - {effect: Say, of: 2, count: 1}""",
    ),
    (
        "what is dismissed does not count",
        """mode: suggest
timeline:
  - {at: 2024-03-05T14:00, group: g1, join: n1, name: 陈晨}
  - {after: 20m, staff: li, do: dismiss, what: case}
expect:
  - {never: Say}
  - {count: Say, at_most: 0}""",
    ),
    (
        "inside effects are seen",
        """timeline:
  - {at: 2024-03-05T14:00, group: g1, join: n1, name: 陈晨}
  - {after: 1s, carrier: down, for: 2h}
  - {after: 3h, staff: li, do: done}
expect:
  - {effect: WakeAt, of: 1, member: n1, count: 1}
  - {effect: CancelWake, within: 4m}
  - {effect: OpenTask, group: g1, count: 1}
  - {never: OpenCase}""",
    ),
    (
        "who comes back may have another name",
        """timeline:
  - {at: 2024-03-05T14:00, group: g1, join: n1, name: 旧名}
  - {after: 1s, group: g1, leave: n1}
  - {after: 1s, group: g1, join: n1, name: 新名}
expect:
  - {said: 新名}
  - {said: 旧名, count: 0}""",
    ),
]


@pytest.mark.parametrize(("what", "play"), PLAYS, ids=[one[0] for one in PLAYS])
def test_a_drill_passes_when_it_expects_what_happens(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, what: str, play: str
) -> None:
    head = "drill: 1\nstaff: [{id: li, name: 小李}]\ngroups: [{id: g1, name: 茶友会1群}]\n"
    path = tmp_path / "play.yaml"
    path.write_text(head + play, encoding="utf-8")
    code, out = exit_code(path, django_db_blocker)
    assert code == 0, out


MET = [
    "{effect: Say, count: 1}",
    "{never: RemoveMember}",
    "{count: Say, at_most: 1}",
    "{task: welcome_by_hand, count: 0}",
]


def test_a_drill_ends_with_0_when_its_expectations_are_met_or_there_are_none(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    path = tmp_path / "play.yaml"
    path.write_text(HAPPENS + "expect:\n" + "".join(f"  - {one}\n" for one in MET), encoding="utf-8")
    assert exit_code(path, django_db_blocker)[0] == 0
    path.write_text(HAPPENS, encoding="utf-8")
    assert exit_code(path, django_db_blocker)[0] == 0


PLAYED: list[tuple[str, Callable[[str], str], str]] = [
    ("joins twice", lambda text: text.replace("pass: true", "group: g1, join: n1"), "line 20"),
    (
        "speaks from outside",
        lambda text: text.replace("from: an, reply", "from: n9, reply").replace("pass: true", "group: g1, join: n9"),
        "line 19",
    ),
    ("approves nothing", lambda text: text.replace("pass: true", "staff: li, do: approve"), "line 20"),
    (
        "approves nothing about that member",
        lambda text: text.replace("mode: act", "mode: suggest").replace(
            "pass: true", "staff: li, do: approve, what: {kind: approval, member: an}"
        ),
        "line 20: no open case",
    ),
    ("softens nothing", lambda text: text.replace("pass: true", "staff: li, do: soften"), "line 20: no open case"),
    ("upholds nothing", lambda text: text.replace("pass: true", "staff: li, do: uphold"), "line 20: no open case"),
    ("lifts nothing", lambda text: text.replace("pass: true", "staff: li, do: lift"), "line 20: nothing open"),
    (
        "gives to nobody",
        lambda text: text.replace("mode: act", "mode: suggest").replace(
            "pass: true", "after: 20m, staff: li, do: escalate"
        ),
        "line 20",
    ),
    ("finishes nothing", lambda text: text.replace("pass: true", "staff: li, do: done, what: task"), "line 20"),
]


@pytest.mark.parametrize(("what", "change", "line"), PLAYED, ids=[one[0] for one in PLAYED])
def test_the_line_is_named_when_a_play_cannot_go_on(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, what: str, change: Callable[[str], Any], line: str
) -> None:
    path = tmp_path / "play.yaml"
    path.write_text(change(SOUND), encoding="utf-8")
    with pytest.raises(BadUse, match=line):
        exit_code(path, django_db_blocker)

"""``qunying people QUERY`` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.actions import Enrolled, do_enrol
from tests import cast
from tests.commands.typed import typed

HU = Enrolled("hu", "听风", "上海-珩某网络-CTO-胡先生")
CARD = {"city": "上海", "industry": None, "company": "珩某网络", "job": "CTO", "name": "胡先生", "group_no": None}


@pytest.fixture
def cards(tea: cast.Tea) -> cast.Tea:
    for group in ("g1", "g2"):
        do_enrol("sandbox", tea.community_id, tea.groups[group], [HU], clock.now())
    do_enrol(
        "sandbox", tea.community_id, tea.groups["g1"], [Enrolled("may", "小May", "15群 上海-美妆-阿May")], clock.now()
    )
    return tea


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    call_command("people", *words, "--json")
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_one_object_tells_people_groups_fields_and_confidence(
    cards: cast.Tea, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = told(capsys, "上海", "首席技术官")
    assert (answer["query"], answer["is_more"]) == ("上海 首席技术官", False)
    (person,) = answer["people"]  # type: ignore[misc]
    assert person["name"] == "听风"
    assert person["fields"] == CARD
    assert set(person["confidence"]) == {"city", "company", "job", "name"}
    assert [seat["group"] for seat in person["groups"]] == ["茶友会2群", "茶友会1群"]
    assert person["groups"][0]["fields"] == CARD
    assert person["groups"][0]["card"] == HU.card
    assert person["groups"][0]["community"] == "茶友会"
    (li,) = person["known_by"]["colleagues"]
    assert (li["name"], li["duty"], sorted(li["groups"])) == (cast.NAMES["li"], "operator", ["茶友会1群", "茶友会2群"])


def test_a_number_of_a_group_is_a_number(cards: cast.Tea, capsys: pytest.CaptureFixture[str]) -> None:
    (person,) = told(capsys, "阿May")["people"]  # type: ignore[misc]
    assert person["fields"]["group_no"] == 15


def test_fewer_are_told_when_limited_or_asked_in_one_place(cards: cast.Tea, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(told(capsys, "上海")["people"]) == 2  # type: ignore[arg-type]
    few = told(capsys, "上海", "--limit", "1")
    assert (len(few["people"]), few["is_more"]) == (1, True)  # type: ignore[arg-type]
    assert len(told(capsys, "上海", "--group", "茶友会2群")["people"]) == 1  # type: ignore[arg-type]
    assert len(told(capsys, "上海", "--community", "茶友会")["people"]) == 2  # type: ignore[arg-type]


def test_lines_are_told_without_json(cards: cast.Tea, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("people", "shcto")
    assert capsys.readouterr().out.startswith("听风  上海 珩某网络 CTO 胡先生  茶友会")
    call_command("people", "查无此人")
    assert capsys.readouterr().out.strip() in {"没有找到", "Nobody found"}


@pytest.mark.parametrize("words", [[], [" "], ["，"], ["a", "--group", "没有的群"], ["a", "--community", "没有的"]])
def test_bad_use_is_refused_when_nobody_can_be_meant(tea: cast.Tea, words: list[str]) -> None:
    with pytest.raises(BadUse):
        call_command("people", *words)


@pytest.mark.parametrize("words", [[""], ["上海", "--limit", "0"], ["上海", "--limit", "x"]])
def test_one_line_and_exit_code_2_when_typed_badly(tmp_path: Path, words: list[str]) -> None:
    ended = typed(tmp_path / "home", "people", *words)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr

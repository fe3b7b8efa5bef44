"""The simulator as a program: its command line, its sheet of the world, its controls for other languages."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ..running import running, wait_until_heard
from ..sheet import DEMO, BadSheet, load_world
from ..wiring import Wiring
from . import stage
from .stage import ANN, BOT, GROUP, SECOND

COMMAND = [sys.executable, "-m", "qunying.carriers.onebot.simulator"]


@contextmanager
def program(*options: str) -> Iterator[list[dict[str, Any]]]:
    """The program on free ports; what it said first."""
    with subprocess.Popen([*COMMAND, "--port", "0", *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield [json.loads(process.stdout.readline()) for _ in range(2)]
        finally:
            process.terminate()
            process.wait(10)


def post(url: str, words: dict[str, Any], token: str = "t") -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, json.dumps(words).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        body = error.read()
        return error.code, json.loads(body) if body.startswith(b"{") else {}


@pytest.mark.server
def test_members_act_from_outside_when_the_program_runs() -> None:
    with program("--token", "t", "--own-ids") as accounts:
        assert [each["account"] for each in accounts] == [BOT, SECOND]
        url, other = (each["url"] for each in accounts)
        assert post(f"{url}/control/say", {"group": 20001, "user": 30002, "message": "早"}, "x")[0] == 403
        code, said = post(f"{url}/control/say", {"group": 20001, "user": 30002, "message": "早"})
        assert (code, said["ok"]) == (200, True)
        history = post(f"{other}/get_group_msg_history", {"group_id": 20001})[1]["data"]["messages"]
        assert [each["raw_message"] for each in history] == ["早"]
        assert history[0]["message_id"] != said["data"]["message_id"]
        asked = post(f"{url}/control/ask", {"group": 20001, "user": 30004, "answer": "朋友"})[1]
        assert post(f"{url}/set_group_add_request", {"flag": asked["data"]["flag"]})[1]["status"] == "ok"
        state = post(f"{url}/control/state", {})[1]["data"]["groups"]["20001"]
        assert (30004 in state["members"], state["said"]) == (True, ["早"])


@pytest.mark.server
@pytest.mark.parametrize(
    ("verb", "words", "code"),
    [
        ("make_coffee", {}, 404),
        ("__init__", {}, 404),
        ("say", {"group": GROUP}, 400),
        ("say", {"group": GROUP, "user": ANN, "message": ""}, 409),
        ("kick", {"group": GROUP, "user": BOT, "by": ANN}, 409),
        ("set_card", {"group": GROUP, "user": ANN, "card": "上海"}, 200),
        ("fault", {"kind": "never", "action": "get_msg"}, 200),
        ("fault", {"sort": "never"}, 400),
        ("become", {"self_id": 99}, 409),
        ("announce", {"group": GROUP, "text": "x", "by": BOT}, 200),
        ("upload", {"group": GROUP, "user": ANN, "name": "x.pdf"}, 200),
    ],
)
def test_a_verb_is_done_or_refused_with_its_code_when_posted(verb: str, words: dict[str, Any], code: int) -> None:
    with running(stage.build_world(), Wiring(BOT)) as simulator:
        assert post(f"{simulator.url(BOT)}/control/{verb}", words)[0] == code


@pytest.mark.server
def test_a_line_is_cut_and_mended_from_outside_when_posted() -> None:
    with running(stage.build_world(), Wiring(BOT)) as simulator:
        control = f"{simulator.url(BOT)}/control/"
        for verb, status in (("cut", 503), ("mend", 200)):
            assert post(control + verb, {})[0] == 200
            assert post(f"{simulator.url(BOT)}/get_status", {})[0] == status
        with pytest.raises(TimeoutError):
            wait_until_heard(simulator, BOT, 0.05)


@pytest.mark.server
def test_the_program_listens_on_this_machine_only_when_it_runs() -> None:
    with running(stage.build_world(), Wiring(BOT)) as simulator:
        assert simulator.url(BOT).startswith("http://127.0.0.1:")
        assert simulator.ws_url(BOT) == simulator.url(BOT).replace("http", "ws") + "/"


def test_the_demo_has_what_it_says_when_it_is_read() -> None:
    world = load_world(DEMO)
    group = world.state.group(20001)
    assert (group.name, group.question) == ("体验课1群", "从哪里知道我们的？")
    assert {each: member.role for each, member in group.members.items()} == {
        30001: "owner",
        BOT: "admin",
        SECOND: "member",
        30002: "member",
        30003: "member",
    }
    assert group.members[30003].card == "北京-IT-工程师-小李"
    assert world.state.are_friends(SECOND, BOT)


@pytest.mark.parametrize("words", ["{", "[]", "accounts: [{id: x, name: y}]\ngroups: []", "groups: []"])
def test_a_sheet_is_refused_with_its_name_when_it_is_no_world(tmp_path: Path, words: str) -> None:
    sheet = tmp_path / "odd.yaml"
    sheet.write_text(words, "utf-8")
    with pytest.raises(BadSheet, match=r"odd\.yaml"):
        load_world(sheet)
    done = subprocess.run([*COMMAND, "--world", str(sheet)], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, "odd.yaml" in done.stderr, "Traceback" in done.stderr) == (2, True, False)

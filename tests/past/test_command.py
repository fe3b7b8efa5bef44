"""What the command says to whoever typed it wrongly: one line, exit code 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.past.exports import chatlab, said, write

ROOT = Path(__file__).resolve().parents[2]
MAIN = "from qunying.runners.main import main; main()"


def typed(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``qunying import …`` in an installation of its own."""
    environment = {
        **os.environ,
        "QUNYING_HOME": str(home),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "qunying.project.settings",
    }
    command = [sys.executable, "-c", MAIN, "import", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize(
    ("words", "said_in_it"),
    [
        (["gone.json"], "gone.json"),
        (["{chat}", "--timezone", "Mars/Olympus"], "Asia/Shanghai"),
        (["{chat}", "--format", "msn"], "chatlab"),
        (["{chat}", "--column", "time=不在"], "不在"),
        (["{chat}", "--column", "time"], "字段=列名"),
        (["{page}"], "unknown_format"),
    ],
)
def test_one_line_says_why_when_something_is_wrong(
    home: Path, tmp_path: Path, words: list[str], said_in_it: str
) -> None:
    chat, page = write(tmp_path, "chat.jsonl", chatlab([said(1)])), write(tmp_path, "page.json", "<html></html>")
    ended = typed(home, *(word.format(chat=chat, page=page) for word in words), "--group", "茶友群", "--json")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert said_in_it in ended.stderr


def test_a_file_that_broke_off_is_no_plain_success_when_a_person_reads(home: Path, tmp_path: Path) -> None:
    whole = chatlab([said(number) for number in range(1, 9)])
    cut = write(tmp_path, "cut.jsonl", whole[: len(whole) - 20])
    ended = typed(home, str(cut), "--group", "断了的群")
    assert ended.returncode == 0, ended.stderr
    assert "文件断在中间" in ended.stderr
    assert "文件断在中间" not in typed(home, str(write(tmp_path, "whole.jsonl", whole)), "--group", "断了的群").stderr


@pytest.mark.parametrize(
    ("words", "said_in_it"),
    [
        (["{chat}"], "--group"),
        (["{chat}", "--group", "茶友群", "--date-order", "xyz"], "xyz"),
        (["{chat}", "--group", " "], "群名"),
        (["{chat}", "--group", "茶友群", "--format", "telegram"], "cut_off"),
        (["{table}", "--group", "茶友群", "--format", "generic_csv"], "列"),
    ],
)
def test_one_line_says_why_when_an_option_is_missing_or_does_not_fit_the_file(
    home: Path, tmp_path: Path, words: list[str], said_in_it: str
) -> None:
    chat = write(tmp_path, "chat.txt", "2019-07-16 18:15:05 小明(23333233)\n你好\n")
    table = write(tmp_path, "table.csv", "a,b\n1,2\n")
    ended = typed(home, *(word.format(chat=chat, table=table) for word in words))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert said_in_it in ended.stderr


def test_both_end_well_when_two_commands_are_the_first_of_an_installation(tmp_path: Path) -> None:
    chat = write(tmp_path, "chat.jsonl", chatlab([said(1)]))
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda _: typed(tmp_path / "new", str(chat), "--group", "茶友群", "--json"), range(2)))
    assert [(one.returncode, one.stderr) for one in ended] == [(0, "")] * 2
    assert sum(json.loads(one.stdout)["messages"] for one in ended) == 1

"""Exit codes are a promise: 2 for bad use, with one line that says what and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from qunying import __version__
from tests.commands.typed import typed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nonsense", "nonsense"),
        ("up --prot 1", "--prot"),
        ("up --port 99999", "99999"),
        ("up --demo --no-demo", "--no-demo"),
        ("up --port 8479 --demo-groups 0", "4"),
        ("demo add --weeks 1", "4"),
        ("import chat.txt", "--group"),
        ("report", "GROUP"),
        ("drill gone.yaml", "gone.yaml: No such file"),
        ("audit check", "verify"),
    ],
)
def test_one_line_says_why_when_the_words_make_no_sense(tmp_path: Path, words: str, said: str) -> None:
    ended = typed(tmp_path / "home", *words.split())
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
    assert said in ended.stderr


def test_one_line_says_why_when_the_home_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = typed(tmp_path / "file" / "home", "up")
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
    assert "QUNYING_HOME" in ended.stderr


def test_help_names_our_options_only_when_asked(tmp_path: Path) -> None:
    ended = typed(tmp_path / "home", "up", "--help")
    assert ended.returncode == 0
    assert "--demo-groups" in ended.stdout
    assert "--pythonpath" not in ended.stdout
    assert typed(tmp_path / "home", "--version").stdout == f"qunying {__version__}\n"

"""How ``make test`` runs: what is left out is said, and the last line is the summary that counts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools import run_tests
from tools.run_tests import Ran

WHOLE = "============ 812 passed, 3 skipped in 61.20s (0:01:01) ============"
AGAIN = "======================= 1 failed, 90 passed in 9.01s ======================="


def printing(*lines: str, code: int = 0) -> list[str]:
    """A command that prints lines and ends with that code."""
    return [sys.executable, "-c", f"import sys; print({chr(10).join(lines)!r}); sys.exit({code})"]


@pytest.mark.parametrize(
    "line",
    [WHOLE, AGAIN, "=== no tests ran in 0.01s ===", f"\x1b[31m{AGAIN}\x1b[0m", "812 passed, 3 skipped in 61.20s"],
)
def test_a_summary_is_known_when_pytest_prints_one(line: str) -> None:
    assert run_tests.run(printing("...", line), dict(os.environ)) == Ran(0, line)


@pytest.mark.parametrize("line", ["=== FAILURES ===", "E  assert 3 passed", "=== slowest 5 durations ==="])
def test_nothing_is_a_summary_when_pytest_only_prints(line: str) -> None:
    assert run_tests.run(printing(line, code=1), dict(os.environ)) == Ran(1, "")


@pytest.mark.parametrize(
    ("whole", "again", "last", "code"), [(0, 0, WHOLE, 0), (1, 0, WHOLE, 1), (0, 1, AGAIN, 1), (1, 1, WHOLE, 1)]
)
def test_the_last_line_is_what_failed_when_something_did(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], whole: int, again: int, last: str, code: int
) -> None:
    monkeypatch.setattr(run_tests, "whole_set", lambda **_: printing(WHOLE, code=whole))
    monkeypatch.setattr(run_tests, "state_layer", lambda root: printing(AGAIN, code=again))
    assert run_tests.main([]) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_browser_tests_are_left_out_and_said_when_there_is_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("QUNYING_CHROMIUM", raising=False)
    monkeypatch.setattr(run_tests, "state_layer", lambda root: printing(AGAIN))
    commands: list[list[str]] = []

    def note(command: list[str], environment: dict[str, str]) -> Ran:
        commands.append(command)
        return Ran(0, WHOLE)

    monkeypatch.setattr(run_tests, "run", note)
    run_tests.main([])
    assert "browser tests: left out" in capsys.readouterr().out
    assert commands[0][-1] == "not nightly and not browser"


def test_a_browser_is_found_when_it_is_on_path(tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n", "utf-8")
    browser.chmod(0o755)
    assert run_tests.find_browser({"PATH": str(tmp_path)}) == str(browser)
    assert run_tests.find_browser({"PATH": "", "QUNYING_CHROMIUM": str(browser)}) == str(browser)
    assert run_tests.find_browser({"PATH": "", "QUNYING_CHROMIUM": str(tmp_path / "gone")}) == ""


def test_nothing_is_left_out_when_it_is_night_and_there_is_a_browser() -> None:
    assert "-m" not in run_tests.whole_set(nightly=True, has_browser=True)[3:]
    assert run_tests.whole_set(nightly=False, has_browser=True)[-1] == "not nightly"

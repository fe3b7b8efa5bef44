"""Runs the tests: ``make test``, and with ``--nightly`` also what takes long. The last line is always a summary of pytest's.

The whole set runs on SQLite, then the tests of the state layer once more on PostgreSQL. The last line repeats the summary of
whichever failed, else of the whole set, because people and programs look there.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE_LAYER = ("tests/unit", "tests/concurrency", "tests/property", "tests/past", "tests/postgres")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OUTCOME = r"\d+ (?:passed|failed|errors?|skipped|deselected|xfailed|xpassed|warnings?)"
SUMMARY = re.compile(rf"^(?:\x1b\[[\d;]*m)*(?:=+ )?(?:\x1b\[[\d;]*m)*(?:{OUTCOME}|no tests ran)\b.* in \d+\.\d+s")


@dataclass(frozen=True, slots=True)
class Ran:
    """How one run of pytest ended."""

    code: int
    summary: str


def main(arguments: Sequence[str] | None = None) -> int:
    """pytest's exit code of the first run that failed, 0 when none did."""
    parser = argparse.ArgumentParser(description="Run the tests.")
    parser.add_argument("--nightly", action="store_true", help="also what takes long")
    nightly = parser.parse_args(arguments).nightly
    browser = find_browser(os.environ)
    print(f"browser tests: with {browser}" if browser else "browser tests: left out, no chromium found", flush=True)
    environment = {**os.environ, **({"QUNYING_CHROMIUM": browser} if browser else {})}
    whole = run(whole_set(nightly=nightly, has_browser=bool(browser)), environment)
    print("\nthe state layer once more, on PostgreSQL", flush=True)
    again = run(state_layer(ROOT), environment)
    decisive = whole if whole.code or not again.code else again
    print(decisive.summary or f"pytest ended with exit code {decisive.code} and no summary")
    return decisive.code


def find_browser(environment: dict[str, str] | os._Environ[str]) -> str:
    """Path of a chromium, "" where there is none; ``QUNYING_CHROMIUM`` wins when it is a file."""
    given = environment.get("QUNYING_CHROMIUM", "")
    if given and Path(given).is_file():
        return given
    path = environment.get("PATH", "")
    return next((found for name in BROWSERS if (found := shutil.which(name, path=path))), "")


def whole_set(*, nightly: bool, has_browser: bool) -> list[str]:
    """The command of the whole set. Every template must have been rendered by its end, so it takes no selection."""
    left_out = [*([] if nightly else ["nightly"]), *([] if has_browser else ["browser"])]
    marks = ["-m", " and ".join(f"not {mark}" for mark in left_out)] if left_out else []
    return [sys.executable, "-m", "pytest", "-n", "2", "-p", "tests.rendered", "--every-template", *marks]


def state_layer(root: Path) -> list[str]:
    """The command of the second run: what touches tables, on a server that lives as long as the run."""
    folders = [folder for folder in STATE_LAYER if (root / folder).is_dir()]
    pytest = [sys.executable, "-m", "pytest", "-n", "2", "-m", "not nightly and not browser"]
    return [sys.executable, "-m", "tools.with_postgres", *pytest, *folders]


def run(command: Sequence[str], environment: dict[str, str]) -> Ran:
    """Shows the output as it comes and remembers the last summary in it."""
    summary = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=1
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            summary = line.rstrip() if SUMMARY.match(line) else summary
    return Ran(process.returncode, summary)


if __name__ == "__main__":
    sys.exit(main())

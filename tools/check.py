"""The checks of the house: ``make check``. Every one runs, also after another failed, and only what failed is shown."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
OURS = Path(PYTHON).parent


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name and what runs it."""

    name: str
    command: tuple[str, ...]


def checks() -> tuple[Check, ...]:
    """All of them, the quick ones first."""
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "qunying").rglob("templates/**/*.html"))
    return (
        Check("format", (_tool("ruff"), "format", "--check", "--output-format", "concise", ".")),
        Check("style", (_tool("ruff"), "check", "--output-format", "concise", ".")),
        Check("templates", (_tool("djade"), "--check", "--target-version", "5.2", *templates)),
        Check("contracts", (_tool("lint-imports"), "--no-logo")),
        Check("texts", (PYTHON, "-m", "tools.messages", "check")),
        Check("reference", (PYTHON, "-m", "tools.make_reference", "--check")),
        Check("migrations", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")),
        Check("types", (_tool("mypy"),)),
        Check("house rules", (PYTHON, "-m", "pytest", "-q", "tests/architecture")),
    )


def main() -> int:
    """0 when all hold, 1 when one does not."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QUNYING_HOME": home}
        results = [_holds(check, environment) for check in checks()]
    print(f"check: {sum(results)} of {len(results)} hold")
    return 0 if all(results) else 1


def _holds(check: Check, environment: dict[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    seconds = time.monotonic() - began
    print(f"{'✗' if done.returncode else '✓'} {check.name:<12} {seconds:5.1f} s", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).strip(), flush=True)
    return done.returncode == 0


def _tool(name: str) -> str:
    return str(OURS / name)


if __name__ == "__main__":
    sys.exit(main())

"""``qunying`` as a person types it, in an installation of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.past.exports import chatlab, said, write

ROOT = Path(__file__).resolve().parents[2]
FLUSH = """
import django; django.setup()
from qunying.insights import keeping, parts
from qunying.kernel import clock
keeping.catch_up(clock.now(), parts.lake_folder())
"""
QUNYING = (sys.executable, "-m", "qunying")
PATIENCE = 300


def surroundings(home: Path, database: str = "") -> dict[str, str]:
    """The environment of a command in that home, with its own SQLite unless another database is given."""
    return {
        **os.environ,
        "QUNYING_HOME": str(home),
        "DATABASE_URL": database,
        "LC_ALL": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "qunying.project.settings",
    }


def typed(home: Path, *words: str | Path, database: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    command, where = [*QUNYING, *map(str, words)], surroundings(home, database)
    return subprocess.run(command, cwd=ROOT, env=where, capture_output=True, text=True, timeout=PATIENCE, check=False)


def report_of(home: Path, *, database: str = "") -> str:
    """The report of the group that ``fill`` imports, without its last line, which says the minute in which it was made."""
    ended = typed(home, "report", "茶友群", database=database)
    assert ended.returncode == 0, ended.stderr
    told, _, made = ended.stdout.rstrip().rpartition("\n")
    assert made.startswith("*"), made
    return told


def fill(home: Path, folder: Path, *, messages: int = 300, database: str = "") -> None:
    """A home with one imported group that is in the lake, and a file."""
    chat = write(folder, "chat.jsonl", chatlab([said(number) for number in range(1, messages + 1)]))
    ended = typed(home, "import", chat, "--group", "茶友群", "--json", database=database)
    assert ended.returncode == 0, ended.stderr
    where = surroundings(home, database)
    subprocess.run([sys.executable, "-c", FLUSH], cwd=ROOT, env=where, timeout=PATIENCE, check=True)
    (home / "files").mkdir(exist_ok=True)
    (home / "files" / "海报.png").write_bytes(bytes(range(256)))

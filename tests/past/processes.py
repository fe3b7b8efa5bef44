"""``qunying import`` in processes of its own, on the database of the test; and one that kills itself at a chosen moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds until a process counts as hanging
SMALL_BATCHES = 40


def start(paths: list[Path], group: str, *, kill_at: str = "", times: int = 0) -> subprocess.Popen[str]:
    """Begins an import in batches of ``SMALL_BATCHES``; it ends itself by SIGKILL at the ``times``-th call of ``kill_at``."""
    words = [sys.executable, "-m", "tests.past.killed", kill_at, str(times), *map(str, paths), "--group", group]
    return subprocess.Popen(
        [*words, "--json", "--timezone", "Asia/Shanghai"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "qunying.project.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What it wrote. Raises ``AssertionError`` with its error where it did not end well."""
    out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    words: dict[str, Any] = json.loads(out)
    return words


def database_url() -> str:
    """The test's own database, as ``DATABASE_URL`` names it."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    options = "&".join(
        f"{name}={quote(str(value), safe='')}" for name, value in settings["OPTIONS"].items() if name == "host"
    )
    host = settings["HOST"]
    where = f"?host={quote(host, safe='')}" if host.startswith("/") else f"?{options}"
    network = "" if host.startswith("/") else f"{host}:{settings['PORT']}"
    user = quote(settings["USER"], safe="") + (
        f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    )
    return f"postgresql://{user}@{network}/{settings['NAME']}{where}"

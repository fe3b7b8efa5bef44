"""Fresh temporary worlds: a migrated, empty database that is gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection


@contextmanager
def fresh_world() -> Iterator[None]:
    """Inside the block the default database is an empty one of its own; whatever was there before comes back after."""
    django.setup()
    before = connection.settings_dict.copy()
    with tempfile.TemporaryDirectory(prefix="qunying-drill-") as folder:
        path = Path(folder) / "world.sqlite3"
        shutil.copyfile(_template(), path)
        _use(str(path), before)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)


@lru_cache(maxsize=1)
def _template() -> Path:
    """A database with every table and no row, made once per process."""
    path = Path(tempfile.mkdtemp(prefix="qunying-template-")) / "empty.sqlite3"
    before = connection.settings_dict.copy()
    _use(str(path), before)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict.update(before)
    return path


def _use(name: str, before: dict[str, object]) -> None:
    connection.close()
    options = {"timeout": 30, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous=OFF"}
    connection.settings_dict.update({**before, "NAME": name, "OPTIONS": options})

"""A database file of its own for one lab. Only the thread that is inside sees it; everybody else keeps the house's."""

from __future__ import annotations

import hashlib
import inspect
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.utils import load_backend

ENGINE = "django.db.backends.sqlite3"
OPTIONS = {"timeout": 30, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous=OFF"}


@contextmanager
def own_database(path: Path) -> Iterator[None]:
    """Inside the block this thread's default database is that SQLite file; afterwards the house's own is back.

    The connection is exchanged, not its settings: those are shared by all threads of the process.
    """
    before = connections[DEFAULT_DB_ALIAS]
    words = {**before.settings_dict, "ENGINE": ENGINE, "NAME": str(path), "OPTIONS": OPTIONS, "CONN_MAX_AGE": 0}
    own = load_backend(ENGINE).DatabaseWrapper(words, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before
        own.close()


def do_make_empty(path: Path, templates: Path) -> None:
    """Makes ``path`` a database with every table and no row. ``templates`` keeps one to copy, per version of the tables."""
    template = templates / f"empty-{schema()}.sqlite3"
    if not template.exists():
        draft = template.with_suffix(f".{os.getpid()}")
        draft.unlink(missing_ok=True)
        with own_database(draft):
            call_command("migrate", verbosity=0, interactive=False)
        draft.replace(template)
    shutil.copyfile(template, path)


@lru_cache(maxsize=1)
def schema() -> str:
    """A short name of the present tables: it changes whenever a migration is added or rewritten."""
    digest = hashlib.sha256()
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for key in sorted(migrations):
        digest.update("\0".join(key).encode())
        digest.update(Path(inspect.getfile(type(migrations[key]))).read_bytes())
    return digest.hexdigest()[:12]

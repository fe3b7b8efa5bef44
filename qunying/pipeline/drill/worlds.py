"""Fresh temporary worlds: a migrated, empty database that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import django

from qunying.pipeline.lab.database import do_make_empty, own_database


@contextmanager
def fresh_world() -> Iterator[None]:
    """Inside the block the default database is an empty one of its own, goes_together the house uses; afterwards that is back."""
    django.setup()
    with tempfile.TemporaryDirectory(prefix="qunying-drill-") as folder:
        path = Path(folder) / "world.sqlite3"
        do_make_empty(path, Path(_templates().name))
        with own_database(path):
            yield


@lru_cache(maxsize=1)
def _templates() -> tempfile.TemporaryDirectory[str]:
    """Holds the empty database that all worlds of this process are copied from, until it ends."""
    return tempfile.TemporaryDirectory(prefix="qunying-template-")

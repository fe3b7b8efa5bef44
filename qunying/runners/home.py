"""Makes an installation's home ready: an empty folder becomes a working database."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Collection
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from qunying.kernel.errors import QunyingError
from qunying.kernel.texts import mark
from qunying.runners.alone import in_turn

# a page makes some ten thousand objects and drops them again by counting: nobody need look for circles among them each
# time they are seven hundred more
BORN_BETWEEN_COLLECTIONS = 50_000

Migrations = Collection[tuple[str, str]]


def prepare_home() -> None:
    """Brings the database to this version's shape. Quick when there is nothing to do.

    Raises ``QunyingError`` for a database of a newer version, which is left as it is.
    """
    django.setup()
    refuse_newer(applied())
    if not is_current():
        with in_turn(Path(settings.HOME)):  # two commands may meet a fresh home at once; the second finds it done
            if not is_current():
                call_command("migrate", verbosity=0, interactive=False)


def is_current() -> bool:
    """Whether every migration of this version was applied."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def applied() -> set[tuple[str, str]]:
    """App and name of every migration that the database has seen."""
    return set(MigrationRecorder(connection).applied_migrations())


def refuse_newer(migrations: Migrations) -> None:
    """Raises ``QunyingError`` where one of these migrations of ours is unknown to this version."""
    known = MigrationLoader(None, ignore_no_migrations=True)
    newer = sorted(key for key in migrations if key[0] in known.migrated_apps and key not in known.disk_migrations)
    if newer:
        raise QunyingError(
            mark("这份数据是更新版本的群营写的（%(step)s），这个版本读不了；请升级群营，数据没有动"),
            step=".".join(newer[-1]),
        )


def freeze() -> None:
    """What is loaded stays for ever: from now on the collector need not walk through it while somebody waits."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(BORN_BETWEEN_COLLECTIONS, 20, 50)
    atexit.register(
        gc.unfreeze
    )  # what is never collected looks leaked to libraries, and they say so to whoever stops us

"""Makes an installation's home ready: an empty folder becomes a working database."""

from __future__ import annotations

import fcntl
import gc

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare_home() -> None:
    """Brings the database to this version's shape, one process at a time. Quick when there is nothing to do."""
    django.setup()
    if is_current():
        return
    with (settings.HOME / ".migrating").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not is_current():
            call_command("migrate", verbosity=0, interactive=False)


def is_current() -> bool:
    """Whether every migration of this version was applied."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def freeze() -> None:
    """What is loaded stays for ever: from now on the collector need not walk through it while somebody waits."""
    gc.collect()
    gc.freeze()

"""Makes an installation's home ready: an empty folder becomes a working database."""

from __future__ import annotations

import gc

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare_home() -> None:
    """Brings the database to this version's shape. Quick when there is nothing to do."""
    django.setup()
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

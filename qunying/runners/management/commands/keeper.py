"""``qunying keeper``: the slow work beside the workers – imports, the lake, the journal's seals. One is enough."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from qunying.insights import lake
from qunying.journal.actions import do_seal
from qunying.pipeline.past import run
from qunying.runners.watch import Watch, every

REST = 1.0


class Command(BaseCommand):
    """One keeper; ends with Ctrl-C, SIGTERM or its parent."""

    help = "Import, seal, and keep the lake."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until asked to stop."""
        steps = {"imports": run.step, "lake": every(30, _lake), "seals": every(10, _seal)}
        Watch(steps, rest=REST).run()


def _lake(now: datetime) -> int:
    return lake.step(now, Path(settings.HOME) / "lake")


def _seal(now: datetime) -> int:
    do_seal(now)
    return 0

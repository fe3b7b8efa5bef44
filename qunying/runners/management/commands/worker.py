"""``qunying worker``: takes in, tells, relays and delivers, and lets the demo world go on. Any number may run."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qunying.pipeline import loops
from qunying.pipeline.demo import live
from qunying.runners.watch import Watch, every

REST = 0.25


class Command(BaseCommand):
    """One worker; ends with Ctrl-C or SIGTERM."""

    help = "Tell what happens and deliver what follows."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until asked to stop."""
        Watch({"demo": every(2, live.step), "loops": loops.step}, rest=REST).run()

"""``qunying keeper``: the slow work beside the workers – imports, rehearsals, the judges' reading of them, threads and themes of talk, group cards, who may be one person, who carries a community, layers, whether our accounts are held, removing the demo, the lake, the journal's seals. One is enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand

from qunying.carriers.wire import mishaps, watching
from qunying.insights import keeping, standing
from qunying.insights.parts import lake_folder
from qunying.insights.seeds import counting
from qunying.journal.actions import do_seal
from qunying.people import alike, cards
from qunying.pipeline.demo import remove
from qunying.pipeline.past import reading, run
from qunying.pipeline.rehearsal import asked
from qunying.runners.watch import Watch, every, gently
from qunying.talk import placing, theming

REST = 1.0
NIGHT = 24 * 3600.0
MISHAPS_KEPT = timedelta(days=30)


class Command(BaseCommand):
    """One keeper; ends with Ctrl-C or SIGTERM."""

    help = "Import, read what was imported, put talk into threads, look for themes, read cards, remove, seal, and keep the lake."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until asked to stop."""
        steps = {
            "rehearsals": asked.step,
            "imports": run.step,
            "reading": reading.step,
            "threads": every(5, placing.step),
            "themes": every(20, theming.step),
            "cards": every(5, cards.step),
            "alike": every(30, alike.step),
            "seeds": every(5, gently(counting.step)),
            "removal": gently(remove.step),
            "accounts": every(5, watching.step),
            "lake": every(30, _lake),
            "layers": every(60, standing.step),
            "seals": every(10, _seal),
            "night": every(NIGHT, _night),
        }
        Watch(steps, rest=REST).run()


def _night(now: datetime) -> int:
    mishaps.do_forget_mishaps(now - MISHAPS_KEPT)
    keeping.nightly(now, lake_folder())
    return 0


def _lake(now: datetime) -> int:
    return keeping.step(now, lake_folder())


def _seal(now: datetime) -> int:
    do_seal(now)
    return 0

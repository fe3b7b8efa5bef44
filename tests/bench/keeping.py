"""What the keeper does beside an import, measured from inside: ``python -m tests.bench.keeping`` until its input ends.

Answers one JSON object: processor seconds of writing to the lake (reading the new rows, Parquet, merging what became many
small files, naming them) and of counting anew what the pages show (days, seats, figures, answers), and how often.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from pathlib import Path

EVERY = 0.5  # seconds between two looks whether anything is due; the keeper of an installation looks less often


def main() -> None:
    """Keeps the lake of the installation that the environment names, as ``insights.keeping`` does, and tells the cost."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "qunying.project.settings"
    import django

    django.setup()
    from qunying.insights.lake import is_due
    from qunying.insights.parts import lake_folder
    from qunying.kernel import clock

    _keep(_nothing(), lake_folder())  # a keeper has long been there when an import begins
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    spent = _nothing()
    while not select.select([sys.stdin], [], [], EVERY)[0]:
        if is_due(clock.now()):
            _keep(spent, lake_folder())
    _keep(spent, lake_folder())
    sys.stdout.write(json.dumps(spent))


def _nothing() -> dict[str, float]:
    return {"writing": 0.0, "counting": 0.0, "times": 0}


def _keep(spent: dict[str, float], folder: Path) -> None:
    """Both halves of ``keeping.catch_up``."""
    from qunying.insights.answers import do_count_answers
    from qunying.insights.days import do_count_new
    from qunying.insights.figures import do_count_figures
    from qunying.insights.lake import flush
    from qunying.insights.seats import do_note_seats
    from qunying.kernel import clock

    now, began = clock.now(), time.process_time()
    flush(now, folder)
    written = time.process_time()
    do_count_new(now)
    do_note_seats(now, folder)
    do_count_figures(now)
    do_count_answers(now)
    spent["writing"] += written - began
    spent["counting"] += time.process_time() - written
    spent["times"] += 1


if __name__ == "__main__":
    main()

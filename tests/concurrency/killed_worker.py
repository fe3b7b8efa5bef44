"""``python -m tests.concurrency.killed_worker MOMENT NOW``: one turn of a worker that dies by SIGKILL at a moment of the story.

``MOMENT`` is a function that ``pipeline.inbound`` calls. A process beside reads for it, and is there before the turn begins;
its number is written first.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import datetime
from typing import Any

import django


def main(moment: str, now: datetime) -> None:
    """Tells what is due, and dies at the first call of that function, before it has done anything."""
    django.setup()
    from qunying.kernel import clock
    from qunying.pipeline import inbound, judging, worker

    colleague = judging._colleague(os.getpid())
    while (wait := colleague.begin(["早"])) is None:
        time.sleep(0.02)
    wait()
    print(colleague.pid, flush=True)

    def die(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(inbound, moment, die)
    with clock.at(now):
        worker.step(now)


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]))

"""Real threads that start together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from qunying.kernel import clock

PATIENCE = 60  # seconds until a thread counts as hanging


def together(now: datetime, *acts: Callable[[], object]) -> list[object]:
    """Runs the acts at the same moment, each in a thread with its own connection; answers what they answered.

    Raises what the first of them raised, and ``AssertionError`` for one that hangs.
    """
    barrier = threading.Barrier(len(acts))
    answers: list[object] = [None] * len(acts)
    errors: list[BaseException] = []

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            with clock.at(now):
                barrier.wait(PATIENCE)
                answers[place] = act()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a thread hangs"
    if errors:
        raise errors[0]
    return answers

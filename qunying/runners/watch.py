"""A loop that does what there is to do, and rests when there is nothing."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType

import structlog
from django.db import OperationalError, close_old_connections

from qunying.kernel import clock
from qunying.runners.home import freeze

log = structlog.get_logger()

Step = Callable[[datetime], int]


class Watch:
    """Runs steps again and again until asked to stop."""

    def __init__(self, steps: dict[str, Step], *, rest: float) -> None:
        self._steps = steps
        self._rest = rest
        self._is_asked_to_stop = False

    def run(self) -> None:
        """Returns after SIGTERM or SIGINT, between two steps, so that nothing is left half done."""
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._ask_to_stop)
        freeze()
        while not self._is_asked_to_stop:
            if not self._round():
                time.sleep(self._rest)

    def _round(self) -> int:
        done = 0
        for name, step in self._steps.items():
            if self._is_asked_to_stop:
                break
            try:
                done += step(clock.now())
            except OperationalError as error:
                log.warning("database is busy", step=name, why=str(error))
                time.sleep(self._rest)
            except Exception:
                log.exception("step failed", step=name)
                time.sleep(1)
        close_old_connections()
        return done

    def _ask_to_stop(self, sign: int, frame: FrameType | None) -> None:
        self._is_asked_to_stop = True


def gently(step: Step) -> Step:
    """The step, and after it as long a rest as it took: whoever waits for the database gets a turn."""

    def slowly(now: datetime) -> int:
        began = time.monotonic()
        done = step(now)
        if done:
            time.sleep(time.monotonic() - began)
        return done

    return slowly


def every(seconds: float, step: Step) -> Step:
    """The step, at most that often."""
    last = [float("-inf")]

    def seldom(now: datetime) -> int:
        if time.monotonic() - last[0] < seconds:
            return 0
        last[0] = time.monotonic()
        return step(now)

    return seldom

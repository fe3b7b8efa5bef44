"""A gateway in a thread of its own, for tests that speak with lines."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import connections

from qunying.carriers.wire.gateway import Gateway, Wiring
from qunying.carriers.wire.switchboard import find_address

WITHIN = 10.0


@contextmanager
def gateway(wirings: Mapping[str, Wiring]) -> Iterator[str]:
    """A gateway that holds the lines that are kept; gives the address at which it can be called."""
    running = _Running(wirings)
    running.start()
    try:
        until(lambda: bool(find_address()) or running.fell is not None)
        if running.fell is not None:
            raise running.fell
        yield find_address()
    finally:
        running.stop()


def until(is_so: Callable[[], object], within: float = WITHIN) -> None:
    """Waits until something is so; fails where it does not come to be."""
    ends_at = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come to be in time"
        time.sleep(0.02)


class _Running(threading.Thread):
    def __init__(self, wirings: Mapping[str, Wiring]) -> None:
        super().__init__(name="gateway of a test", daemon=True)
        self._wirings = wirings
        self._loop = asyncio.new_event_loop()
        self._is_asked_to_stop = asyncio.Event()
        self.fell: Exception | None = None

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(Gateway(self._wirings, "127.0.0.1", 0).run(self._is_asked_to_stop))
        except Exception as error:  # noqa: BLE001 - told to whoever started it
            self.fell = error
        finally:
            self._loop.close()

    def stop(self) -> None:
        if self.is_alive():
            self._loop.call_soon_threadsafe(self._is_asked_to_stop.set)
        self.join(WITHIN)
        connections.close_all()

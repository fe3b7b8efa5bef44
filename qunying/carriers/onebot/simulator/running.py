"""A simulator in a thread of its own, for tests and programs that are not asynchronous."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .simulator import Simulator
from .wiring import Wiring
from .world import World


@contextmanager
def running(world: World, *wirings: Wiring) -> Iterator[Simulator]:
    """Runs while the block does. The thread sees the virtual time of whoever started it."""
    simulator = Simulator(world, *wirings)
    ready, done = threading.Event(), threading.Event()
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(asyncio.run, _live(simulator, ready, done)), daemon=True)
    thread.start()
    if not ready.wait(20):
        raise RuntimeError("the simulator did not start")
    try:
        yield simulator
    finally:
        done.set()
        thread.join(20)


async def _live(simulator: Simulator, ready: threading.Event, done: threading.Event) -> None:
    async with simulator:
        ready.set()
        while not done.is_set():
            await asyncio.sleep(0.01)


def wait_until_heard(simulator: Simulator, self_id: int, seconds: float = 10.0) -> None:
    """Waits for an application to listen to an account's events."""
    until = time.monotonic() + seconds
    while not simulator.is_heard(self_id):
        if time.monotonic() > until:
            raise TimeoutError(f"nobody listens to {self_id}")
        time.sleep(0.01)

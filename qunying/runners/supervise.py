"""Keeps the processes of one machine alive together, and ends them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

import structlog

log = structlog.get_logger()

LOOK_EVERY = 0.5
STOP_WITHIN = 10.0
QUICK_DEATH = 5.0
MAX_QUICK_DEATHS = 5


@dataclass
class Child:
    """One process of ours: how to start it, and how it has been doing."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    quick_deaths: int = 0


@dataclass
class Supervisor:
    """Starts children in groups of their own, restarts who falls, stops all when asked.

    A child that dies ``MAX_QUICK_DEATHS`` times within seconds of its start is not a child that will live: everything is
    stopped and the exit code says so. ``when_ready`` is called once, as soon as ``is_ready`` says so.
    """

    children: list[Child]
    is_ready: Callable[[], bool] = lambda: True
    when_ready: Callable[[], object] = lambda: None
    is_asked_to_stop: bool = field(default=False, init=False)

    def run(self) -> int:
        """Runs until Ctrl-C, SIGTERM or the terminal is closed; answers the exit code."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask_to_stop)
        try:
            for child in self.children:
                _do_start(child)
            is_said = False
            while not self.is_asked_to_stop:
                if not is_said and self.is_ready():
                    is_said = True
                    self.when_ready()
                if not all(self._is_well(child) for child in self.children):
                    return 1
                time.sleep(LOOK_EVERY)
            return 0
        finally:
            do_stop_all(self.children)

    def _ask_to_stop(self, sign: int, frame: FrameType | None) -> None:
        self.is_asked_to_stop = True

    def _is_well(self, child: Child) -> bool:
        """Looks after one child; False when there is no point in going on."""
        if child.process is None or child.process.poll() is None:
            return True
        lived = time.monotonic() - child.started_at
        child.quick_deaths = child.quick_deaths + 1 if lived < QUICK_DEATH else 0
        log.error("process ended", name=child.name, code=child.process.returncode)
        if child.quick_deaths >= MAX_QUICK_DEATHS:
            sys.stderr.write(f"qunying: {child.name} does not stay up; its last words are above\n")
            return False
        _do_start(child)
        return True


def _do_start(child: Child) -> None:
    """In a process group of its own, so that Ctrl-C in the terminal reaches only us and we end the whole family.

    Its standard input closes when we are gone, even killed: see ``leash``.
    """
    command = list(child.command)
    child.process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - our own
    child.started_at = time.monotonic()


def do_stop_all(children: Sequence[Child]) -> None:
    """Asks every family to end, and ends those that do not within ``STOP_WITHIN`` seconds."""
    for child in children:
        _do_signal(child, signal.SIGTERM)
    ends_at = time.monotonic() + STOP_WITHIN
    for child in children:
        if child.process is not None:
            try:
                child.process.wait(max(0.1, ends_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("did not stop in time", name=child.name)
    for child in children:
        _do_signal(child, signal.SIGKILL)


def _do_signal(child: Child, sign: signal.Signals) -> None:
    """To the whole family: a web server's own workers may outlive their parent."""
    if child.process is not None:
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, sign)

"""Runs a command and measures it from outside: seconds, processor seconds, memory over time."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.1  # seconds between two looks at the memory
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took. ``memory`` are megabytes, looked at in equal distances from start to end."""

    seconds: float
    cpu_seconds: float
    memory: tuple[float, ...]

    @property
    def peak_mb(self) -> float:
        """The most memory it held."""
        return max(self.memory, default=0.0)

    @property
    def growth(self) -> float:
        """Memory in the last fifth of the time by memory in the second fifth: about 1 where it is flat."""
        fifth = max(1, len(self.memory) // 5)
        return statistics.median(self.memory[-fifth:]) / statistics.median(self.memory[fifth : 2 * fifth] or [1.0])


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Runs it to its end. Raises ``RuntimeError`` with what it said where it fails."""
    before, began = os.times(), time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        given = {**os.environ, **(environment or {})}
        with subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=errors) as process:
            memory = _watch(process)
        errors.seek(0)
        said = errors.read()
    seconds, after = time.monotonic() - began, os.times()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}… ended with {process.returncode}: {said[-500:]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(seconds, used, tuple(memory))


def _watch(process: subprocess.Popen[bytes]) -> list[float]:
    """The resident memory until the process ends."""
    found = []
    while process.poll() is None:
        found.append(_resident_mb(process.pid))
        time.sleep(EVERY)
    return [megabytes for megabytes in found if megabytes]


def _resident_mb(pid: int) -> float:
    """Of the process and of those that it began."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE_MB
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except (OSError, IndexError):
        return 0.0
    return own + sum(_resident_mb(int(child)) for child in children)

"""A Python process beside this one, and the parcels that go through its pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import IO

_LENGTH = 8  # bytes of the number in front of every parcel


def start_beside(module: str, *options: str) -> subprocess.Popen[bytes]:
    """``python -m module`` as this process would run it, with pipes to its standard input and output."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", module, *options]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603 - ourselves


def send_parcel(stream: IO[bytes] | None, packed: bytes) -> None:
    """Sends it at once. Raises ``OSError`` where nobody listens."""
    assert stream is not None  # a pipe
    stream.write(len(packed).to_bytes(_LENGTH, "big") + packed)
    stream.flush()


def receive_parcel(stream: IO[bytes] | None) -> bytes | None:
    """The next parcel, waited for; None where the other side has gone, or went in the middle of one."""
    assert stream is not None  # a pipe
    length = int.from_bytes(stream.read(_LENGTH), "big")
    packed = stream.read(length)
    return packed if length and len(packed) == length else None

"""Reads many texts in processes of their own, for a past that is read at once: one core would take twice as long.

Each process is told texts on its standard input and answers on its standard output, one slice after the other; it ends as
soon as nobody asks any more, however the other side ended.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from typing import IO, Any

from qunying.judgement.judge import read_all
from qunying.judgement.learning import Learnt, Lesson, learn
from qunying.kernel.readings import Reading

READERS = min(2, os.cpu_count() or 1)
MODESTY = 10  # what happens now goes before what happened once
_LENGTH = 8  # bytes of the number in front of every parcel

Slice = tuple[Sequence[str], Sequence[Lesson]]


def read_beside(slices: Iterable[Slice], readers: int = READERS) -> Iterator[list[Reading]]:
    """The readings of every slice of texts with the lessons of their community, in order.

    At most ``readers`` slices are taken before the first is answered.
    Raises ``OSError`` where a process was killed.
    """
    with ExitStack() as stack:
        idle, busy = deque[subprocess.Popen[bytes]](), deque[subprocess.Popen[bytes]]()
        for _ in range(readers):
            idle.append(stack.enter_context(_reader()))
            stack.callback(idle[-1].kill)
        for texts, lessons in slices:
            if not idle:
                yield _answer(busy, idle)
            reader = idle.popleft()
            _send(reader.stdin, (list(texts), tuple(lessons)))
            busy.append(reader)
        while busy:
            yield _answer(busy, idle)


def _reader() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", __name__]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603 - ourselves


def _answer(busy: deque[subprocess.Popen[bytes]], idle: deque[subprocess.Popen[bytes]]) -> list[Reading]:
    reader = busy.popleft()
    found = _receive(reader.stdout)
    idle.append(reader)
    if found is None:
        raise OSError("a reading process was killed")
    return [Reading(*one) for one in found]


def _send(stream: IO[bytes] | None, parcel: object) -> None:
    assert stream is not None  # a pipe
    packed = pickle.dumps(parcel, pickle.HIGHEST_PROTOCOL)
    stream.write(len(packed).to_bytes(_LENGTH, "big") + packed)
    stream.flush()


def _receive(stream: IO[bytes] | None) -> Any | None:
    assert stream is not None  # a pipe
    length = int.from_bytes(stream.read(_LENGTH), "big")
    packed = stream.read(length)
    if not length or len(packed) < length:
        return None
    return pickle.loads(packed)  # noqa: S301 - our own


@lru_cache(maxsize=4)
def _learnt(lessons: tuple[Lesson, ...]) -> Learnt | None:
    """Slice after slice is of one community: what it learnt is worked out once."""
    return learn(lessons) if lessons else None


def main() -> None:
    """The reading process. An interruption is for the other side to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.nice(MODESTY)
    while (parcel := _receive(sys.stdin.buffer)) is not None:
        texts, lessons = parcel
        readings = read_all(texts, _learnt(lessons))
        _send(sys.stdout.buffer, [(one.scores, one.holds, one.judge) for one in readings])


if __name__ == "__main__":
    main()

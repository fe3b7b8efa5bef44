"""Reads many texts in processes of their own: a past that is read at once, and what comes in while the rest of it is done.

Each process is told texts on its standard input and answers on its standard output, one slice after the other; it ends as
soon as nobody asks any more, however the other side ended.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from typing import IO, Any

from qunying.judgement.judge import read_all
from qunying.judgement.learning import Learnt, Lesson, learn
from qunying.kernel.beside import receive_parcel, send_parcel, start_beside
from qunying.kernel.readings import Reading

READERS = min(2, os.cpu_count() or 1)
NAME = "qunying.judgement.beside"
LIVE = "--live"
MODESTY = 10  # what happens now goes before what happened once

Slice = tuple[Sequence[str], Sequence[Lesson]]


def read_beside(slices: Iterable[Slice], readers: int = READERS) -> Iterator[list[Reading]]:
    """The readings of every slice of texts with the lessons of their community, in order.

    At most ``readers`` slices are taken before the first is answered.
    Raises ``OSError`` where a process was killed.
    """
    with ExitStack() as stack:
        idle, busy = deque[subprocess.Popen[bytes]](), deque[subprocess.Popen[bytes]]()
        for _ in range(readers):
            idle.append(stack.enter_context(start_beside(NAME)))
            stack.callback(idle[-1].kill)
        for texts, lessons in slices:
            if not idle:
                yield _answer(busy, idle)
            reader = idle.popleft()
            _send(reader.stdin, (list(texts), tuple(lessons)))
            busy.append(reader)
        while busy:
            yield _answer(busy, idle)


class Colleague:
    """A process that reads while whoever asked it does something else; for one thread.

    Nobody waits for it to be there: until it is ready, and when it has gone, whoever wants something read does it alone.
    """

    def __init__(self) -> None:
        self._process = start_beside(NAME, LIVE)
        self._is_ready = False
        self._owes = 0
        self._asked = 0

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def begin(self, texts: Sequence[str]) -> Callable[[], list[Reading]] | None:
        """Begins to read, and answers what waits for the readings; None where it is not ready or has gone."""
        try:
            if not self._ready():
                return None
            while self._owes:  # what somebody asked and did not wait for
                self._take()
            _send(self._process.stdin, (list(texts), ()))
        except (OSError, ValueError):
            return None
        self._owes += 1
        self._asked += 1
        number = self._asked
        return lambda: self._finish(number, texts)

    def end(self) -> None:
        """Lets it go; once is enough, and it goes by itself when its owner does."""
        self._process.kill()
        with self._process:
            pass

    def _ready(self) -> bool:
        stdout = self._process.stdout
        assert stdout is not None  # a pipe
        if not self._is_ready and select.select([stdout], [], [], 0)[0]:
            self._is_ready = _receive(stdout) is not None
        return self._is_ready and self._process.poll() is None

    def _take(self) -> list[Any] | None:
        self._owes -= 1
        return _receive(self._process.stdout)

    def _finish(self, number: int, texts: Sequence[str]) -> list[Reading]:
        found = self._take() if number == self._asked and self._owes else None  # else its answer was thrown away
        return read_all(texts) if found is None else [Reading(*one) for one in found]


def _answer(busy: deque[subprocess.Popen[bytes]], idle: deque[subprocess.Popen[bytes]]) -> list[Reading]:
    reader = busy.popleft()
    found = _receive(reader.stdout)
    idle.append(reader)
    if found is None:
        raise OSError("a reading process was killed")
    return [Reading(*one) for one in found]


def _send(stream: IO[bytes] | None, parcel: object) -> None:
    send_parcel(stream, pickle.dumps(parcel, pickle.HIGHEST_PROTOCOL))


def _receive(stream: IO[bytes] | None) -> Any | None:
    packed = receive_parcel(stream)
    return None if packed is None else pickle.loads(packed)  # noqa: S301 - our own


@lru_cache(maxsize=4)
def _learnt(lessons: tuple[Lesson, ...]) -> Learnt | None:
    """Slice after slice is of one community: what it learnt is worked out once."""
    return learn(lessons) if lessons else None


def main() -> None:
    """The reading process. An interruption is for the other side to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if LIVE in sys.argv:
        read_all(["早", "morning"])
        _send(sys.stdout.buffer, [])
    else:
        os.nice(MODESTY)
    while (parcel := _receive(sys.stdin.buffer)) is not None:
        texts, lessons = parcel
        readings = read_all(texts, _learnt(lessons))
        _send(sys.stdout.buffer, [(one.scores, one.holds, one.judge) for one in readings])


if __name__ == "__main__":
    main()

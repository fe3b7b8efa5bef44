"""Reads the past in a process of its own, and works out there what can be told of every text by itself, while the story is told
in this one."""

from __future__ import annotations

import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from typing import IO, Any, NamedTuple

import django

from qunying.kernel.beside import receive_parcel, send_parcel, start_beside
from qunying.kernel.readings import Reading
from qunying.kernel.scene import GroupScene, Scene

NAME = "qunying.pipeline.rehearsal.beside"
TOGETHER = 2_000  # messages of a parcel


class Wanted(NamedTuple):
    """Whose past is wanted, for which rule."""

    capability: str
    settings: Mapping[str, Any]
    group_ids: Sequence[int]
    since: datetime
    until: datetime


def read_beside(wanted: Wanted, heed: Callable[[Any], None]) -> Iterator[Any]:
    """What was said, as ``past.list_said`` has it; before each part of it ``heed`` is told what was worked out about that part.

    Raises ``OSError`` where the other process was killed or failed.
    """
    with ExitStack() as stack:
        process = stack.enter_context(start_beside(NAME))
        stack.callback(process.kill)
        send_parcel(process.stdin, pickle.dumps(wanted, pickle.HIGHEST_PROTOCOL))
        yield from read_parcels(process.stdout, heed)


def read_parcels(stream: IO[bytes] | None, heed: Callable[[Any], None]) -> Iterator[Any]:
    """What the other side sent, to its end. Raises ``OSError`` where it ended before that."""
    from qunying.pipeline.rehearsal.past import Looked, Said
    from qunying.talk.past import PastLine

    while (packed := receive_parcel(stream)) is not None:
        said, ahead = pickle.loads(packed)  # noqa: S301 - our own
        if not said:
            return
        heed(ahead)
        for line, reading, is_anew, looked in said:
            shown = Looked(looked[0], looked[1], Reading(*looked[2])) if looked else None
            yield Said(PastLine._make(line), Reading(*reading), is_anew, shown)
    raise OSError("the process that read the past has gone")


def tell_parcels(wanted: Wanted) -> Iterator[bytes]:
    """Everything that is wanted, and an empty parcel behind it."""
    from qunying.pipeline.rehearsal.past import list_said
    from qunying.pipeline.rehearsal.rule import Rule, scenes_for
    from qunying.pipeline.roster import ROSTER

    capability = next(one for one in ROSTER if one.name == wanted.capability)
    scenes: dict[int, GroupScene] = scenes_for(Rule(capability, "", wanted.settings), wanted.group_ids)
    memory = capability.brief((), Scene(scenes, {}))
    said = list_said(scenes, wanted.since, wanted.until)
    while some := list(islice(said, TOGETHER)):
        ahead = capability.look_ahead(memory, [(one.line.group_id, one.line.text) for one in some])
        yield _packed((list(map(_plain, some)), ahead))
    yield _packed(([], None))


def _plain(one: Any) -> tuple[object, ...]:
    """Plain tuples are packed in half the time."""
    looked = (one.looked.at, one.looked.words, _plain_reading(one.looked.reading)) if one.looked else None
    return tuple(one.line), _plain_reading(one.reading), one.is_anew, looked


def _plain_reading(reading: Reading) -> tuple[object, ...]:
    return reading.scores, reading.holds, reading.judge


def _packed(parcel: object) -> bytes:
    return pickle.dumps(parcel, pickle.HIGHEST_PROTOCOL)


def main() -> None:
    """The reading process. An interruption is for the other side to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    django.setup()
    wanted = receive_parcel(sys.stdin.buffer)
    if wanted is not None:
        _send_all(sys.stdout.buffer, tell_parcels(pickle.loads(wanted)))  # noqa: S301 - our own


def _send_all(stream: IO[bytes], parcels: Iterable[bytes]) -> None:
    for packed in parcels:
        send_parcel(stream, packed)


if __name__ == "__main__":
    main()

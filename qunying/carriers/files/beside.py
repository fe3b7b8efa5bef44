"""Reads a large export in a process of its own, one batch ahead of whoever keeps the records: reading is a quarter of the
work of an import, and a second core would otherwise have none.

The two talk through pipes. The reader ends as soon as nobody listens any more, however the other side ended.
"""

from __future__ import annotations

import pickle
import signal
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from operator import attrgetter
from typing import IO, Any

from qunying.kernel.beside import receive_parcel, send_parcel, start_beside

from .discovery import Job, read_job
from .formats import Choices
from .records import PastMessage, PersonRef, Record

LARGE = 8 * 2**20  # bytes; a smaller export is read before another process has begun
NAME = "qunying.carriers.files.beside"

Batch = tuple[list[Record], int]  # with how many bytes of the export were read until then
Parcel = tuple[list[Any], list[PersonRef], int] | Exception | None  # None: that was all

_FIELDS = tuple(PastMessage.__dataclass_fields__)
_values = attrgetter(*_FIELDS)


@contextmanager
def read_in_batches(job: Job, choices: Choices, size: int) -> Iterator[Iterator[Batch]]:
    """The records of a job in batches of ``size``, always cut at the same places.

    Raises what reading raises, and ``OSError`` where the reading process was killed.
    """
    batches = _here(job, choices, size) if job.size < LARGE else _beside(job, choices, size)
    with closing(batches):
        yield batches


def _here(job: Job, choices: Choices, size: int) -> Generator[Batch, None, None]:
    records = read_job(job, choices)
    while batch := list(islice(records, size)):
        yield batch, job.position


def _beside(job: Job, choices: Choices, size: int) -> Generator[Batch, None, None]:
    with start_beside(NAME) as reader:
        try:
            assert reader.stdin is not None and reader.stdout is not None  # noqa: PT018 - both are pipes
            pickle.dump((job, choices, size), reader.stdin)
            reader.stdin.close()
            yield from _arriving(reader.stdout)
        finally:
            reader.kill()


def _arriving(stream: IO[bytes]) -> Iterator[Batch]:
    people: list[PersonRef] = []
    while (parcel := _next(stream)) is not None:
        if isinstance(parcel, Exception):
            raise parcel
        rows, met, position = parcel
        people += met
        yield [_unpacked(row, people) if type(row) is tuple else row for row in rows], position


def _next(stream: IO[bytes]) -> Parcel:
    packed = receive_parcel(stream)
    if packed is None:
        return OSError("the reading process was killed")
    parcel: Parcel = pickle.loads(packed)  # noqa: S301 - our own
    return parcel


def _unpacked(row: tuple[Any, ...], people: Sequence[PersonRef]) -> PastMessage:
    number, *rest = row
    message = PastMessage(*rest)
    message.sender = None if number is None else people[number]
    return message


def _packed(batch: Iterable[Record], people: dict[PersonRef, int]) -> list[Any]:
    """Messages as plain tuples, and of each sender the number: records as they are take three times as long to carry over."""
    rows: list[Any] = []
    for record in batch:
        if isinstance(record, PastMessage):
            number = None if record.sender is None else people.setdefault(record.sender, len(people))
            record.sender = None
            rows.append((number, *_values(record)))
        else:
            rows.append(record)
    return rows


def _parcels(job: Job, choices: Choices, size: int) -> Iterator[Parcel]:
    people: dict[PersonRef, int] = {}
    try:
        for batch, position in _here(job, choices, size):
            known = len(people)
            rows = _packed(batch, people)
            yield rows, list(islice(people, known, None)), position
    except Exception as error:  # noqa: BLE001 - goes_together it is, the other side raises it
        yield error
    else:
        yield None


def _packed_parcel(parcel: Parcel) -> bytes:
    try:
        return pickle.dumps(parcel, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError):
        return pickle.dumps(OSError(f"{parcel}"))


def main() -> None:
    """The reading process: told on standard input what to read. An interruption is for the other side to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    job, choices, size = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own
    with sys.stdout.buffer as out:
        for parcel in _parcels(job, choices, size):
            send_parcel(out, _packed_parcel(parcel))


if __name__ == "__main__":
    main()

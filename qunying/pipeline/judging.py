"""Readings: what each message is, in the eyes of the judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from os import cpu_count, getpid
from typing import TypeGuard

from qunying.judgement.beside import Colleague
from qunying.judgement.judge import read_all
from qunying.kernel.events import Event, MessageEdited, MessageReceived
from qunying.kernel.readings import Reading
from qunying.talk.readings import is_readable

MANY = 50  # messages; for fewer no process is begun beside


class Readings(Mapping[str, Reading]):
    """The reading of every message with words of a member, by event key; waited for when the first one is asked for."""

    def __init__(self, keys: Sequence[str], wait: Callable[[], list[Reading]]) -> None:
        self._keys, self._wait = keys, wait

    def __getitem__(self, key: str) -> Reading:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    @cached_property
    def _found(self) -> dict[str, Reading]:
        return dict(zip(self._keys, self._wait(), strict=True))


def judge(events: Sequence[Event]) -> Readings:
    """What the judges say; the same for one event as for many. Of many, a second core reads while the first goes on."""
    said = [event for event in events if _is_readable(event)]
    texts = [event.text for event in said]
    begun = _colleague(getpid()).begin(texts) if len(texts) >= MANY and (cpu_count() or 1) > 1 else None
    return Readings([event.key for event in said], begun or (lambda: read_all(texts)))


@cache
def _colleague(process: int) -> Colleague:
    """One per process, begun when there first is much to read."""
    return Colleague()


def _is_readable(event: Event) -> TypeGuard[MessageReceived | MessageEdited]:
    if isinstance(event, MessageReceived):
        return is_readable(event.text, event.kind, is_own=event.is_own)
    return isinstance(event, MessageEdited) and is_readable(event.text, "text", is_own=False)

"""Readings: what each message is, in the eyes of the judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from os import cpu_count, getpid
from threading import current_thread, main_thread
from typing import TypeGuard

from qunying.judgement.beside import Colleague
from qunying.judgement.judge import read_all
from qunying.judgement.learning import Learnt
from qunying.kernel.events import Event, MessageEdited, MessageReceived, PictureRead
from qunying.kernel.readings import Reading
from qunying.talk.learning import learnt_of
from qunying.talk.readings import is_readable

Wait = Callable[[], list[Reading]]
MANY = 50  # messages; for fewer no process is begun beside


class Readings(Mapping[str, Reading]):
    """The reading of every message with words of a member, by event key; waited for when the first one is asked for."""

    def __init__(self, parts: Sequence[tuple[Sequence[str], Wait]]) -> None:
        self._parts = parts

    def __getitem__(self, key: str) -> Reading:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter([key for keys, _ in self._parts for key in keys])

    def __len__(self) -> int:
        return sum(len(keys) for keys, _ in self._parts)

    @cached_property
    def _found(self) -> dict[str, Reading]:
        return {key: one for keys, wait in self._parts for key, one in zip(keys, wait(), strict=True)}


def learnt_for(events: Sequence[Event]) -> Mapping[int, Learnt]:
    """What the corrections of every community come to whose members say something here; one query, none if nobody does."""
    return learnt_of({event.community_id for event in events if _is_readable(event)})


def judge(events: Sequence[Event], learnt: Mapping[int, Learnt]) -> Readings:
    """What the judges say; pure, and the same for one event as for many. Of many, a second core reads while the first goes on.

    What was learnt in a community, by its id, is heeded there and nowhere else.
    """
    said: dict[int | None, list[MessageReceived | MessageEdited | PictureRead]] = defaultdict(list)
    for event in events:
        if _is_readable(event):
            said[event.community_id if event.community_id in learnt else None].append(event)
    return Readings(
        [
            ([event.key for event in of], _begin([event.text for event in of], learnt.get(home or 0)))
            for home, of in said.items()
        ]
    )


def _begin(texts: Sequence[str], learnt: Learnt | None) -> Wait:
    """What waits for the readings of these texts, begun beside where they are many and nothing was taught."""
    is_worth_it = not learnt and len(texts) >= MANY and (cpu_count() or 1) > 1 and current_thread() is main_thread()
    begun = _colleague(getpid()).begin(texts) if is_worth_it else None
    return begun or (lambda: read_all(texts, learnt))


@cache
def _colleague(process: int) -> Colleague:
    """One per process, for its main thread as workers have it; begun when there first is much to read."""
    return Colleague()


def _is_readable(event: Event) -> TypeGuard[MessageReceived | MessageEdited | PictureRead]:
    if isinstance(event, MessageReceived):
        return is_readable(event.text, event.kind, is_own=event.is_own)
    return isinstance(event, MessageEdited | PictureRead) and is_readable(event.text, "text", is_own=False)

"""Readings: what each message is, in the eyes of the judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeGuard

from qunying.judgement.judge import read_all
from qunying.judgement.learning import Learnt
from qunying.kernel.events import Event, MessageEdited, MessageReceived
from qunying.kernel.readings import Reading
from qunying.talk.learning import learnt_of
from qunying.talk.readings import is_readable

Readings = dict[str, Reading]


def learnt_for(events: Sequence[Event]) -> Mapping[int, Learnt]:
    """What the corrections of every community come to whose members say something here; one query, none if nobody does."""
    return learnt_of({event.community_id for event in events if _is_readable(event)})


def judge(events: Sequence[Event], learnt: Mapping[int, Learnt]) -> Readings:
    """The reading of every message with words of a member, by event key; pure, and the same for one as for many.

    What was learnt in a community, by its id, is heeded there and nowhere else.
    """
    said: dict[int | None, list[MessageReceived | MessageEdited]] = defaultdict(list)
    for event in events:
        if _is_readable(event):
            said[event.community_id if event.community_id in learnt else None].append(event)
    readings: Readings = {}
    for home, of in said.items():
        found = read_all([event.text for event in of], learnt[home] if home is not None else None)
        readings.update(zip((event.key for event in of), found, strict=True))
    return readings


def _is_readable(event: Event) -> TypeGuard[MessageReceived | MessageEdited]:
    if isinstance(event, MessageReceived):
        return is_readable(event.text, event.kind, is_own=event.is_own)
    return isinstance(event, MessageEdited) and is_readable(event.text, "text", is_own=False)

"""Readings: what each message is, in the eyes of the judges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from qunying.judgement.judge import read_all
from qunying.kernel.events import Event, MessageEdited, MessageReceived
from qunying.kernel.readings import Reading
from qunying.talk.readings import is_readable

Readings = dict[str, Reading]


def judge(events: Sequence[Event]) -> Readings:
    """The reading of every message with words of a member, by event key; pure, and the same for one as for many."""
    said = [event for event in events if _is_readable(event)]
    readings = read_all([event.text for event in said])
    return {event.key: reading for event, reading in zip(said, readings, strict=True)}


def _is_readable(event: Event) -> TypeGuard[MessageReceived | MessageEdited]:
    if isinstance(event, MessageReceived):
        return is_readable(event.text, event.kind, is_own=event.is_own)
    return isinstance(event, MessageEdited) and is_readable(event.text, "text", is_own=False)

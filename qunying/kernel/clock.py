"""The only place that reads the wall clock. Drills and tests set a virtual time for everything below them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_virtual: ContextVar[datetime | None] = ContextVar("virtual_time", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; inside ``at`` the moment given there."""
    return _virtual.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block ``now()`` answers this (aware) moment."""
    token = _virtual.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _virtual.reset(token)

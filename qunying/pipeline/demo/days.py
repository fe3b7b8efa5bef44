"""The world's days as arrivals, each written once: the live demo looks every two seconds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from qunying.carriers.base import Arrival
from qunying.carriers.sandbox.demo.days import day_of
from qunying.carriers.sandbox.demo.folk import World

ZONE = ZoneInfo("Asia/Shanghai")
INSTANT = timedelta(microseconds=1)


def midnight(day: date) -> datetime:
    """When a day of the world begins."""
    return datetime.combine(day, time(), ZONE)


def arrivals_between(world: World, since: datetime, until: datetime) -> list[Arrival]:
    """What happens in the world in [since, until), in order of time."""
    first, last = since.astimezone(ZONE).date(), (until - INSTANT).astimezone(ZONE).date()
    return [one for day in _days(first, last) for one in _between(arrivals_of(world, day), since, until)]


@lru_cache(maxsize=2)
def arrivals_of(world: World, day: date) -> Sequence[Arrival]:
    """Everything the world's groups send on that day, in order of time. A world is one object: kept by identity."""
    arrivals = [_arrival(payload) for group in world.groups for payload in day_of(world, group, day)]
    return sorted(arrivals, key=_when)


def _between(arrivals: Sequence[Arrival], since: datetime, until: datetime) -> Sequence[Arrival]:
    return arrivals[bisect_left(arrivals, since, key=_when) : bisect_left(arrivals, until, key=_when)]


def _when(arrival: Arrival) -> datetime:
    return arrival.at


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _arrival(payload: dict[str, object]) -> Arrival:
    return Arrival(
        key=str(payload["ref"]),
        at=datetime.fromisoformat(str(payload["at"])),
        payload=payload,
        group_ref=str(payload["group"]),
    )

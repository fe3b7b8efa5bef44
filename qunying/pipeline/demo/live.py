"""Lets the demo world go on: what happened there since the last look is put on the sandbox platform's feed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import transaction

from qunying.carriers.sandbox.demo.folk import World
from qunying.carriers.sandbox.demo.world import make_world
from qunying.carriers.sandbox.room import do_replay
from qunying.carriers.sandbox.worlds import do_mark_told, find_world
from qunying.kernel import clock
from qunying.pipeline import loops
from qunying.pipeline.demo.build import Watch
from qunying.pipeline.demo.days import arrivals_between

SLOT = timedelta(minutes=10)
LONGEST_GAP = timedelta(hours=48)


def step(now: datetime) -> int:
    """Tells the platform what happened in the world up to ``now``; answers how many things that were."""
    played = find_world()
    if played is None or played.told_until >= now:
        return 0
    since = max(played.told_until, now - LONGEST_GAP)  # after a long sleep nobody wants a month at once
    world = _world(played.seed, played.groups, played.anchor, played.history_days)
    arrivals = arrivals_between(world, since, now)
    with transaction.atomic():
        do_replay([dict(one.payload) for one in arrivals])
        do_mark_told(now)
    return len(arrivals)


@lru_cache(maxsize=1)
def _world(seed: int, groups: int, anchor: date, history_days: int) -> World:
    return make_world(seed, groups, anchor=anchor, history_days=history_days)


def do_catch_up(now: datetime, watch: Watch = lambda done, total: None) -> None:
    """Tells the hours since the world was last told, slot by slot in virtual time, as if the machine had been awake."""
    played = find_world()
    if played is None:
        return
    moment = max(played.told_until, now - LONGEST_GAP)
    total = max(1, int((now - moment) / SLOT))
    for number in range(total + 1):
        moment = min(moment + SLOT, now)
        _do_live_through(moment)
        watch(number, total)


def _do_live_through(moment: datetime) -> None:
    """One slot; at night there is often nothing to do in it."""
    with clock.at(moment):
        due = loops.next_due_after(moment - SLOT)
        if step(moment) or (due is not None and due <= moment):
            while loops.step(moment):
                pass

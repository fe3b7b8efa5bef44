"""Notices when the process that holds the lines is gone: then nobody says of any account that it is away."""

from __future__ import annotations

from datetime import datetime, timedelta

from qunying.carriers.wire import lines, switchboard
from qunying.carriers.wire.models import Line
from qunying.kernel.texts import mark

HELD_WITHIN = timedelta(seconds=10)
GONE_AFTER = timedelta(seconds=60)  # after as long asleep it starts all its lines anew itself
GONE = mark("线路进程没有在跑")


def is_held(now: datetime) -> bool:
    """Whether the process that holds the lines is at work."""
    seen_at = switchboard.find_seen_at()
    return seen_at is not None and now - seen_at <= HELD_WITHIN


def step(now: datetime) -> int:
    """Accounts whose process has been gone for ``GONE_AFTER`` are away; answers how many that was."""
    seen_at = switchboard.find_seen_at()
    if seen_at is None or now - seen_at <= GONE_AFTER:
        return 0
    there = list(Line.objects.filter(state=lines.ONLINE, is_paused=False).order_by("id").values_list("pk", flat=True))
    for line_id in there:
        lines.do_mark(line_id, lines.OFFLINE, GONE, at=now)
    return len(there)

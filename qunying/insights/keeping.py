"""The lake's loops, as steps: every minute or so, and every night."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qunying.insights.days import do_count_new, do_count_shown
from qunying.insights.lake import compact, flush, is_due
from qunying.insights.models import Part


def step(now: datetime, folder: Path) -> int:
    """Flushes when it is due and counts the days that changed; answers how many rows went into the lake."""
    if not is_due(now):
        return 0
    return catch_up(now, folder)


def catch_up(now: datetime, folder: Path) -> int:
    """Flushes and counts at once, due or not: after an import, and when somebody asks for it."""
    done = flush(now, folder)
    do_count_new(now)
    return done.messages + done.versions + done.events


def nightly(now: datetime, folder: Path) -> int:
    """Merges and sweeps files, and counts the shown weeks anew; answers how many files were merged."""
    merged = compact(now, folder)
    do_count_shown(Part.objects.values_list("community_id", flat=True).distinct(), now)
    return merged

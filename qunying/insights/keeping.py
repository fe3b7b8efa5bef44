"""The lake's loops, as steps: every minute or so, and every night."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qunying.insights.answers import are_answers_old, do_count_answers
from qunying.insights.days import do_count_new, do_count_shown
from qunying.insights.figures import are_figures_old, do_count_figures
from qunying.insights.kpis.keeping import do_count_boards, do_count_boards_ahead
from qunying.insights.lake import compact, flush, is_due
from qunying.insights.models import Part
from qunying.insights.seats import do_note_seats


def step(now: datetime, folder: Path) -> int:
    """Flushes when it is due and counts what changed, also by a day having passed; answers how many rows went into the lake."""
    done = 0
    if is_due(now):
        done = catch_up(now, folder)
    elif are_figures_old(now) or are_answers_old(now):
        do_count_figures(now)
        do_count_answers(now)
        do_count_boards(now)
    do_count_boards_ahead(now)
    return done


def catch_up(now: datetime, folder: Path) -> int:
    """Flushes, counts and notes who sits where, due or not: after an import, and when somebody asks for it."""
    done = flush(now, folder)
    do_count_new(now)
    do_note_seats(now, folder)
    do_count_figures(now)
    do_count_answers(now)
    do_count_boards(now)
    return done.messages + done.versions + done.events + done.deeds


def nightly(now: datetime, folder: Path) -> int:
    """Merges and sweeps files, and counts the shown weeks and figures anew; answers how many files were merged."""
    merged = compact(now, folder)
    do_count_shown(Part.objects.values_list("community_id", flat=True).distinct(), now)
    do_count_figures(now)
    return merged

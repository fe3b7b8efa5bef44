"""Boards counted before somebody looks: those looked at lately about every hour, those of large communities once a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from qunying.communities.queries import CountedHome, list_counted_groups, list_counted_homes, list_large_communities
from qunying.communities.queries_chain import list_links
from qunying.insights.kpis.board import KEPT_FOR, SPAN_DAYS, do_count_board, is_true
from qunying.insights.models import Board
from qunying.insights.world import FEW_GROUPS

FORGOTTEN_AFTER = timedelta(days=7)
AT_ONCE = 20


def do_count_boards(now: datetime) -> int:
    """Counts anew the boards somebody looked at during the last week and that are an hour old; answers how many."""
    Board.objects.filter(asked_at__lt=now - FORGOTTEN_AFTER).delete()
    old = Board.objects.filter(asked_at__isnull=False, counted_at__lt=now - KEPT_FOR).order_by("counted_at")
    wanted = list(old.values_list("community_id", "days")[:AT_ONCE])
    homes = {home.id: home for home in list_counted_homes([community_id for community_id, _ in wanted])}
    return _do_count([(homes[community_id], days) for community_id, days in wanted if community_id in homes], now)


def do_count_boards_ahead(now: datetime) -> int:
    """Counts the first boards of the day of communities so large that nobody should wait for it; answers how many."""
    homes = list_counted_homes(list_large_communities(FEW_GROUPS))
    boards = Board.objects.filter(days__in=SPAN_DAYS, community_id__in=[home.id for home in homes])
    kept = {(row.community_id, row.days): row for row in boards}
    wanted = [(home, days) for days in SPAN_DAYS for home in homes]
    missing = [one for one in wanted if not _is_there(kept.get((one[0].id, one[1])), one[0], now)]
    return _do_count(missing[:AT_ONCE], now)


def _is_there(row: Board | None, home: CountedHome, now: datetime) -> bool:
    return row is not None and is_true(row, home, now)


def _do_count(wanted: Sequence[tuple[CountedHome, int]], now: datetime) -> int:
    for home, days in wanted:
        groups = list_counted_groups(community_ids=[home.id])
        do_count_board(home, groups, list_links(home.id), days, now)
    return len(wanted)

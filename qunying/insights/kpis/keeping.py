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
    boards = Board.objects.filter(days=SPAN_DAYS[0], community_id__in=[home.id for home in homes])
    kept = {row.community_id: row for row in boards}
    missing = [home for home in homes if home.id not in kept or not is_true(kept[home.id], home, now)]
    return _do_count([(home, SPAN_DAYS[0]) for home in missing[:AT_ONCE]], now)


def _do_count(wanted: Sequence[tuple[CountedHome, int]], now: datetime) -> int:
    for home, days in wanted:
        groups = list_counted_groups(community_ids=[home.id])
        do_count_board(home, groups, list_links(home.id), days, now)
    return len(wanted)

"""How much waits for people, for the counts in the navigation: a few cheap questions, asked on every page."""

from __future__ import annotations

from qunying.communities.access import Reach
from qunying.communities.queries import count_groups_of
from qunying.desk.queries import QueueWish, count_open_cases, count_open_tasks, count_queue
from qunying.intake.queries import count_failed_envelopes
from qunying.kernel import clock


def count_waiting_for_people(reach: Reach) -> tuple[int, int]:
    """Cases to judge and tasks to do, within somebody's reach."""
    ids = reach.ids
    return count_open_cases(ids), count_open_tasks(ids)


def count_to_decide(reach: Reach, user_id: int) -> int:
    """Cases that somebody who reaches so far may decide, without what they gave to others."""
    return 0 if reach.is_nowhere else count_queue(QueueWish(reach.ids, user_id, clock.now()))


def count_groups(reach: Reach) -> int:
    """Groups within somebody's reach."""
    return count_groups_of(reach.ids)


def count_failed(reach: Reach) -> int:
    """Envelopes within somebody's reach that could not be told and wait for a look."""
    return count_failed_envelopes(reach.ids)

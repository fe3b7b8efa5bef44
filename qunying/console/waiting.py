"""How much waits for people, for the counts in the navigation: a few cheap questions, asked on every page."""

from __future__ import annotations

from qunying.communities.access import Reach
from qunying.communities.queries import count_groups_of
from qunying.desk.queries import count_open_cases, count_open_tasks
from qunying.intake.queries import count_failed_envelopes


def count_waiting_for_people(reach: Reach) -> tuple[int, int]:
    """Cases to judge and tasks to do, within somebody's reach."""
    ids = reach.ids
    return count_open_cases(ids), count_open_tasks(ids)


def count_groups(reach: Reach) -> int:
    """Groups within somebody's reach."""
    return count_groups_of(reach.ids)


def count_failed(reach: Reach) -> int:
    """Envelopes within somebody's reach that could not be told and wait for a look."""
    return count_failed_envelopes(reach.ids)

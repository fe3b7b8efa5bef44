"""How much waits for people, for the counts in the navigation: a few cheap questions, asked on every page."""

from __future__ import annotations

from dataclasses import dataclass

from qunying.communities.access import Reach
from qunying.communities.queries import count_groups_of
from qunying.desk.queries import QueueWish, count_open_and_queued, count_open_tasks
from qunying.intake.queries import count_failed_envelopes
from qunying.kernel import clock


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases and tasks that somebody may see, and those of the cases that they may decide and did not give to others."""

    cases: int
    tasks: int
    to_decide: int


def count_waiting_for_people(reach: Reach, decides: Reach, user_id: int) -> Waiting:
    """What waits within somebody's reach, and where they may decide."""
    cases, queued = count_open_and_queued(reach.ids, QueueWish(decides.ids, user_id, clock.now()))
    return Waiting(cases, count_open_tasks(reach.ids), 0 if decides.is_nowhere else queued)


def count_groups(reach: Reach) -> int:
    """Groups within somebody's reach."""
    return count_groups_of(reach.ids)


def count_failed(reach: Reach) -> int:
    """Envelopes within somebody's reach that could not be told and wait for a look."""
    return count_failed_envelopes(reach.ids)

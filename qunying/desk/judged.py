"""What people judged: proposals against members, and appeals. Ids, times and marks only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from qunying.desk.models import Case

PROPOSAL, APPEAL = "approval", "appeal"


class Judged(NamedTuple):
    """A proposal or an appeal that somebody decided, or an appeal that waits: then ``state`` is open, and nobody closed it."""

    id: int
    community_id: int
    group_id: int
    identity_id: int | None
    key: str
    kind: str
    state: str
    capability: str
    opened_at: datetime
    closed_at: datetime | None


def list_judged(community_ids: Collection[int], since: datetime, until: datetime) -> list[Judged]:
    """What people decided in that time in these communities about members, and the appeals opened in it that still wait.

    Of proposals only those against somebody, which alone have a score; what was closed by itself is left out.
    """
    decided = Q(closed_at__gte=since, closed_at__lt=until, closed_by__isnull=False)
    proposals = decided & Q(kind=PROPOSAL, score__isnull=False)
    waiting = Q(state="open", opened_at__gte=since, opened_at__lt=until)
    cases = Case.objects.filter(proposals | Q(kind=APPEAL) & (decided | waiting), community_id__in=community_ids)
    columns = ("pk", "community_id", "group_id", "identity_id", "key", "kind", "state", "capability")
    rows = cases.exclude(group_id=None).order_by("pk").values_list(*columns, "opened_at", "closed_at")
    return [Judged._make(row) for row in rows]

"""How many of those who came stayed, as a table."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from qunying.communities.queries import list_counted_groups
from qunying.console.group.counting import COUNTED_FOR
from qunying.insights.asking import whole_span
from qunying.insights.kept import Kept, read_kept
from qunying.insights.rendering.laying import Laid, lay
from qunying.insights.words_of_kept import table


def read_kept_table(group_id: int, now: datetime) -> Laid | None:
    """The weeks before now, or before the end of an old record, at most a minute old; None where nobody came."""
    key = f"console.group.kept.{group_id}"
    known: Kept | None = cache.get(key)
    if known is None:
        counted = list_counted_groups(group_ids=[group_id])
        began_at, until = whole_span(counted, now)
        known = read_kept(counted, until, began_at)
        cache.set(key, known, COUNTED_FOR)
    return lay(table(known)) if known.cohorts else None

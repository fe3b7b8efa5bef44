"""How many of those who came stayed, as a table."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from qunying.console.group.counting import COUNTED_FOR, groups_counted
from qunying.insights.asking import whole_span
from qunying.insights.kept import Kept, read_kept
from qunying.insights.rendering.laying import Laid, lay
from qunying.insights.words_of_kept import table


def read_kept_table(group_id: int, now: datetime, *, with_past: bool = False) -> Laid | None:
    """The weeks before now, or before the end of an old record, at most a minute old; None where nobody came."""
    key = f"console.group.kept.{group_id}.{with_past}"
    known: Kept | None = cache.get(key)
    if known is None:
        counted = groups_counted(group_id, with_past=with_past)
        began_at, until = whole_span(counted, now)
        known = read_kept(counted, until, began_at)
        cache.set(key, known, COUNTED_FOR)
    return lay(table(known)) if known.cohorts else None

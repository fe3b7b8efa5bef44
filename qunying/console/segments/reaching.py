"""Segments within somebody's reach, and who is in one; nothing of any other exists for them."""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404
from django.utils.translation import gettext as _

from qunying.communities.access import Permission, Signed, access_community, reach_of
from qunying.console.group.counting import COUNTED_FOR
from qunying.insights.segments.kept import list_people_of
from qunying.insights.segments.reading import BadRule
from qunying.kernel import clock
from qunying.people.segments import SegmentLine, do_note_count, find_segment, list_segments


def list_reachable(user: Signed) -> list[SegmentLine]:
    """Every segment this person may look at, by name: those of every community only for whoever sees all."""
    reach = reach_of(user, Permission.READ)
    found = list_segments(None if reach.is_everywhere else reach.community_ids)
    return [one for one in found if one.community_id is None or reach.covers(one.community_id)]


def access_segment(user: Signed, segment_id: int, permission: Permission = Permission.READ) -> SegmentLine:
    """That segment. Raises ``Http404`` where it is not there or its community is not within reach."""
    found = find_segment(segment_id)
    if found is None:
        raise Http404
    if found.community_id is not None:
        access_community(user, found.community_id, permission)
    elif not reach_of(user, permission).is_everywhere:
        raise Http404
    return found


def people_in(kept: SegmentLine) -> tuple[list[int], str]:
    """Who is in it, as of the last minute; and why nobody can be asked for."""
    key = f"console.segment.{kept.id}.{kept.changed_at.timestamp()}.{kept.frozen_at}".replace(" ", "T")
    known: list[int] | None = cache.get(key)
    if known is not None:
        return known, ""
    now = clock.now()
    try:
        ids = list_people_of(kept, now, may_lag=True)
    except BadRule as error:
        return [], error.said(_)
    cache.set(key, ids, COUNTED_FOR)
    if kept.frozen_at is None:
        do_note_count(kept.id, len(ids), now)
    return ids, ""

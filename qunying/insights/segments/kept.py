"""Kept segments as those who count and send use them: found by name, and who is in them."""

from __future__ import annotations

from datetime import datetime
from difflib import get_close_matches

from qunying.communities.queries import find_community_by_name, list_community_names, list_community_zones
from qunying.insights.segments.asking import list_people
from qunying.insights.segments.reading import read_rule
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import Sentence, mark
from qunying.people.segments import SegmentLine, find_segments_named, list_frozen_people, list_segments

NEAR = 5


def communities_of(segment: SegmentLine) -> list[int]:
    """The communities whose people it is about."""
    return list(list_community_zones()) if segment.community_id is None else [segment.community_id]


def list_people_of(segment: SegmentLine, now: datetime, *, may_lag: bool = False) -> list[int]:
    """Who is in it, by id: who was when it was frozen, or whom its rule holds of now.

    Raises ``BadRule`` for a rule that an older version kept and this one does not know.
    """
    if segment.frozen_at is not None:
        return list_frozen_people(segment.id)
    return list_people(read_rule(segment.rule), communities_of(segment), now, may_lag=may_lag)


def find_segment_named(name: str, community: str | None = None) -> SegmentLine:
    """The segment of that name. Raises ``BadUse`` naming the nearest ones, or the communities that each have one."""
    found = find_segments_named(name)
    if community is not None:
        home = find_community_by_name(community)
        found = [one for one in found if one.community_id == home] or [one for one in found if one.community_id is None]
    if not found:
        raise BadUse(mark("没有叫「%(name)s」的人群%(near)s"), name=name, near=_near(name))
    if len(found) > 1:
        homes = list_community_names([one.community_id for one in found])
        named = [homes.get(one.community_id or 0, Sentence(mark("所有社群"))) for one in found]
        raise BadUse(
            mark("有 %(n)d 个人群叫「%(name)s」，用 --community 说是哪个：%(homes)s"),
            n=len(found),
            name=name,
            homes=named,
        )
    return found[0]


def _near(name: str) -> Sentence | str:
    names = sorted({one.name for one in list_segments(None)})
    if not names:
        return Sentence(mark("；现在一个都没有"))
    near = get_close_matches(name, names, n=NEAR, cutoff=0.3) or [one for one in names if name in one][:NEAR]
    return Sentence(mark("；相近的有：%(names)s"), {"names": near}) if near else ""

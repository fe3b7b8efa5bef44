"""What the corrections of each community come to: learnt once per process, and anew whenever other corrections count."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import Count, Sum

from qunying.judgement.learning import Learnt, learn
from qunying.talk.corrections import lessons_of, list_counting

KEPT = 500  # communities; no batch has more

Mark = tuple[int, int]  # how many corrections count, and the sum of their ids
_NOTHING: tuple[Mark, None] = ((0, 0), None)
_known: dict[tuple[object, int], tuple[Mark, Learnt | None]] = {}  # by database, for labs have one of their own


def learnt_of(community_ids: Collection[int]) -> dict[int, Learnt]:
    """What was learnt in these communities; absent are those where nothing was.

    One query; one more where corrections have changed since this process last asked.
    """
    marks = _marks(community_ids) if community_ids else {}
    place = connection.settings_dict["NAME"]
    known = {home: _known.get((place, home), _NOTHING) for home in marks}
    changed = [home for home, mark in marks.items() if known[home][0] != mark]
    told = lessons_of(changed) if changed else {}
    for home in changed:
        lessons = told.get(home, [])
        mark = (len(lessons), sum(int(lesson.id) for lesson in lessons))  # there may be others by now
        known[home] = _known[place, home] = (mark, learn(lessons))
    for old in list(_known)[:-KEPT]:
        _known.pop(old, None)
    return {home: learnt for home, (_mark, learnt) in known.items() if learnt and learnt.lessons}


def _marks(community_ids: Collection[int]) -> dict[int, Mark]:
    counted = list_counting(community_ids).values_list("community").order_by("community")
    return {home: (count, total) for home, count, total in counted.annotate(Count("pk"), Sum("pk"))}

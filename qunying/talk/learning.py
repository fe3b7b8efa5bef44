"""What the corrections of each community come to: learnt once per process, and anew whenever other corrections count."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import Count, Sum

from qunying.judgement.learning import Learnt, learn
from qunying.talk.corrections import lessons_of, list_counting

KEPT = 500  # communities; no batch has more

Mark = tuple[int, int]  # how many corrections count, and the sum of their ids
_known: dict[tuple[object, int], tuple[Mark, Learnt]] = {}  # by database, for labs have one of their own


def learnt_of(community_ids: Collection[int]) -> dict[int, Learnt]:
    """What was learnt in these communities; absent are those where nothing was.

    One query; one more where corrections have changed since this process last asked.
    """
    marks = _marks(community_ids) if community_ids else {}
    place = connection.settings_dict["NAME"]
    changed = [home for home, mark in marks.items() if _known.get((place, home), (None, None))[0] != mark]
    for home, lessons in (lessons_of(changed) if changed else {}).items():
        _known[place, home] = (marks[home], learn(lessons))
    found = {home: _known[place, home][1] for home in marks if (place, home) in _known}
    for old in list(_known)[:-KEPT]:
        _known.pop(old, None)
    return {home: learnt for home, learnt in found.items() if learnt.lessons}


def _marks(community_ids: Collection[int]) -> dict[int, Mark]:
    counted = list_counting(community_ids).values_list("community").order_by("community")
    return {home: (count, total) for home, count, total in counted.annotate(Count("pk"), Sum("pk"))}

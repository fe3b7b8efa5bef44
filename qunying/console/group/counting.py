"""The numbers behind a group's overview, read once a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from qunying.communities.lineage import list_with_forebears
from qunying.communities.queries import CountedGroup, GroupInfo, list_counted_groups
from qunying.insights.asking import whole_span
from qunying.insights.looking import Day, Portrait, Speaker, look_at
from qunying.insights.scope import Scope, midnight
from qunying.people.seats import count_came_by, count_newcomers

WEEK = timedelta(days=7)
WEEKS = 8
SPEAKERS_SHOWN = 8
STAY_AFTER = timedelta(days=7)
STAY_WITHIN = timedelta(days=35)
COUNTED_FOR = 60  # seconds
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What insights and people counted of a group, up to ``until``: now, or the end of a record that ended long ago."""

    until: datetime
    seen: Portrait
    days: tuple[Day, ...]
    grid: tuple[tuple[int, ...], ...]
    speakers: tuple[Speaker, ...]
    came_by: dict[str, int]
    newcomers: tuple[int, int]


def read_numbers(group: GroupInfo, now: datetime, *, with_past: bool = False) -> Numbers:
    """The numbers of a group, at most a minute old; with those of the groups whose history it goes on with, where asked."""
    key = f"console.group.{group.id}.{'whole.' * with_past}{timezone.localtime(now):%Y%m%d}"
    known: Numbers | None = cache.get(key)
    if known is None:
        known = _count(group, now, with_past=with_past)
        cache.set(key, known, COUNTED_FOR)
    return known


def groups_counted(group_id: int, *, with_past: bool) -> tuple[CountedGroup, ...]:
    """The group alone, or with those whose history it goes on with."""
    return tuple(list_with_forebears(group_id) if with_past else list_counted_groups(group_ids=[group_id]))


def _count(group: GroupInfo, now: datetime, *, with_past: bool) -> Numbers:
    counted = groups_counted(group.id, with_past=with_past)
    until = whole_span(counted, now)[1]
    last = timezone.localtime(until - MOMENT).date()
    week, weeks = (midnight(last - timedelta(days=days - 1), group.zone.key) for days in (7, 7 * WEEKS))
    look = look_at(Scope(counted, weeks, until))
    return Numbers(
        until=until,
        seen=look.portrait(week),
        days=tuple(look.by_day(weeks)),
        grid=look.heat(until - 4 * WEEK),
        speakers=tuple(look.top_speakers(week, SPEAKERS_SHOWN)),
        came_by=dict(look.moved(until - 4 * WEEK).joined_by)
        if with_past
        else count_came_by(group.id, until - 4 * WEEK),
        newcomers=count_newcomers(group.id, until - STAY_WITHIN, until - STAY_AFTER, until - WEEK),
    )

"""Looks what groups and communities talk about: those in which something new was said, day by day, some at a time.

Looked at anew is always the whole week with the four weeks before, from what stands: what was withdrawn, edited, erased or
imported late is right at the next look.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet

from qunying.communities.queries import CountedGroup, list_counted_groups
from qunying.judgement.themes import Known, Limits, Span, Theme, Title, find_themes
from qunying.store import rows
from qunying.talk import models
from qunying.talk.listening import Heard, last_word, listen
from qunying.talk.models import ThemeDay, ThemeScope

LOOKS_A_STEP = 10
PAUSE = timedelta(hours=1)  # between two looks at the same group
UNREAD_PAUSE, MOST_WAITS = timedelta(minutes=10), 6  # where messages are not judged yet
DAY, WEEK, BEFORE = timedelta(days=1), timedelta(days=7), timedelta(days=28)
DAYS_BACK = 14  # of a record that is new to us, its last days are looked at
KEPT = timedelta(days=60)  # days are kept; and so long a theme that ended is recognised
MOST_KNOWN = 200
PLACES, OF_COMMUNITY = 2, Limits(people=4, voices=5)
_DAY_COLUMNS = [
    "theme_id", "day", "place", "trend", "lines", "threads", "people", "groups", "voices", "before", "expected", "ratio", "low",
    "high", "lately", "lately_expected", "quotes", "waiting", "open",
]  # fmt: skip
QUOTED = 3  # open questions


@dataclass(frozen=True, slots=True)
class _Look:
    """A day to be looked at: the week up to ``until``. ``is_last``: nothing was said on a later one."""

    day: date
    until: datetime
    is_last: bool

    @property
    def since(self) -> datetime:
        """When the week begins."""
        return self.until - WEEK


def step(now: datetime) -> int:
    """Looks at some of what is new; answers how many looks that were."""
    return sum(do_look(pk, now) for pk in _due(now))


def do_look_at_all(group_ids: Collection[int], now: datetime) -> int:
    """Looks at everything new in these groups and their communities, without a pause; answers how many looks that were."""
    homes = {group.community_id for group in list_counted_groups(group_ids=group_ids)}
    mine = ThemeScope.objects.filter(Q(group__in=group_ids) | Q(group=None, community__in=homes), is_due=True)
    return sum(_do_look_till_done(pk, now) for pk in list(mine.values_list("pk", flat=True)))


def _do_look_till_done(scope_id: int, now: datetime) -> int:
    done = 0
    while do_look(scope_id, now):
        done += 1
        if not ThemeScope.objects.filter(pk=scope_id, is_due=True, waits=0).exists():
            break
    return done


def _due(now: datetime) -> list[int]:
    """Scopes to look at, those first that nobody looked at for longest; without a pause those that are behind."""
    waited = Q(looked_at=None) | Q(looked_at__lte=now - PAUSE) | Q(is_behind=True)
    due = ThemeScope.objects.filter(waited | Q(waits__gt=0, looked_at__lte=now - UNREAD_PAUSE), is_due=True)
    return list(due.order_by(F("looked_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:LOOKS_A_STEP])


def do_look(scope_id: int, now: datetime) -> bool:
    """Looks at the next day of a group or community; False where there is none, or another process was here first."""
    scope = ThemeScope.objects.get(pk=scope_id)
    groups = _groups(scope)
    last = last_word(groups) if groups else None
    if last is None:
        ThemeScope.objects.filter(pk=scope_id).update(is_due=False)
        return False
    look = _next(scope.told_until, min(last, now), now, ZoneInfo(groups[0].timezone))
    heard = listen(groups, look.since - BEFORE, look.until, look.since)
    limits = Limits() if scope.group_id else replace(OF_COMMUNITY, places=min(PLACES, len(groups)))
    span = Span((look.since - BEFORE).timestamp(), look.since.timestamp(), look.until.timestamp())
    found = find_themes(heard.lines, span, _known(scope, look.day), heard.names, limits)
    return _do_keep(scope, look, heard, found, now)


def _groups(scope: ThemeScope) -> Sequence[CountedGroup]:
    """The group, or the community's; none of a community that is being removed."""
    if scope.group_id:
        return list_counted_groups(group_ids=[scope.group_id])
    return list_counted_groups(community_ids=[scope.community_id])


def _next(told_until: datetime | None, last: datetime, now: datetime, zone: ZoneInfo) -> _Look:
    """The day after what was told, or today once more; no day without talk after the last word."""
    last_day = last.astimezone(zone).date()
    first = last_day - (DAYS_BACK - 1) * DAY
    day = min(last_day, max(first, told_until.astimezone(zone).date())) if told_until else first
    end = datetime.combine(day + DAY, time(), zone).astimezone(UTC)
    return _Look(day, min(end, now), day == last_day)


def _of(scope: ThemeScope) -> QuerySet[models.Theme]:
    return models.Theme.objects.filter(community=scope.community_id, group=scope.group_id)


def _known(scope: ThemeScope, day: date) -> list[Known]:
    """The themes of before, whichever was spoken of last first."""
    found = _of(scope).filter(last_on__gte=day - KEPT).order_by("-is_open", "-last_on", "pk")[:MOST_KNOWN]
    return [_as_known(one) for one in found]


def _as_known(theme: models.Theme) -> Known:
    title = Title(theme.title_phrase, theme.title_message, theme.title_start, theme.title_end)
    return Known(theme.pk, tuple(theme.terms), title, is_open=theme.is_open)


@transaction.atomic
def _do_keep(scope: ThemeScope, look: _Look, heard: Heard, found: Sequence[Theme], now: datetime) -> bool:
    """Keeps the day and how far that has come, together; False when another process was here first."""
    waits = scope.waits + 1 if heard.unread and look.is_last and scope.waits < MOST_WAITS else 0
    moved = ThemeScope.objects.filter(pk=scope.pk, told_until=scope.told_until, looked_at=scope.looked_at).update(
        told_on=look.day,
        told_until=look.until,
        looked_at=now,
        lines=sum(line.at >= look.since.timestamp() for line in heard.lines),
        unread=heard.unread,
        one_in=heard.one_in,
        waits=waits,
        is_behind=not look.is_last,
        is_due=not look.is_last or waits > 0,
    )
    if not moved:
        return False
    keys = [_do_keep_theme(scope, one, look.day) for one in found]
    _of(scope).filter(is_open=True).exclude(pk__in=keys).update(is_open=False)
    ThemeDay.objects.filter(theme__in=_of(scope), day=look.day).delete()
    ThemeDay.objects.filter(theme__in=_of(scope), day__lt=look.day - KEPT).delete()
    rows.insert(
        ThemeDay,
        _DAY_COLUMNS,
        [_row(key, n, one, look.day) for n, (key, one) in enumerate(zip(keys, found, strict=True))],
    )
    _of(scope).filter(days=None).delete()
    return True


def _do_keep_theme(scope: ThemeScope, theme: Theme, day: date) -> int:
    """Its key."""
    values = {
        "terms": list(theme.terms),
        "title_phrase": theme.title.phrase,
        "title_message": theme.title.line,
        "title_start": theme.title.start,
        "title_end": theme.title.end,
        "last_on": day,
        "is_open": True,
    }
    if theme.key is None:
        where = {"community_id": scope.community_id, "group_id": scope.group_id}
        return models.Theme.objects.create(first_on=day, **where, **values).pk
    models.Theme.objects.filter(pk=theme.key).update(**values)
    return theme.key


def _row(key: int, place: int, theme: Theme, day: date) -> tuple[object, ...]:
    moved = theme.moved
    return (
        key,
        day,
        place,
        str(moved.trend),
        len(theme.lines),
        theme.threads,
        theme.people,
        theme.places,
        moved.voices,
        moved.before,
        moved.expected,
        moved.ratio,
        moved.low,
        moved.high,
        moved.lately,
        moved.lately_expected,
        list(theme.quotes),
        list(theme.waiting[:QUOTED]),
        len(theme.waiting),
    )

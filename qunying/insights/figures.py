"""A few figures per group, kept so that lists of thousands of groups answer at once.

Counted whenever something went into the lake, and once a day has passed: weeks are whole local days, the last one yesterday.
What was not counted today is counted when it is asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Min, Sum

from qunying.communities.queries import (
    CountedGroup,
    count_groups_of,
    list_community_zones,
    list_counted_groups,
    list_group_ids,
)
from qunying.insights.aside import apart
from qunying.insights.catalogue import SPEAKERS
from qunying.insights.measure import measure
from qunying.insights.models import DayCount, GroupFigures
from qunying.insights.scope import Scope, local_day, midnight
from qunying.insights.world import FEW_GROUPS
from qunying.kernel.readings import Verdict
from qunying.people.queries import count_present_by_group, list_odd_identities
from qunying.talk.readings import count_read_by

WEEKS = 8
WEEK = 7
AT_ONCE = 1000
_PLAIN = ("speakers", "present", "joined", "gone", "read", "ads", "advertisers")


class Figures(NamedTuple):
    """One group: messages of members in the last eight times seven whole days, oldest first, and of the last seven of them:
    who spoke, who came and went, how many messages were read, for how many the judges say ads, and by how many people.

    ``present`` sit there, programs and staff included. A tuple, because lists read thousands of them at once.
    """

    weeks: tuple[int, ...] = (0,) * WEEKS
    speakers: int = 0
    present: int = 0
    joined: int = 0
    gone: int = 0
    read: int = 0
    ads: int = 0
    advertisers: int = 0
    counted_at: datetime | None = None


def are_figures_old(now: datetime) -> bool:
    """Whether figures are of a day that has passed."""
    zones = list_community_zones()
    days = GroupFigures.objects.order_by().values_list("community_id", "day").distinct()
    return any(day != local_day(now, zones[home]) for home, day in days if home in zones)


def are_counted(zones: Mapping[int, str], now: datetime) -> bool:
    """Whether every group of these communities (with their time zones) has its figures of today."""
    homes: dict[str, list[int]] = defaultdict(list)
    for home, zone in zones.items():
        homes[zone].append(home)
    known = sum(
        GroupFigures.objects.filter(community_id__in=there, day=local_day(now, zone)).count()
        for zone, there in homes.items()
    )
    return known == count_groups_of(zones)


def do_count_figures(now: datetime) -> int:
    """Counts the figures of every group anew; answers how many groups there are."""
    found = _count(list_counted_groups(), now)
    with transaction.atomic():
        GroupFigures.objects.all().delete()
        GroupFigures.objects.bulk_create(found, batch_size=AT_ONCE)
    return len(found)


def figures_of(
    community_ids: Collection[int], now: datetime, group_ids: Collection[int] | None = None
) -> dict[int, Figures]:
    """Figures of every group of these communities, whose ``group_ids`` may be given where they are known.

    Of a few groups, who sits there is counted now.
    """
    kept = _kept(community_ids, now)
    missing = set(list_group_ids(community_ids) if group_ids is None else group_ids) - kept.keys()
    for row in _count(list_counted_groups(group_ids=missing), now) if missing else ():
        kept[row.group_id] = Figures._make((_read(row.weeks), *(getattr(row, name) for name in _PLAIN), now))
    if len(kept) > FEW_GROUPS:
        return kept
    present = count_present_by_group(kept)
    return {pk: one._replace(present=present.get(pk, 0)) for pk, one in kept.items()}


def weeks_of_fallen(
    community_ids: Collection[int], now: datetime, *, share: float, least: int, limit: int
) -> dict[int, tuple[int, ...]]:
    """Weeks of the groups that fell most, the largest fall first, of figures as they were last counted.

    A group fell where the last week had at most that ``share`` of the week before, which had ``least`` messages or more.
    """
    fell = GroupFigures.objects.filter(
        community_id__in=community_ids, week_before__gte=least, last_week__lte=F("week_before") * share
    )
    worst = fell.order_by(F("last_week") * 1.0 / F("week_before"), "-week_before", "group_id")[:limit]
    return {pk: _read(weeks) for pk, weeks in worst.values_list("group_id", "weeks")}


def weeks_of_groups(groups: Iterable[CountedGroup], now: datetime) -> dict[int, tuple[int, ...]]:
    """Messages in eight times seven whole days of each of these groups, oldest first, from the daily counts."""
    last = {group.id: local_day(now, group.timezone) for group in groups}
    counts: dict[int, list[int]] = {pk: [0] * WEEKS for pk in last}
    since, until = now.date() - timedelta(days=WEEK * WEEKS + 1), now.date() + timedelta(days=1)
    said = DayCount.objects.filter(group_id__gt=0, day__gte=since, day__lte=until)
    if len(last) <= FEW_GROUPS:
        said = said.filter(group_id__in=last)
    for pk, day, messages in said.values_list("group_id", "day", "messages"):
        ago = ((last[pk] - day).days - 1) // WEEK if pk in last else WEEKS
        if 0 <= ago < WEEKS:
            counts[pk][WEEKS - 1 - ago] += messages
    return {pk: tuple(weeks) for pk, weeks in counts.items()}


def _kept(community_ids: Collection[int], now: datetime) -> dict[int, Figures]:
    zones: dict[str, list[int]] = defaultdict(list)
    for home, zone in list_community_zones(community_ids).items():
        zones[zone].append(home)
    kept: dict[int, Figures] = {}
    for zone, homes in zones.items():
        rows = GroupFigures.objects.filter(community_id__in=homes, day=local_day(now, zone))
        counted_at = rows.aggregate(at=Min("counted_at"))["at"]
        found = list(rows.values_list("group_id", "weeks", *_PLAIN))
        weeks = _read_all([row[1] for row in found])
        for (pk, _, *plain), eight in zip(found, weeks, strict=True):
            kept[pk] = Figures._make((eight, *plain, counted_at))
    return kept


def _read_all(weeks: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Every row's eight figures; all in one go, because lists read thousands."""
    figures = map(int, " ".join(weeks).split())
    return zip(*[figures] * WEEKS, strict=True)


def _read(weeks: str) -> tuple[int, ...]:
    return tuple(map(int, weeks.split()))


def _count(groups: Sequence[CountedGroup], now: datetime) -> list[GroupFigures]:
    weeks = weeks_of_groups(groups, now)
    present = count_present_by_group(list(weeks) if len(groups) <= FEW_GROUPS else None)
    zones: dict[str, list[CountedGroup]] = defaultdict(list)
    for group in groups:
        zones[group.timezone].append(group)
    found = []
    for zone, there in zones.items():
        today, week = local_day(now, zone), _week(tuple(there), zone, now)
        found += [
            GroupFigures(
                group_id=one.id,
                community_id=one.community_id,
                day=today,
                weeks=" ".join(map(str, weeks[one.id])),
                last_week=weeks[one.id][-1],
                week_before=weeks[one.id][-2],
                present=present.get(one.id, 0),
                counted_at=now,
                **{name: counts.get(one.id, 0) for name, counts in week.items()},
            )
            for one in there
        ]
    return found


def _week(groups: tuple[CountedGroup, ...], zone: str, now: datetime) -> dict[str, Mapping[int, int]]:
    """Figures of the seven whole days up to yesterday, each by group."""
    today = local_day(now, zone)
    first = today - timedelta(days=WEEK)
    scope = Scope(groups, midnight(first, zone), midnight(today, zone))
    joined, gone = _moves(scope, first, today)
    return {"speakers": _speakers(scope), "joined": joined, "gone": gone, **_ads(scope)}


def _moves(scope: Scope, first: date, today: date) -> tuple[dict[int, int], dict[int, int]]:
    days = DayCount.objects.filter(group_id__gt=0, day__gte=first, day__lt=today)
    if len(scope.groups) <= FEW_GROUPS:
        days = days.filter(group_id__in=scope.group_ids)
    sums = days.order_by().values("group_id").annotate(came=Sum("joined"), went=Sum("gone"))
    rows = list(sums.values_list("group_id", "came", "went"))
    return {pk: came for pk, came, _ in rows}, {pk: went for pk, _, went in rows}


def _ads(scope: Scope) -> dict[str, Mapping[int, int]]:
    """What judges read of members' messages, staff and programs left out: how many, how many ads, by how many people."""
    bots = {
        one
        for one, _, is_bot in list_odd_identities(scope.group_ids if len(scope.groups) <= FEW_GROUPS else None)
        if is_bot
    }
    aside = {(group, identity) for group, identity, _ in apart(scope, bots)}
    read: Counter[int] = Counter()
    ads: Counter[int] = Counter()
    advertisers: Counter[int] = Counter()
    for one in count_read_by(scope.group_ids, Verdict.AD, scope.since, scope.until):
        if (one.group_id, one.identity_id) not in aside:
            read[one.group_id] += one.read
            ads[one.group_id] += one.held
            advertisers[one.group_id] += one.held > 0
    return {"read": read, "ads": ads, "advertisers": advertisers}


def _speakers(scope: Scope) -> dict[int, int]:
    """Who spoke, by group."""
    return {row["group_id"]: row["value"] for row in measure(SPEAKERS, scope, "group")}

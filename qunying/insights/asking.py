"""What somebody typed, turned into groups and a span: names, days, and what is meant when nothing was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from django.db.models import Max, Min

from qunying.communities.queries import (
    CountedGroup,
    CountedHome,
    count_groups_of,
    find_community_by_name,
    list_counted_groups,
    list_counted_homes,
    list_group_and_community_names,
    list_groups_named,
)
from qunying.deeds.queries import find_span_of_deeds
from qunying.insights.models import Part
from qunying.insights.scope import Scope, local_day, midnight
from qunying.insights.tables import TALK
from qunying.insights.world import FEW_GROUPS
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import Sentence, mark
from qunying.talk.queries import find_last_said_after, span_of_talk

FRESH = timedelta(days=7)
NEAR = 5
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def find_groups(group: str | None = None, community: str | None = None) -> tuple[CountedGroup, ...]:
    """The groups of that name, or of that community, or all. Raises ``BadUse`` naming the nearest ones."""
    if group is not None:
        named = list_groups_named(group) if group.strip() else []
        if not named:
            raise BadUse(
                mark("没有叫「%(name)s」的群%(near)s"),
                name=group,
                near=_near(group, list_group_and_community_names()[0]),
            )
        return tuple(list_counted_groups(group_ids=[one.id for one in named]))
    if community is not None:
        return tuple(list_counted_groups(community_ids=[find_home(community).id]))
    return tuple(list_counted_groups())


def find_home(community: str) -> CountedHome:
    """The community of that name. Raises ``BadUse`` naming the nearest ones."""
    found = find_community_by_name(community)
    if found is None:
        names = list_group_and_community_names()[1]
        raise BadUse(mark("没有叫「%(name)s」的社群%(near)s"), name=community, near=_near(community, names))
    return list_counted_homes([found])[0]


def _zone(groups: Sequence[CountedGroup], homes: Sequence[CountedHome] = ()) -> str:
    return next(iter([*(group.timezone for group in groups), *(home.timezone for home in homes)]), "UTC")


def _near(name: str, names: Sequence[str]) -> Sentence | str:
    if not names:
        return Sentence(mark("；现在一个都没有"))
    near = get_close_matches(name, names, n=NEAR, cutoff=0.3) or [one for one in names if name in one][:NEAR]
    return Sentence(mark("；相近的有：%(names)s"), {"names": near}) if near else ""


def whole_span(
    groups: Sequence[CountedGroup], now: datetime, homes: Sequence[CountedHome] = ()
) -> tuple[datetime, datetime]:
    """From the first local day on which something was said to now, or to the end of the last one of an old record.

    What was done outside the groups counts too where ``homes`` are given. Where nothing was at all: the last seven days.
    """
    zone = _zone(groups, homes)
    talk = _span_of_many(groups) if len(groups) > FEW_GROUPS else span_of_talk([group.id for group in groups])
    spans = [span for span in (talk, find_span_of_deeds([home.id for home in homes]) if homes else None) if span]
    if not spans:
        return now - FRESH, now
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    until = now if now - last <= FRESH else midnight(local_day(last, zone) + DAY, zone)
    return midnight(local_day(first, zone), zone), until


def _span_of_many(groups: Sequence[CountedGroup]) -> tuple[datetime, datetime] | None:
    """As the lake knows it, where these are all groups of their communities: it need not look at the messages."""
    homes = {group.community_id for group in groups}
    parts = Part.objects.filter(table=TALK.name, community_id__in=homes, retired_at=None)
    found = parts.aggregate(first=Min("first_at"), last=Max("last_at"), end=Max("last_id"))
    if found["first"] is None or len(groups) != count_groups_of(homes):
        return span_of_talk([group.id for group in groups])
    return found["first"], find_last_said_after(found["end"], homes) or found["last"]


def span_of_days(
    groups: Sequence[CountedGroup], days: int, now: datetime, homes: Sequence[CountedHome] = ()
) -> tuple[datetime, datetime]:
    """So many whole local days up to now, or up to the end of a record that ended long ago; 0: from the first word on.

    With ``homes``, from the first word or deed on.
    """
    first, until = whole_span(groups, now, homes)
    if not days:
        return first, until
    zone = _zone(groups, homes)
    last = local_day(until - MOMENT, zone)
    return midnight(last - timedelta(days=days - 1), zone), until


def latest_span(
    groups: Sequence[CountedGroup], now: datetime, whole: tuple[datetime, datetime] | None = None
) -> tuple[datetime, datetime]:
    """Today and the six days before, of groups in which somebody speaks; the whole of an old record.

    ``whole`` is their ``whole_span`` where that is known already.
    """
    since, until = whole or whole_span(groups, now)
    if until != now:
        return since, until
    zone = groups[0].timezone if groups else "UTC"
    return max(since, midnight(local_day(now, zone) - (FRESH - DAY), zone)), until


def span_asked(
    since: str,
    until: str,
    groups: Sequence[CountedGroup],
    default: tuple[datetime, datetime],
    homes: Sequence[CountedHome] = (),
) -> tuple[datetime, datetime]:
    """Days or moments as typed, in the groups' zone; a day given as the end belongs to the span.

    Raises ``BadUse`` for what is no date, and where the end is not after the beginning.
    """
    zone = _zone(groups, homes)
    begin = _moment("--from", since, zone, is_end=False) if since else default[0]
    end = _moment("--to", until, zone, is_end=True) if until else default[1]
    if begin >= end:
        raise BadUse(
            mark("--from %(since)s 不在 --to %(until)s 之前"),
            since=since or begin.isoformat(),
            until=until or end.isoformat(),
        )
    return begin, end


def _moment(option: str, text: str, zone: str, *, is_end: bool) -> datetime:
    try:
        if len(text) <= len("2024-03-01"):
            day = date.fromisoformat(text)
            return midnight(day + DAY if is_end else day, zone)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise BadUse(
            mark("%(option)s %(text)s 不是日期；写成 2024-03-01 或 2024-03-01T09:30"), option=option, text=repr(text)
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def scope_asked(
    *, group: str | None, community: str | None, since: str, until: str, now: datetime, with_deeds: bool = False
) -> Scope:
    """Groups and span for a metric: by default the whole record, ``with_deeds`` also of what was done outside the groups.

    Raises ``BadUse``.
    """
    groups = find_groups(group, community)
    homes = () if group is not None else _homes(community)
    whole = record_of(Scope(groups, now, now, homes), now) if with_deeds else whole_span(groups, now)
    return Scope(groups, *span_asked(since, until, groups, whole, homes), homes)


def record_of(scope: Scope, now: datetime) -> tuple[datetime, datetime]:
    """The whole span of what was said in the scope's groups and done in their communities, goes_together the scope's own span."""
    return whole_span(scope.groups, now, scope.homes or list_counted_homes(scope.community_ids))


def _homes(community: str | None) -> tuple[CountedHome, ...]:
    """That community, or all."""
    found = None if community is None else find_community_by_name(community)
    return tuple(list_counted_homes(None if found is None else [found]))

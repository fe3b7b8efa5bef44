"""What somebody typed, turned into groups and a span: names, days, and what is meant when nothing was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from qunying.communities.queries import (
    CountedGroup,
    find_community_by_name,
    list_counted_groups,
    list_group_and_community_names,
    list_groups_named,
)
from qunying.insights.scope import Scope, local_day, midnight
from qunying.kernel.errors import BadUse
from qunying.talk.queries import span_of_talk

FRESH = timedelta(days=7)
NEAR = 5
DAY = timedelta(days=1)


def find_groups(group: str | None = None, community: str | None = None) -> tuple[CountedGroup, ...]:
    """The groups of that name, or of that community, or all. Raises ``BadUse`` naming the nearest ones."""
    if group is not None:
        named = list_groups_named(group) if group.strip() else []
        if not named:
            raise BadUse(_unknown("群", group, list_group_and_community_names()[0]))
        return tuple(list_counted_groups(group_ids=[one.id for one in named]))
    if community is not None:
        found = find_community_by_name(community)
        if found is None:
            raise BadUse(_unknown("社群", community, list_group_and_community_names()[1]))
        return tuple(list_counted_groups(community_ids=[found]))
    return tuple(list_counted_groups())


def _unknown(what: str, name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=NEAR, cutoff=0.3) or [one for one in names if name in one][:NEAR]
    told = f"；相近的有：{'、'.join(near)}" if near else ("；现在一个都没有" if not names else "")
    return f"没有叫「{name}」的{what}{told}"


def whole_span(groups: Sequence[CountedGroup], now: datetime) -> tuple[datetime, datetime]:
    """From the first local day on which something was said to now, or to the end of the last one of an old record.

    Where nothing was said at all: the last seven days.
    """
    zone = groups[0].timezone if groups else "UTC"
    talk = span_of_talk([group.id for group in groups])
    if talk is None:
        return now - FRESH, now
    first, last = talk
    until = now if now - last <= FRESH else midnight(local_day(last, zone) + DAY, zone)
    return midnight(local_day(first, zone), zone), until


def latest_span(groups: Sequence[CountedGroup], now: datetime) -> tuple[datetime, datetime]:
    """Today and the six days before, of groups in which somebody speaks; the whole of an old record."""
    since, until = whole_span(groups, now)
    if until != now:
        return since, until
    zone = groups[0].timezone if groups else "UTC"
    return max(since, midnight(local_day(now, zone) - (FRESH - DAY), zone)), until


def span_asked(
    since: str, until: str, groups: Sequence[CountedGroup], default: tuple[datetime, datetime]
) -> tuple[datetime, datetime]:
    """Days or moments as typed, in the groups' zone; a day given as the end belongs to the span.

    Raises ``BadUse`` for what is no date, and where the end is not after the beginning.
    """
    zone = groups[0].timezone if groups else "UTC"
    begin = _moment("--from", since, zone, is_end=False) if since else default[0]
    end = _moment("--to", until, zone, is_end=True) if until else default[1]
    if begin >= end:
        raise BadUse(f"--from {since or begin.isoformat()} 不在 --to {until or end.isoformat()} 之前")
    return begin, end


def _moment(option: str, text: str, zone: str, *, is_end: bool) -> datetime:
    try:
        if len(text) <= len("2024-03-01"):
            day = date.fromisoformat(text)
            return midnight(day + DAY if is_end else day, zone)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise BadUse(f"{option} {text!r} 不是日期；写成 2024-03-01 或 2024-03-01T09:30") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def scope_asked(*, group: str | None, community: str | None, since: str, until: str, now: datetime) -> Scope:
    """Groups and span for a metric: by default the whole record. Raises ``BadUse``."""
    groups = find_groups(group, community)
    return Scope(groups, *span_asked(since, until, groups, whole_span(groups, now)))

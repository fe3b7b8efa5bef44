"""Numbers for pages and reports, typed.

What is about a few groups is asked of lake and database and never old. What is about all groups at once (``weeks_of``,
``quiet_groups``, ``since_yesterday``) comes from the daily counts and may lag a quarter of an hour behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from qunying.communities.queries import count_groups_of, list_community_zones, list_counted_groups
from qunying.insights.engines import duck
from qunying.insights.engines.base import Row
from qunying.insights.models import DayCount
from qunying.insights.scope import Scope, local_day, scope_of, span_with_before
from qunying.insights.world import see
from qunying.people.queries import count_identities_by_community, count_identities_present, names_of

WEEKS = 8
QUIET_FROM = 20
QUIET_SHARE = 0.7
SAME_WEEKDAYS = (8, 15, 22, 29)
BACK_TO_SAME_WEEKDAYS = 30
DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Said:
    """What members said in a span. ``known`` are messages whose sender is known, ``by_three`` those of the top three."""

    messages: int = 0
    recalled: int = 0
    speakers: int = 0
    known: int = 0
    by_three: int = 0

    @property
    def top_share(self) -> float | None:
        """Share of the top three in what was said by known members; None where nobody spoke."""
        return self.by_three / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Portrait:
    """Groups over a span, beside the one before it.

    ``members`` counts everybody who sits there now, as the platform does. ``joined_by`` is new members per way they came
    (platform words such as ``invite`` or ``qr``; '' where it is not known).
    """

    members: int
    joined: int
    left: int
    removed: int
    now: Said
    before: Said
    joined_by: Mapping[str, int] = field(default_factory=dict)

    @property
    def change(self) -> float | None:
        """Messages against the span before, as a share of it; None where nothing was said then."""
        return (self.now.messages - self.before.messages) / self.before.messages if self.before.messages else None


@dataclass(frozen=True, slots=True)
class Day:
    """One local day."""

    day: date
    messages: int = 0
    speakers: int = 0
    joined: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Speaker:
    """How much somebody said, on how many days, and which share that is of what all members said."""

    person_id: int
    name: str
    messages: int
    days: int
    share: float


@dataclass(frozen=True, slots=True)
class Weeks:
    """Messages of members in a group in the last eight times seven whole days, oldest first; the last ends yesterday.

    Counted when something new went into the lake, so at most a quarter of an hour late.
    """

    group_id: int
    name: str
    counts: tuple[int, ...]

    @property
    def change(self) -> float | None:
        """The last seven whole days against the seven before, as a share of those; None where nothing was said then."""
        this, last = self.counts[-1], self.counts[-2]
        return (this - last) / last if last else None


@dataclass(frozen=True, slots=True)
class Yesterday:
    """What happened since yesterday; sparks end with yesterday, oldest first. Hours are of yesterday.

    Counted ``as_of`` (None: never yet), at most a quarter of an hour ago while anything is going on.
    ``usual_speakers`` and ``usual_hours`` are averages: of the seven days before yesterday, of the same weekday of the
    four weeks before.
    """

    groups: int
    members: int
    joined: int
    left: int
    messages: int
    speakers: int
    usual_speakers: float
    joined_days: tuple[int, ...]
    speakers_days: tuple[int, ...]
    messages_days: tuple[int, ...]
    messages_today: int
    joined_today: int
    left_today: int
    hours: tuple[int, ...]
    usual_hours: tuple[float, ...]
    as_of: datetime | None


def portrait(group_ids: Collection[int], since: datetime, until: datetime) -> Portrait:
    """Who is there, who came and went, what was said, against the span before (see ``Span``)."""
    groups = tuple(list_counted_groups(group_ids=group_ids))
    span = span_with_before(since, until, groups[0].timezone if groups else "UTC")
    scope = Scope(groups, span.before_since, until)
    with duck.open(see(scope, ("messages", "events"))) as session:
        ends = {"middle": since, "before_until": span.before_until}
        said = {row.pop("is_now"): Said(**row) for row in session.run("portrait", ends)}
        came = {row["via"]: row["people"] for row in session.run("came_by", {"middle": since})}
        went = session.run("went", {"middle": since})[0]
    return Portrait(
        members=count_identities_present(scope.group_ids),
        joined=sum(came.values()),
        left=went["people"],
        removed=went["removed"],
        now=said.get(True, Said()),
        before=said.get(False, Said()),
        joined_by=came,
    )


def by_day(group_ids: Collection[int], since: datetime, until: datetime) -> list[Day]:
    """Every local day of the span, also those on which nothing happened."""
    scope = scope_of(group_ids, since, until)
    with duck.open(see(scope, ("messages", "events"))) as session:
        said = {row["day"]: row for row in session.run("talk_by_day", {})}
        moved = {row["day"]: row for row in session.run("moves_by_day", {})}
    return [_day(day, said.get(day, {}), moved.get(day, {})) for day in scope.days()]


def _day(day: date, said: Row, moved: Row) -> Day:
    return Day(day, said.get("messages", 0), said.get("speakers", 0), moved.get("joined", 0), moved.get("gone", 0))


def heat(group_ids: Collection[int], since: datetime, until: datetime) -> tuple[tuple[int, ...], ...]:
    """Messages of members by weekday (seven rows, Monday first) and local hour (24)."""
    with duck.open(see(scope_of(group_ids, since, until), ("messages",))) as session:
        found = {(row["weekday"], row["hour"]): row["value"] for row in session.run("active_hours", {})}
    return tuple(tuple(found.get((weekday, hour), 0) for hour in range(24)) for weekday in range(1, 8))


def hours(group_ids: Collection[int], since: datetime, until: datetime) -> tuple[int, ...]:
    """Messages of members by local hour of the day, 24 of them."""
    return tuple(sum(column) for column in zip(*heat(group_ids, since, until), strict=True))


def top_speakers(group_ids: Collection[int], since: datetime, until: datetime, limit: int = 10) -> list[Speaker]:
    """Who said most, most first; equals in the order we came to know them."""
    with duck.open(see(scope_of(group_ids, since, until), ("messages",))) as session:
        rows = session.run("top_speakers", {"limit": limit})
    names = names_of([row["person_id"] for row in rows])
    return [
        Speaker(
            person_id=row["person_id"],
            name=_name(names, row["person_id"]),
            messages=row["messages"],
            days=row["days"],
            share=row["messages"] / row["of_all"],
        )
        for row in rows
    ]


def _name(names: Mapping[int, object], person_id: int) -> str:
    return str(getattr(names.get(person_id), "name", "") or f"#{person_id}")


def weeks_of(group_ids: Collection[int], now: datetime) -> dict[int, Weeks]:
    """Eight weeks of talk for each of these groups, for lists; see ``Weeks`` for what a week is."""
    groups = list_counted_groups(group_ids=group_ids)
    last = {group.id: local_day(now, group.timezone) for group in groups}
    counts: dict[int, list[int]] = {group.id: [0] * WEEKS for group in groups}
    rows = DayCount.objects.filter(
        group_id__in=counts, day__gte=now.date() - timedelta(days=7 * WEEKS + 1), day__lte=now.date()
    )
    for group_id, day, messages in rows.values_list("group_id", "day", "messages"):
        ago = ((last[group_id] - day).days - 1) // 7
        if 0 <= ago < WEEKS:
            counts[group_id][WEEKS - 1 - ago] += messages
    return {group.id: Weeks(group.id, group.name, tuple(counts[group.id])) for group in groups}


def quiet_groups(now: datetime, community_ids: Collection[int] | None = None, limit: int = 5) -> list[Weeks]:
    """Groups with at most 70 % of the talk of the week before, the quietest first.

    Groups in which fewer than 20 messages were said the week before are left out: one chatty evening more or less is no
    news.
    """
    zones = list_community_zones(community_ids)
    today = min((local_day(now, zone) for zone in zones.values()), default=now.date())
    days = [today - timedelta(days=ago) for ago in range(1, 15)]  # named one by one, else the database walks all years
    week = Q(day__gte=today - timedelta(days=7))
    rows = (
        DayCount.objects.filter(day__in=days, group_id__gt=0)
        .order_by()
        .values("group_id")
        .annotate(this=Coalesce(Sum("messages", filter=week), 0), last=Coalesce(Sum("messages", filter=~week), 0))
        .filter(last__gte=QUIET_FROM, this__lte=F("last") * QUIET_SHARE)
        .annotate(share=F("this") * 1.0 / F("last"))
        .order_by("share", "-last", "group_id")
    )
    if community_ids is not None:
        rows = rows.filter(community_id__in=community_ids)
    found = [row["group_id"] for row in rows[:limit]]
    weeks = weeks_of(found, now)
    return [weeks[group_id] for group_id in found if group_id in weeks]


def since_yesterday(now: datetime, community_ids: Collection[int] | None = None) -> Yesterday:
    """Yesterday (each community's own) and today so far, beside what is usual; None means all communities."""
    zones = list_community_zones(community_ids)
    far = now.date() - timedelta(days=BACK_TO_SAME_WEEKDAYS)
    days = _Days()
    for row in DayCount.objects.filter(community_id__in=zones, group_id=0, day__gte=far):
        days.add((local_day(now, zones[row.community_id]) - row.day).days, row)
    return Yesterday(
        groups=count_groups_of(zones),
        members=days.members(zones),
        joined=days.sum("joined", 1),
        left=days.sum("gone", 1),
        messages=days.sum("messages", 1),
        speakers=days.sum("speakers", 1),
        usual_speakers=sum(days.sum("speakers", ago) for ago in range(2, DAYS_SHOWN + 2)) / DAYS_SHOWN,
        joined_days=days.spark("joined"),
        speakers_days=days.spark("speakers"),
        messages_days=days.spark("messages"),
        messages_today=days.sum("messages", 0),
        joined_today=days.sum("joined", 0),
        left_today=days.sum("gone", 0),
        hours=tuple(days.hours(1)),
        usual_hours=tuple(sum(four) / 4 for four in zip(*(days.hours(ago) for ago in SAME_WEEKDAYS), strict=True)),
        as_of=days.as_of,
    )


class _Days:
    """Rows of whole communities by how many days ago they were."""

    def __init__(self) -> None:
        self._rows: dict[int, list[DayCount]] = defaultdict(list)
        self.as_of: datetime | None = None

    def add(self, ago: int, row: DayCount) -> None:
        self._rows[ago].append(row)
        self.as_of = max(self.as_of or row.counted_at, row.counted_at)

    def sum(self, name: str, ago: int) -> int:
        return sum(getattr(row, name) for row in self._rows[ago])

    def spark(self, name: str) -> tuple[int, ...]:
        """The last seven whole days, oldest first."""
        return tuple(self.sum(name, ago) for ago in range(DAYS_SHOWN, 0, -1))

    def hours(self, ago: int) -> list[int]:
        rows = [row.hours for row in self._rows[ago] if row.hours]
        return [sum(row[hour] for row in rows) for hour in range(24)]

    def members(self, community_ids: Collection[int]) -> int:
        """As last counted; counted now for communities of which nothing was ever counted."""
        known = dict.fromkeys(community_ids, 0)
        for row in sorted((row for rows in self._rows.values() for row in rows if row.members), key=_by_day):
            known[row.community_id] = row.members
        unknown = [pk for pk, members in known.items() if not members]
        fresh = count_identities_by_community(unknown) if unknown else {}
        return sum(known.values()) + sum(fresh.values())


def _by_day(row: DayCount) -> date:
    return row.day

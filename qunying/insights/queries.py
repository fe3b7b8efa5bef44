"""Numbers for pages and reports: typed, about groups and a span of time, never older than the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from qunying.communities.queries import list_counted_groups
from qunying.insights.engines import duck
from qunying.insights.engines.base import Row
from qunying.insights.scope import Scope, scope_of, span_with_before
from qunying.insights.world import see
from qunying.people.queries import count_identities_present, names_of

WEEK = timedelta(days=7)
WEEKS = 8
QUIET_FROM = 20
QUIET_SHARE = 0.7
ANY_SHARE = 1e12
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
    """Messages of members in a group in the last eight times seven days, oldest first; the last one ends now."""

    group_id: int
    name: str
    counts: tuple[int, ...]

    @property
    def change(self) -> float | None:
        """The last seven days against the seven before, as a share of those; None where nothing was said then."""
        this, last = self.counts[-1], self.counts[-2]
        return (this - last) / last if last else None


@dataclass(frozen=True, slots=True)
class Yesterday:
    """What happened since yesterday; sparks end with yesterday, oldest first. Hours are of yesterday.

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
    """Eight weeks of talk for each of these groups."""
    scope = scope_of(group_ids, now - WEEKS * WEEK, now)
    return {weeks.group_id: weeks for weeks in _weeks(scope, least=0, most=ANY_SHARE, limit=len(scope.groups))}


def quiet_groups(now: datetime, group_ids: Collection[int] | None = None, limit: int = 5) -> list[Weeks]:
    """Groups with at most 70 % of the talk of the week before, the quietest first.

    A week is seven times 24 hours before ``now``, so that both have the same weekdays. Groups in which fewer than 20
    messages were said the week before are left out: one chatty evening more or less is no news.
    """
    groups = tuple(list_counted_groups(group_ids=group_ids))
    return _weeks(Scope(groups, now - WEEKS * WEEK, now), least=QUIET_FROM, most=QUIET_SHARE, limit=limit)


def _weeks(scope: Scope, *, least: int, most: float, limit: int) -> list[Weeks]:
    names = {group.id: group.name for group in scope.groups}
    with duck.open(see(scope, ("messages",))) as session:
        rows = session.run("weeks", {"until": scope.until, "least": least, "most": most, "limit": limit})
    return [Weeks(row["group_id"], names[row["group_id"]], tuple(row["weeks"])) for row in rows]


def since_yesterday(now: datetime, group_ids: Collection[int] | None = None) -> Yesterday:
    """Yesterday (each group's own) and today so far, beside what is usual."""
    groups = tuple(list_counted_groups(group_ids=group_ids))
    scope = Scope(groups, now - timedelta(days=BACK_TO_SAME_WEEKDAYS), now)
    with duck.open(see(scope, ("messages", "events"))) as session:
        said = {row["days_ago"]: row for row in session.run("days_ago", {"most": DAYS_SHOWN + 1})}
        moved = {row["days_ago"]: row for row in session.run("moves_days_ago", {"most": DAYS_SHOWN})}
        clock = {row["hour"]: row for row in session.run("hours_of_days_ago", {})}
    shown = range(DAYS_SHOWN, 0, -1)
    before = [_of(said, ago, "speakers") for ago in range(2, DAYS_SHOWN + 2)]
    return Yesterday(
        groups=len(groups),
        members=count_identities_present(None if group_ids is None else scope.group_ids),
        joined=_of(moved, 1, "joined"),
        left=_of(moved, 1, "gone"),
        messages=_of(said, 1, "messages"),
        speakers=_of(said, 1, "speakers"),
        usual_speakers=sum(before) / len(before),
        joined_days=tuple(_of(moved, ago, "joined") for ago in shown),
        speakers_days=tuple(_of(said, ago, "speakers") for ago in shown),
        messages_days=tuple(_of(said, ago, "messages") for ago in shown),
        messages_today=_of(said, 0, "messages"),
        joined_today=_of(moved, 0, "joined"),
        left_today=_of(moved, 0, "gone"),
        hours=tuple(_of(clock, hour, "messages") for hour in range(24)),
        usual_hours=tuple(_of(clock, hour, "before") / 4 for hour in range(24)),
    )


def _of(rows: Mapping[int, Row], key: int, name: str) -> int:
    return int(rows[key][name]) if key in rows else 0

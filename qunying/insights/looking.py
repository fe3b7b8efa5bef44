"""Numbers about a few groups, asked of lake and database and never old: read once, then asked many questions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qunying.communities.queries import list_counted_groups
from qunying.insights.engines import duck
from qunying.insights.engines.base import Row, Session
from qunying.insights.scope import Scope, scope_of, span_with_before
from qunying.insights.world import see
from qunying.people.queries import count_identities_present, names_of

TALK_AND_MOVES = ("messages", "events")


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
class Moved:
    """How many came and left.

    ``joined_by`` is new members per way they came (platform words such as ``invite`` or ``qr``, most first; '' where it
    is not known); ``removed`` are among those who ``left``.
    """

    joined_by: Mapping[str, int]
    left: int
    removed: int

    @property
    def joined(self) -> int:
        """New members, however they came."""
        return sum(self.joined_by.values())


@dataclass(frozen=True, slots=True)
class Portrait:
    """Groups over a span, beside the one before it.

    ``members`` counts everybody who sits there now, as the platform does. ``joined_by`` is as in ``Moved``.
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
class Look:
    """Questions about the same groups over spans within one scope; what they need was read before the first one."""

    scope: Scope
    session: Session

    def ask(self, question: str, since: datetime, until: datetime | None = None, **params: Any) -> list[Row]:
        """The rows of that question over a part of the scope; ``until`` is the scope's where it is not given."""
        return self.session.run(question, params, (since, until or self.scope.until))

    def said(self, since: datetime, before_since: datetime, before_until: datetime) -> tuple[Said, Said]:
        """What was said since then, and in the span before."""
        rows = self.ask("portrait", before_since, middle=since, before_until=before_until)
        found = {row.pop("is_now"): Said(**row) for row in rows}
        return found.get(True, Said()), found.get(False, Said())

    def moved(self, since: datetime) -> Moved:
        """Who came and who went since then."""
        rows = self.ask("moved", since, middle=since)
        gone = next((row for row in rows if row["name"] == "member.left"), {"people": 0, "removed": 0})
        came = {row["via"]: row["people"] for row in rows if row["name"] == "member.joined"}
        return Moved(came, gone["people"], gone["removed"])

    def portrait(self, since: datetime) -> Portrait:
        """Who is there, who came and went, what was said, against the span before, which must lie in the scope."""
        span = span_with_before(since, self.scope.until, self._zone)
        now, before = self.said(since, span.before_since, span.before_until)
        moved = self.moved(since)
        return Portrait(
            members=count_identities_present(self.scope.group_ids),
            joined=moved.joined,
            left=moved.left,
            removed=moved.removed,
            now=now,
            before=before,
            joined_by=moved.joined_by,
        )

    def by_day(self, since: datetime) -> list[Day]:
        """Every local day of the span, also those on which nothing happened."""
        return self.by_day_beside(since, since, since)[0]

    def by_day_beside(
        self, since: datetime, before_since: datetime, before_until: datetime
    ) -> tuple[list[Day], list[Day]]:
        """Every local day since then, and every one of the span before, of which only what was said is told."""
        rows = self.ask("talk_by_day", before_since, middle=since, before_until=before_until)
        said = {(row["is_now"], row["day"]): row for row in rows}
        moved = {row["day"]: row for row in self.ask("moves_by_day", since)}
        now, before = (
            Scope(self.scope.groups, *span).days() for span in ((since, self.scope.until), (before_since, before_until))
        )
        return (
            [_day(day, said.get((True, day), {}), moved.get(day, {})) for day in now],
            [_day(day, said.get((False, day), {}), {}) for day in before],
        )

    def heat(self, since: datetime) -> tuple[tuple[int, ...], ...]:
        """Messages of members by weekday (seven rows, Monday first) and local hour (24)."""
        found = {(row["weekday"], row["hour"]): row["value"] for row in self.ask("active_hours", since)}
        return tuple(tuple(found.get((weekday, hour), 0) for hour in range(24)) for weekday in range(1, 8))

    def top_speakers(self, since: datetime, limit: int = 10) -> list[Speaker]:
        """Who said most, most first; equals in the order we came to know them."""
        rows = self.ask("top_speakers", since, limit=limit)
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

    @property
    def _zone(self) -> str:
        return self.scope.groups[0].timezone if self.scope.groups else "UTC"


@contextmanager
def look_at(scope: Scope, sources: Collection[str] = TALK_AND_MOVES) -> Iterator[Look]:
    """Reads what questions about this scope need, once."""
    with duck.open(see(scope, sources)) as session:
        session.keep()
        yield Look(scope, session)


def portrait(group_ids: Collection[int], since: datetime, until: datetime) -> Portrait:
    """Who is there, who came and went, what was said, against the span before (see ``Span``)."""
    groups = tuple(list_counted_groups(group_ids=group_ids))
    span = span_with_before(since, until, groups[0].timezone if groups else "UTC")
    with look_at(Scope(groups, span.before_since, until)) as look:
        return look.portrait(since)


def by_day(group_ids: Collection[int], since: datetime, until: datetime) -> list[Day]:
    """Every local day of the span, also those on which nothing happened."""
    with look_at(scope_of(group_ids, since, until)) as look:
        return look.by_day(since)


def heat(group_ids: Collection[int], since: datetime, until: datetime) -> tuple[tuple[int, ...], ...]:
    """Messages of members by weekday (seven rows, Monday first) and local hour (24)."""
    with look_at(scope_of(group_ids, since, until), ("messages",)) as look:
        return look.heat(since)


def hours(group_ids: Collection[int], since: datetime, until: datetime) -> tuple[int, ...]:
    """Messages of members by local hour of the day, 24 of them."""
    return tuple(sum(column) for column in zip(*heat(group_ids, since, until), strict=True))


def top_speakers(group_ids: Collection[int], since: datetime, until: datetime, limit: int = 10) -> list[Speaker]:
    """Who said most, most first; equals in the order we came to know them."""
    with look_at(scope_of(group_ids, since, until), ("messages",)) as look:
        return look.top_speakers(since, limit)


def _day(day: date, said: Row, moved: Row) -> Day:
    return Day(day, said.get("messages", 0), said.get("speakers", 0), moved.get("joined", 0), moved.get("gone", 0))


def _name(names: Mapping[int, object], person_id: int) -> str:
    return str(getattr(names.get(person_id), "name", "") or f"#{person_id}")

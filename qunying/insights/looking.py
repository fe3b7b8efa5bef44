"""Numbers about a few groups, asked of lake and database and never old: read once, then asked many questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from qunying.communities.queries import list_counted_groups
from qunying.insights.aside import Aside
from qunying.insights.columns import Moves, People, Talk
from qunying.insights.engines import chosen
from qunying.insights.scope import Scope, scope_of, span_with_before
from qunying.insights.world import see
from qunying.people.queries import count_identities_present, names_of

TALK_AND_MOVES = ("messages", "events")
TOP = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What members said in a span. ``known`` are messages whose sender is known, ``by_three`` those of the top three."""

    messages: int = 0
    recalled: int = 0
    speakers: int = 0
    known: int = 0
    by_three: int = 0

    @property
    def is_by_nobody(self) -> bool:
        """Whether something was said and of none of it is known who said it: then nobody can be counted."""
        return self.messages > 0 and not self.known

    @property
    def heard(self) -> int | None:
        """How many members spoke; None where nobody can be counted."""
        return None if self.is_by_nobody else self.speakers

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
    talk: Talk
    moves: Moves
    people: People

    def said(self, since: datetime, before_since: datetime, before_until: datetime) -> tuple[Said, Said]:
        """What was said since then, and in the span before."""
        return _said(self.talk.between(since, self.scope.until)), _said(self.talk.between(before_since, before_until))

    def moved(self, since: datetime) -> Moved:
        """Who came and who went since then."""
        moves = self.moves.between(since, self.scope.until)
        return Moved(moves.joined_by(), *moves.left())

    def newcomers(self, since: datetime) -> dict[int, dict[int, datetime]]:
        """By group, when each of those who came since then first came, in that order."""
        return self.moves.between(since, self.scope.until).newcomers()

    def silent(self, since: datetime) -> tuple[int, int, int]:
        """How many members sit there, how many of them said nothing since then, and how many of those never did."""
        return self.people.silent(self.talk.between(since, self.scope.until))

    def portrait(self, since: datetime) -> Portrait:
        """Who is there, who came and went, what was said, against the span before, which must lie in the scope."""
        span = span_with_before(since, self.scope.until, self._zone)
        now, before = self.said(since, span.before_since, span.before_until)
        moved = self.moved(since)
        return Portrait(
            members=count_identities_present(self.scope.living_ids),
            joined=moved.joined,
            left=moved.left,
            removed=moved.removed,
            now=now,
            before=before,
            joined_by=moved.joined_by,
        )

    def by_day(self, since: datetime, until: datetime | None = None) -> list[Day]:
        """Every local day of the span, also those on which nothing happened; ``until`` is the scope's where not given."""
        until = until or self.scope.until
        said, moved = self.talk.between(since, until).by_day(), self.moves.between(since, until).by_day()
        days = Scope(self.scope.groups, since, until).days()
        return [Day(day, *said.get(day, (0, 0)), *moved.get(day, (0, 0))) for day in days]

    def heat(self, since: datetime) -> tuple[tuple[int, ...], ...]:
        """Messages of members by weekday (seven rows, Monday first) and local hour (24)."""
        return tuple(map(tuple, self.talk.between(since, self.scope.until).by_hour().tolist()))

    def top_speakers(self, since: datetime, limit: int = 10) -> list[Speaker]:
        """Who said most, most first; equals in the order we came to know them."""
        talk = self.talk.between(since, self.scope.until).of_known()
        found = talk.by_person(limit)
        names = names_of([person for person, _, _ in found])
        return [
            Speaker(person, _name(names, person), messages, days, messages / len(talk.person_id))
            for person, messages, days in found
        ]

    @property
    def _zone(self) -> str:
        return self.scope.groups[0].timezone if self.scope.groups else "UTC"


def look_at(
    scope: Scope, sources: Collection[str] = TALK_AND_MOVES, aside: Aside | None = None, *, may_lag: bool = False
) -> Look:
    """Reads what questions about this scope need, once; what is not among the ``sources`` stays empty. See ``world.see``."""
    with chosen.open(see(scope, sources, may_lag=may_lag, aside=aside)) as session:
        return Look(
            scope,
            Talk.read(session) if "messages" in sources else Talk.none(),
            Moves.read(session) if "events" in sources else Moves.none(),
            People.read(session) if "memberships" in sources else People.none(),
        )


def _said(talk: Talk) -> Said:
    by_member = talk.by_member()
    return Said(
        messages=len(talk.said_us),
        recalled=int(talk.is_recalled.sum()),
        speakers=len(by_member),
        known=int(by_member.sum()),
        by_three=int(by_member[:TOP].sum()),
    )


def portrait(group_ids: Collection[int], since: datetime, until: datetime) -> Portrait:
    """Who is there, who came and went, what was said, against the span before (see ``Span``)."""
    groups = tuple(list_counted_groups(group_ids=group_ids))
    span = span_with_before(since, until, groups[0].timezone if groups else "UTC")
    return look_at(Scope(groups, span.before_since, until)).portrait(since)


def by_day(group_ids: Collection[int], since: datetime, until: datetime) -> list[Day]:
    """Every local day of the span, also those on which nothing happened."""
    return look_at(scope_of(group_ids, since, until)).by_day(since)


def heat(group_ids: Collection[int], since: datetime, until: datetime) -> tuple[tuple[int, ...], ...]:
    """Messages of members by weekday (seven rows, Monday first) and local hour (24)."""
    return look_at(scope_of(group_ids, since, until), ("messages",)).heat(since)


def hours(group_ids: Collection[int], since: datetime, until: datetime) -> tuple[int, ...]:
    """Messages of members by local hour of the day, 24 of them."""
    return tuple(sum(column) for column in zip(*heat(group_ids, since, until), strict=True))


def top_speakers(group_ids: Collection[int], since: datetime, until: datetime, limit: int = 10) -> list[Speaker]:
    """Who said most, most first; equals in the order we came to know them."""
    return look_at(scope_of(group_ids, since, until), ("messages",)).top_speakers(since, limit)


def _name(names: Mapping[int, object], person_id: int) -> str:
    return str(getattr(names.get(person_id), "name", "") or f"#{person_id}")

"""Whether those on a shortlist stayed, and what they started since, beside as long a time before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from qunying.insights.scope import local_day, midnight
from qunying.people.queries import list_identities_of, list_present_people
from qunying.people.shortlists import ShortlistedRow
from qunying.talk.answering import list_begun_of, list_moments_of

COMPARED = 30  # days at most, on either side


@dataclass(frozen=True, slots=True)
class Time:
    """What somebody did in a stretch of days."""

    days: int = 0
    openings: int = 0


@dataclass(frozen=True, slots=True)
class Followed:
    """Somebody on a list: whether they are still there, and what they did in ``span`` days before and since (0: nothing
    can be said yet)."""

    person_id: int
    name: str
    added_at: datetime
    is_present: bool
    span: int
    before: Time
    since: Time


@dataclass(frozen=True, slots=True)
class _Compared:
    """The local days [before, added) and [since, today) of one person, as ordinals."""

    before: int
    added: int
    since: int
    today: int

    @classmethod
    def of(cls, added_at: datetime, zone: str, now: datetime) -> _Compared:
        added, today = (local_day(moment, zone).toordinal() for moment in (added_at, now))
        span = min(COMPARED, today - added)
        return cls(added - span, added, today - span, today)


def follow(people: Sequence[ShortlistedRow], community_id: int, zone: str, now: datetime) -> list[Followed]:
    """Those on a list, each from the day on which they were put there; whole days only. A constant number of queries."""
    if not people:
        return []
    persons = {one.person_id for one in people}
    accounts, present = list_identities_of(persons), list_present_people(persons, community_id)
    spans = {one.person_id: _Compared.of(one.added_at, zone, now) for one in people}
    said = _days(list_moments_of, accounts, community_id, list(spans.values()), zone)
    begun = _days(list_begun_of, accounts, community_id, list(spans.values()), zone)
    return [
        Followed(
            one.person_id,
            one.name,
            one.added_at,
            one.person_id in present,
            span.today - span.since,
            _time(said[one.person_id], begun[one.person_id], span.before, span.added),
            _time(said[one.person_id], begun[one.person_id], span.since, span.today),
        )
        for one in people
        for span in [spans[one.person_id]]
    ]


_Read = Callable[[list[int], int, datetime, datetime], list[tuple[int, datetime]]]


def _days(
    read: _Read, accounts: Mapping[int, int], home: int, spans: Sequence[_Compared], zone: str
) -> dict[int, Counter[int]]:
    """Per person how often on which local day, over all that is compared."""
    ends = [(min(one.before for one in spans), max(one.added for one in spans))]
    ends.append((max(ends[0][1], min(one.since for one in spans)), spans[0].today))
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for first, end in ends:
        for identity, at in read(list(accounts), home, _midnight(first, zone), _midnight(end, zone)):
            found[accounts[identity]][local_day(at, zone).toordinal()] += 1
    return found


def _midnight(day: int, zone: str) -> datetime:
    return midnight(date.fromordinal(day), zone)


def _time(said: Counter[int], begun: Counter[int], first: int, end: int) -> Time:
    return Time(
        sum(first <= day < end for day in said), sum(count for day, count in begun.items() if first <= day < end)
    )

"""Whom the days before are looked at of: those who left or fell silent, and as many of those who did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import Any, NamedTuple, TypeVar

from qunying.insights.aside import apart
from qunying.insights.columns import EPOCH, Moves
from qunying.insights.looking import look_at
from qunying.insights.scope import Scope
from qunying.people.leaving import count_whys_of_seats
from qunying.people.queries import list_odd_identities, list_seats_in

AT_MOST = 1000  # of each side; more tell no more
LEFT, SILENT = "left", "silent"


class Case(NamedTuple):
    """Somebody in a group, and the moment up to which one looks back."""

    group_id: int
    identity_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Sides:
    """Those who went and those who stayed, a member of two groups once for each.

    Of more than ``AT_MOST`` some stand for all, always the same; ``went`` and ``stayed`` count everybody. ``removed`` were
    removed by somebody and are on neither side.
    """

    gone: tuple[Case, ...]
    stayers: tuple[Case, ...]
    went: int
    stayed: int
    removed: int


def whys_of(sides: Sides, scope: Scope) -> Counter[str]:
    """The reasons written down of those who went (of the ``gone``); whoever is in none, nobody knows of."""
    return count_whys_of_seats(scope.group_ids, {(case.group_id, case.identity_id) for case in sides.gone})


class _Seat(NamedTuple):
    group_id: int
    identity_id: int
    is_present: bool
    joined_at: datetime | None
    left_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None


def sides_of_leaving(scope: Scope) -> Sides:
    """Who left by themselves in the span, up to when they did; who sat there then and at its end, up to some moment of it.

    The moments of those who stayed are spread evenly over the time in which they were there.
    """
    last, removed = _last_leaves(look_at(scope, ("events",)).moves)
    seats = list(_seats(scope))
    gone = [
        Case(seat.group_id, seat.identity_id, last[seat.group_id, seat.identity_id])
        for seat in seats
        if (seat.group_id, seat.identity_id) in last and not _sits(seat, scope.until)
    ]
    there = [seat for seat in seats if _sits(seat, scope.until) and _began(seat, scope.since) < scope.until]
    stayers = [
        Case(seat.group_id, seat.identity_id, _moment(seat, _began(seat, scope.since), scope.until))
        for seat in _some(there)
    ]
    return Sides(tuple(_some(gone)), tuple(stayers), len(gone), len(there), removed)


def sides_of_silence(scope: Scope, days: int) -> Sides:
    """Who said their last word in the span and at least so many days before its end, up to that word; and who spoke since.

    Those who spoke since had spoken before that time, too; their moments are spread over it. Everybody still sits there.
    """
    quiet_from = scope.until - timedelta(days=days)
    spoke = [seat for seat in _seats(scope) if seat.first_at and seat.last_at and _sits(seat, scope.until)]
    gone = [
        Case(seat.group_id, seat.identity_id, seat.last_at + timedelta(microseconds=1))
        for seat in spoke
        if seat.last_at and scope.since <= seat.last_at < quiet_from
    ]
    there = [seat for seat in spoke if seat.last_at and seat.last_at >= quiet_from and _first(seat) < quiet_from]
    stayers = [
        Case(seat.group_id, seat.identity_id, _moment(seat, max(_first(seat), scope.since), quiet_from))
        for seat in _some(there)
    ]
    return Sides(tuple(_some(gone)), tuple(stayers), len(gone), len(there), 0)


def _first(seat: _Seat) -> datetime:
    return seat.first_at or EPOCH


def _sits(seat: _Seat, at: datetime) -> bool:
    return seat.is_present or (seat.left_at is not None and seat.left_at >= at)


def _began(seat: _Seat, since: datetime) -> datetime:
    known = [at for at in (seat.joined_at, seat.first_at) if at is not None]
    return max(since, min(known, default=since))


def _last_leaves(moves: Moves) -> tuple[dict[tuple[int, int], datetime], int]:
    """When each (group, identity) left for the last time by themselves, and how many were removed instead."""
    last: dict[tuple[int, int], tuple[int, bool]] = {}
    columns = (moves.group_id, moves.identity_id, moves.happened_us, moves.is_in, moves.is_removed)
    for group, identity, at, is_in, is_removed in zip(*(column.tolist() for column in columns), strict=True):
        if not is_in and at >= last.get((group, identity), (0, False))[0]:
            last[group, identity] = (at, is_removed)
    left = {key: EPOCH + timedelta(microseconds=at) for key, (at, is_removed) in last.items() if not is_removed}
    return left, len(last) - len(left)


def _seats(scope: Scope) -> Iterator[_Seat]:
    """Memberships of members, of some people only where the scope is; colleagues and programs are left out."""
    odd = list_odd_identities(scope.group_ids)
    bots, persons = {one for one, _, is_bot in odd if is_bot}, {one: person for one, person, _ in odd}
    only = None if scope.people is None else frozenset(scope.people)
    outside = {(group, identity) for group, identity, _ in apart(scope, bots)}
    for _, group, identity, is_present, joined, left, first, last, *_ in zip(
        *list_seats_in(scope.group_ids), strict=True
    ):
        if (group, identity) not in outside and (only is None or persons.get(identity, identity) in only):
            yield _Seat(group, identity, bool(is_present), *map(_time, (joined, left, first, last)))


def _time(value: Any) -> datetime | None:
    """A moment as the database gives it: some give text in UTC."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _chance(group_id: int, identity_id: int) -> float:
    """0 to 1: as good as drawn by lot, and the same every time."""
    digest = blake2s(f"{group_id}:{identity_id}".encode(), digest_size=7).digest()
    return int.from_bytes(digest) / 256**7


Seated = TypeVar("Seated", Case, _Seat)


def _some(found: Sequence[Seated]) -> Iterable[Seated]:
    if len(found) <= AT_MOST:
        return found
    return sorted(found, key=lambda one: _chance(one.identity_id, one.group_id))[:AT_MOST]


def _moment(seat: _Seat, begin: datetime, end: datetime) -> datetime:
    return begin + (end - begin) * _chance(seat.group_id, seat.identity_id)

"""Who stands on which rung of a community's ladder, as the people they are now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from qunying.people.models import Identity, Standing
from qunying.people.whoever import accounts_of
from qunying.store import rows

SIZES = 5000
RUNG_CODES = ("active", "core", "leader")  # from below


@dataclass(frozen=True, slots=True)
class StandingRow:
    """Where somebody stands; ``below`` is by rung code, the day's ordinal."""

    person_id: int
    rung: str
    since: date
    below: Mapping[str, int] = field(default_factory=dict)
    falls_on: date | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """People of a ladder who have become one with others since they were put on it: under which id who stands ``now``, and
    whose row is ``hidden``, because the same person stands as high or higher with another."""

    now: Mapping[int, int] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()

    def row(self, row: StandingRow) -> StandingRow:
        """That row with whoever it is about now."""
        return replace(row, person_id=self.now.get(row.person_id, row.person_id))


NOBODY_JOINED = Joined()


def find_joined(community_id: int) -> Joined:
    """Who of those on the ladder of a community has been joined with somebody; one query, a second where anybody was."""
    on = Standing.objects.filter(community=community_id)
    moved = Identity.objects.filter(~Q(person=F("pk")), pk__in=on.values("person"))
    now = {pk: person for pk, person in moved.values_list("pk", "person_id") if person}
    if not now:
        return NOBODY_JOINED
    theirs = accounts_of(set(now.values()))
    found = on.filter(person__in=rows.among(theirs)).values_list("person_id", "rung", "since")
    best: dict[int, tuple[int, int, int]] = {}
    for noted, rung, since in found:
        height = (RUNG_CODES.index(rung) if rung in RUNG_CODES else -1, -since.toordinal(), noted)
        best[theirs[noted]] = max(best.get(theirs[noted], height), height)
    kept = {noted for _rung, _since, noted in best.values()}
    return Joined(now, frozenset({noted for noted, *_rest in found} - kept))


_STANDING = ("person_id", "rung", "since", "below", "falls_on")


def list_standings(community_id: int) -> dict[int, StandingRow]:
    """Everybody who stands above the ordinary, as the people they are now."""
    joined = find_joined(community_id)
    found = Standing.objects.filter(community=community_id).values_list(*_STANDING)
    kept = (StandingRow(*row) for row in found.iterator(chunk_size=SIZES) if row[0] not in joined.hidden)
    return {one.person_id: one for one in map(joined.row, kept)}


def list_standings_of(community_id: int, person_ids: Collection[int]) -> dict[int, StandingRow]:
    """Where these people stand, with whichever of their accounts they stand highest; the ordinary are absent."""
    now = accounts_of(person_ids)
    found = Standing.objects.filter(community=community_id, person__in=rows.among(now)).order_by("-since", "person")
    stand = [StandingRow(*row) for row in found.values_list(*_STANDING)]
    stand.sort(key=lambda one: RUNG_CODES.index(one.rung) if one.rung in RUNG_CODES else -1)
    return {now[one.person_id]: replace(one, person_id=now[one.person_id]) for one in stand}


def list_on_rung(community_id: int, rung: str, limit: int, joined: Joined = NOBODY_JOINED) -> list[StandingRow]:
    """Who stands on that rung, whoever came up last first."""
    found = _seen(community_id, joined).filter(rung=rung).order_by("-since", "person")
    return [joined.row(StandingRow(*row)) for row in found.values_list(*_STANDING)[:limit]]


def list_falling(community_id: int, limit: int, joined: Joined = NOBODY_JOINED) -> list[StandingRow]:
    """Who loses a rung next, the nearest first."""
    found = _seen(community_id, joined).exclude(falls_on=None).order_by("falls_on", "person")
    return [joined.row(StandingRow(*row)) for row in found.values_list(*_STANDING)[:limit]]


def _seen(community_id: int, joined: Joined) -> QuerySet[Standing]:
    return Standing.objects.filter(community=community_id).exclude(person__in=joined.hidden)


def count_by_rung(community_ids: Collection[int], joined: Joined = NOBODY_JOINED) -> dict[tuple[int, str], int]:
    """How many stand on each rung of these communities; the ordinary are not counted."""
    stand = Standing.objects.filter(community__in=community_ids).exclude(person__in=joined.hidden)
    found = stand.order_by().values("community_id", "rung")
    return {(row["community_id"], row["rung"]): row["n"] for row in found.annotate(n=Count("pk"))}


def list_falling_counted(
    community_id: int, limit: int, joined: Joined = NOBODY_JOINED
) -> tuple[list[StandingRow], int]:
    """As ``list_falling``, with how many are within their days of grace; one query."""
    falling = _seen(community_id, joined).exclude(falls_on=None)
    told = falling.annotate(total=rows.counted(falling)).order_by("falls_on", "person")
    found: list[tuple[Any, ...]] = list(told.values_list("total", *_STANDING)[:limit])
    return [joined.row(StandingRow(*row[1:])) for row in found], found[0][0] if found else 0


def count_falling(community_id: int, joined: Joined = NOBODY_JOINED) -> int:
    """How many are within their days of grace."""
    return _seen(community_id, joined).exclude(falls_on=None).count()

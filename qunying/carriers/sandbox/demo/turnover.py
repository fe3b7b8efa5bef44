"""How many people come into and leave each group on each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from qunying.carriers.sandbox.demo.dice import dice
from qunying.carriers.sandbox.demo.folk import Group

JOINS_A_DAY = 38
LEAVES_A_DAY = 7
GROUPS_OF_THE_MOCK = 40
WAVE_SIZE = 11
TIGHT_ROOM = 10
FULL_INTAKE_DAYS = 60
SMALLEST_SHARE_AT_START = 0.4

_EAGERNESS = {"lively": 1.5, "steady": 1.0, "quieting": 0.5, "new": 2.5, "crowded": 0.12, "carried": 0.35}
# Days before the anchor → people, for the group that three members carry.
_CARRIED_JOINS = {40: 2, 35: 1, 28: 3, 27: 4, 26: 2, 25: 5, 24: 3, 23: 2, 22: 2, 17: 2, 12: 1, 6: 1, 5: 1, 3: 1, 1: 1}
_CARRIED_LEAVES = {33: 1, 19: 1, 11: 1, 4: 1, 2: 1}
STAFF_SEATS = 3


@dataclass(frozen=True, slots=True)
class History:
    """The days of every join and leave before the anchor, by group ref; a day stands there once per person."""

    joins: Mapping[str, list[date]]
    leaves: Mapping[str, list[date]]


def plan_history(seed: int, groups: Sequence[Group], anchor: date, first_day: date) -> History:
    """Told backwards from the anchor, so that every group has its size then and never too few people before."""
    joins: dict[str, list[date]] = {group.ref: _told_joins(seed, group, anchor, first_day) for group in groups}
    leaves: dict[str, list[date]] = {group.ref: _told_leaves(group, anchor, first_day) for group in groups}
    told = Counter(day for days in joins.values() for day in days)
    told_leaves = Counter(day for days in leaves.values() for day in days)
    free = [group for group in groups if group.temper not in ("new", "carried")]
    sizes = {group.ref: group.size for group in free}
    for back in range(1, (anchor - first_day).days + 1):
        day = anchor - timedelta(days=back)
        rng = dice(seed, "turnover", back)
        coming, going = day_totals(rng, len(groups), is_exact=back == 1)
        for ref in _draw_groups(rng, free, sizes, coming - min(told[day], coming // 2 + 6)):
            joins[ref].append(day)
            sizes[ref] -= 1
        for group in _draw_leaving(rng, [group for group in free if _has_room(group, sizes)], going - told_leaves[day]):
            leaves[group.ref].append(day)
            sizes[group.ref] += 1
    return History(joins, leaves)


def day_totals(rng: Random, groups: int, *, is_exact: bool = False) -> tuple[int, int]:
    """Joins and leaves of one day over all groups: about 38 and 7 over 40 groups, exactly so when asked."""
    scale = groups / GROUPS_OF_THE_MOCK
    if is_exact:
        return round(JOINS_A_DAY * scale), round(LEAVES_A_DAY * scale)
    return round(max(0.0, rng.gauss(JOINS_A_DAY, 5)) * scale), round(max(0.0, rng.gauss(LEAVES_A_DAY, 1.6)) * scale)


def plan_coming(seed: int, groups: Sequence[Group], anchor: date, day: date) -> Counter[str]:
    """How many newcomers each group gets on a day from the anchor on; fewer after two months, so that no group bursts."""
    rng = dice(seed, "coming", day)
    coming = day_totals(rng, len(groups))[0]
    if (day - anchor).days > FULL_INTAKE_DAYS:
        coming //= 5
    open_groups = [group for group in groups if not (group.temper == "carried" and day == anchor)]
    return Counter(_draw_groups(rng, open_groups, None, coming))


def _draw_groups(rng: Random, groups: list[Group], sizes: dict[str, int] | None, count: int) -> list[str]:
    if not groups or count <= 0:
        return []
    weights = [_EAGERNESS[group.temper] * max(1, group.capacity - group.size - TIGHT_ROOM) for group in groups]
    drawn = rng.choices(groups, weights, k=count)
    if rng.random() < 0.3 and count > 2 * WAVE_SIZE:
        drawn[:WAVE_SIZE] = [drawn[0]] * WAVE_SIZE
    if sizes is None:
        return [group.ref for group in drawn]
    kept: Counter[str] = Counter()
    return [_with_people_left(rng, groups, sizes, kept, group).ref for group in drawn]


def _with_people_left(
    rng: Random, groups: list[Group], sizes: dict[str, int], kept: Counter[str], wanted: Group
) -> Group:
    """The wanted group, or another where the history still has people to tell."""
    group = wanted
    for _ in range(50):
        if sizes[group.ref] - kept[group.ref] > group.size * SMALLEST_SHARE_AT_START:
            break
        group = rng.choice(groups)
    kept[group.ref] += 1
    return group


def _has_room(group: Group, sizes: dict[str, int]) -> bool:
    return sizes[group.ref] < group.capacity - 3


def _draw_leaving(rng: Random, groups: list[Group], count: int) -> list[Group]:
    if not groups or count <= 0:
        return []
    return rng.choices(groups, [group.size for group in groups], k=count)


def _told_joins(seed: int, group: Group, anchor: date, first_day: date) -> list[date]:
    if group.temper == "carried":
        return _days_back(_CARRIED_JOINS, anchor, first_day)
    if group.temper != "new":
        return []
    rng = dice(seed, "opening", group.ref)
    coming = group.size - STAFF_SEATS
    first_wave = round(coming * 0.4)
    age = (anchor - group.opened).days
    later = sorted(anchor - timedelta(days=rng.randint(1, age - 1)) for _ in range(coming - first_wave))
    return [group.opened] * first_wave + later


def _told_leaves(group: Group, anchor: date, first_day: date) -> list[date]:
    return _days_back(_CARRIED_LEAVES, anchor, first_day) if group.temper == "carried" else []


def _days_back(told: Mapping[int, int], anchor: date, first_day: date) -> list[date]:
    days = [anchor - timedelta(days=back) for back, people in told.items() for _ in range(people)]
    return [day for day in days if day >= first_day]

"""How much a group talks on a day, at which hours, and who does the talking."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate
from random import Random

from qunying.carriers.sandbox.demo.dice import dice
from qunying.carriers.sandbox.demo.folk import Group, Member, World

# Monday first. A week of the group that three members carry, and what each of the three says in it.
CARRIED_WEEK = (48, 61, 118, 44, 52, 58, 31)
CARRIED_LEADERS = ((13, 17, 32, 12, 14, 16, 8), (10, 12, 24, 9, 10, 12, 6), (7, 8, 16, 6, 7, 8, 4))
CARRIED_WEEK_BEFORE = (84, 92, 176, 78, 82, 90, 62)
CARRIED_VOICES = 50
LEADER_SHARES = (0.27, 0.2, 0.135)
EXACT_DAYS = 14

_WEEKDAYS = {
    "tea": (0.92, 0.98, 1.36, 0.92, 0.98, 0.98, 0.86),
    "read": (1.08, 1.06, 1.04, 1.02, 1.0, 0.88, 0.92),
    "light": (1.1, 1.08, 1.06, 1.04, 1.02, 0.84, 0.86),
    "trial": (0.98, 1.02, 1.04, 1.04, 1.02, 0.92, 0.98),
}
_HOURS = (18, 6, 3, 1, 2, 8, 44, 112, 158, 128, 116, 140, 224, 168, 124, 116, 128, 150, 208, 290, 446, 482, 256, 96)
_HOUR_TASTES = {
    "tea": {6: 0.6, 7: 0.7, 12: 0.8, 14: 1.2, 15: 1.3, 20: 1.15, 21: 1.1, 22: 1.2},
    "read": {5: 2.0, 6: 1.0, 7: 0.8, 8: 0.9, 12: 0.9, 22: 1.1, 23: 0.6, 0: 0.5},
    "light": {10: 1.3, 11: 1.7, 12: 1.5, 17: 1.4, 18: 1.5, 22: 0.7},
    "trial": {7: 0.8, 19: 1.2, 20: 1.1, 21: 1.1},
}


def _hour_weights(community: str) -> tuple[float, ...]:
    taste = _HOUR_TASTES.get(community, {})
    return tuple(accumulate(weight * taste.get(hour, 1.0) for hour, weight in enumerate(_HOURS)))


HOUR_WEIGHTS = {key: _hour_weights(key) for key in _WEEKDAYS}


def is_exact(world: World, group: Group, day: date) -> bool:
    """Whether the day's messages of this group are told to the message: the carried group's last two weeks and on."""
    return group.temper == "carried" and (day - world.anchor).days >= -EXACT_DAYS


def message_count(world: World, group: Group, day: date) -> int:
    """How many messages members and staff write in the group on this day; adverts come on top."""
    rel = (day - world.anchor).days
    rng = dice(world.seed, "count", group.ref, day)
    if group.temper == "carried":
        return _carried_count(rel, day.weekday(), rng)
    pace = group.pace * _WEEKDAYS[group.community][day.weekday()] * _level(group, rel, day)
    return max(1, round(pace * rng.uniform(0.9, 1.1)))


def deck_of(world: World, group: Group, day: date, present: list[Member], count: int, rng: Random) -> list[Member]:
    """Who speaks how often on the day, as a shuffled deck with one card per message."""
    if group.temper == "carried" and len(present) > CARRIED_VOICES:
        deck = _carried_deck(world, group, day, present, count, rng)
    else:
        weights = list(accumulate(member.person.talkativeness for member in present))
        deck = rng.choices(present, cum_weights=weights, k=count) if weights and weights[-1] > 0 else []
    rng.shuffle(deck)
    return deck


def leaders_of(group: Group, present: list[Member]) -> list[Member]:
    """The three members who carry a carried group, first the most talkative; nobody in other groups."""
    if group.temper != "carried":
        return []
    top = max((member.person.talkativeness for member in present), default=0.0)
    return [member for member in present if member.person.talkativeness == top][:3]


def _level(group: Group, rel: int, day: date) -> float:
    match group.temper:
        case "quieting":
            return (1 - group.drop) if rel >= -7 else 1.0 + min(0.1, -(rel + 7) * 0.002)
        case "lively":
            return min(1.15, max(0.85, 1 + rel * 0.002))
        case "new":
            return min(1.1, 0.35 + 0.04 * (day - group.opened).days)
        case _:
            return 1.0


def _carried_count(rel: int, weekday: int, rng: Random) -> int:
    if rel >= -7:
        return CARRIED_WEEK[weekday]
    if rel >= -EXACT_DAYS:
        return CARRIED_WEEK_BEFORE[weekday]
    return round(CARRIED_WEEK_BEFORE[weekday] * rng.uniform(0.94, 1.12))


def _carried_deck(
    world: World, group: Group, day: date, present: list[Member], count: int, rng: Random
) -> list[Member]:
    leaders, others = _leaders_and_others(world, group, day, present)
    rel, weekday = (day - world.anchor).days, day.weekday()
    shares = [
        told[weekday] if rel >= -7 else round(count * share)
        for told, share in zip(CARRIED_LEADERS, LEADER_SHARES, strict=True)
    ]
    deck = [leader for leader, cards in zip(leaders, shares, strict=True) for _ in range(cards)]
    left = count - len(deck)
    if rel < -7 or not others:
        return deck + rng.choices(others or leaders, k=left)
    return deck + _week_of_others(world, group, rel, weekday, others)[:left]


def _leaders_and_others(
    world: World, group: Group, day: date, present: list[Member]
) -> tuple[list[Member], list[Member]]:
    """The three, and those others who are there for the whole of the day's week."""
    speaking = [member for member in present if member.person.talkativeness > 0]
    leaders = leaders_of(group, present)
    week_start = world.anchor + timedelta(days=(day - world.anchor).days // 7 * 7)
    week_end = week_start + timedelta(days=7)
    others = [
        member
        for member in speaking
        if all(member is not leader for leader in leaders)
        and member.seat.joined < week_start
        and (member.seat.left is None or member.seat.left >= week_end)
    ]
    return leaders, others


def _week_of_others(world: World, group: Group, rel: int, weekday: int, others: list[Member]) -> list[Member]:
    """The day's part of a week in which exactly `CARRIED_VOICES` less the three leaders speak at least once."""
    rng = dice(world.seed, "week", group.ref, rel // 7)
    ours = rng.sample(others, min(len(others), CARRIED_VOICES - 3))
    cards = [CARRIED_WEEK[day] - sum(told[day] for told in CARRIED_LEADERS) for day in range(7)]
    spare = sum(cards) - len(ours)
    week = ours + rng.choices(ours, [member.person.talkativeness for member in ours], k=spare)
    rng.shuffle(week)
    start = sum(cards[:weekday])
    return week[start : start + cards[weekday]]

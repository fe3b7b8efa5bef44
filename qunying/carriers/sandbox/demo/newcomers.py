"""People who come in from the anchor on: nobody plans them ahead, yet each day always brings the same ones."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from qunying.carriers.sandbox.demo.dice import dice
from qunying.carriers.sandbox.demo.folk import Group, Member, Seat, World
from qunying.carriers.sandbox.demo.settling import draw_person, draw_via
from qunying.carriers.sandbox.demo.turnover import plan_coming


@lru_cache(maxsize=20_000)
def newcomers_of(world: World, group: Group, day: date) -> tuple[Member, ...]:
    """Who joins the group on a day from the anchor on; nobody before it, for those are in the world's rolls."""
    if day < world.anchor:
        return ()
    rng = dice(world.seed, "newcomers", group.ref, day)
    people = (
        draw_person(rng, f"n{day:%y%m%d}-{group.ref}-{number}", group)
        for number in range(_coming(world, day).get(group.ref, 0))
    )
    members = []
    for draft in people:
        carded = day + timedelta(days=rng.randint(1, 4)) if draft.card else None
        draft.seats.append(Seat(group.ref, day, draw_via(rng), None, carded))
        members.append(Member(draft.person(), draft.seats[0]))
    return tuple(members)


@lru_cache(maxsize=4_000)
def settled_newcomers(world: World, group: Group, day: date) -> tuple[Member, ...]:
    """Everybody who joined the group between the anchor and the day before this one."""
    days = (world.anchor + timedelta(days=ahead) for ahead in range((day - world.anchor).days))
    return tuple(member for earlier in days for member in newcomers_of(world, group, earlier))


@lru_cache(maxsize=500)
def _coming(world: World, day: date) -> dict[str, int]:
    return dict(plan_coming(world.seed, world.groups, world.anchor, day))

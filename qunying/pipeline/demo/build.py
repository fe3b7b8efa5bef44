"""Founds the demo's communities and groups and fills them with people and history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.carriers.sandbox.demo.days import members_at_start
from qunying.carriers.sandbox.demo.folk import Community, Group, Person, World
from qunying.carriers.sandbox.demo.world import make_world
from qunying.carriers.sandbox.room import ACCOUNT_NAME, ACCOUNT_REF, User, do_seat
from qunying.carriers.sandbox.worlds import Played, do_begin_world, do_mark_told, find_world
from qunying.communities.actions import (
    NewGroup,
    NewStaff,
    do_found_community,
    do_know_account,
    do_name_staff,
    do_register_group,
    do_set_mode,
)
from qunying.communities.actions_chain import do_lay_chain
from qunying.communities.queries import places_of_groups
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.kernel.texts import mark
from qunying.people.actions import Enrolled, do_enrol
from qunying.pipeline.demo.days import ZONE, arrivals_between, midnight
from qunying.pipeline.demo.remove import do_finish_removal
from qunying.pipeline.past.history import do_keep_history

SEED = 20140901
WEEKS = 8
LEAST_WEEKS = 4
AT_ONCE = 2000
ASKS_FIRST = frozenset({"light"})  # one community where a person approves every greeting, so that both can be seen
LIVE_DAYS = 1  # the last days of the past are told live, so that decisions can be seen

Watch = Callable[[int, int], object]


class DemoIsThere(BadUse):
    """There is one demo at most."""


def do_add_demo(
    now: datetime, *, groups: int = 40, weeks: int = WEEKS, seed: int = SEED, watch: Watch = lambda done, total: None
) -> None:
    """Founds the demo world and tells its history up to the midnight a day before ``now``'s; ``watch(days done, days in all)``.

    Raises ``DemoIsThere`` where it was told already, ``BadUse`` for fewer groups or weeks than make a world. What was begun
    and interrupted goes on; what is left of one that is being removed is taken out first.
    """
    if groups < 1 or weeks < LEAST_WEEKS:
        raise BadUse(mark("演示社群至少要 1 个群、%(weeks)s 周"), weeks=LEAST_WEEKS)
    played = find_world()
    if played is None:
        do_finish_removal(now)
        played = _do_found(make_world(seed, groups, anchor=_today(now), history_days=weeks * 7), now)
    elif played.is_told_to(midnight(played.anchor - timedelta(days=LIVE_DAYS))):
        raise DemoIsThere(mark("演示社群已经在了"))
    world = world_of(played)
    past = (world.anchor - world.first_day).days - LIVE_DAYS
    days = [world.first_day + timedelta(days=number) for number in range(past)]
    for number, day in enumerate(days):
        if not played.is_told_to(midnight(day + timedelta(days=1))):
            _do_tell_day(world, day)
        watch(number + 1, len(days))


def world_of(played: Played) -> World:
    """The world that is being played; the same in every process."""
    return make_world(played.seed, played.groups, anchor=played.anchor, history_days=played.history_days)


def _today(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def _do_found(world: World, now: datetime) -> Played:
    with transaction.atomic():
        account = do_know_account(SANDBOX.name, ACCOUNT_REF, ACCOUNT_NAME, at=now, is_demo=True)
        for community in world.communities:
            _do_found_community(world, community, account, midnight(world.first_day))
        return do_begin_world(
            seed=world.seed,
            groups=len(world.groups),
            anchor=world.anchor,
            history_days=(world.anchor - world.first_day).days,
            told_until=midnight(world.first_day),
        )


def _do_found_community(world: World, community: Community, account: int, at: datetime) -> None:
    groups = [group for group in world.groups if group.community == community.key]
    if not groups:
        return
    community_id = do_found_community(
        name=community.name,
        at=at,
        topic=community.topic,
        promise=community.promise,
        purpose=community.purpose,
        timezone=community.timezone,
        is_demo=True,
    )
    do_lay_chain(community_id, community.purpose[0], at=at, actor="demo")
    mode = Mode.SUGGEST if community.key in ASKS_FIRST else Mode.ACT
    do_set_mode("onboarding", mode, community_id=community_id, at=at, actor="demo")
    refs = {group.ref for group in groups}
    staff = [person for person in world.people if person.is_staff and refs & set(person.groups)]
    do_name_staff(community_id, [NewStaff(SANDBOX.name, one.ref, one.name, one.duty or "operator") for one in staff])
    for group in groups:
        _do_found_group(world, group, community_id, account, at)


def _do_found_group(world: World, group: Group, community_id: int, account: int, at: datetime) -> None:
    new = NewGroup(
        carrier=SANDBOX.name,
        ref=group.ref,
        carrier_name=group.carrier_name,
        remark=group.name,
        city=group.city,
        industry=group.industry,
        weight=group.weight,
        capacity=group.capacity,
        opened_at=midnight(group.opened),
        account_id=account,
    )
    group_id = do_register_group(community_id, new, at=at, actor="demo")
    people = members_at_start(world, group)
    do_enrol(SANDBOX.name, community_id, group_id, [_enrolled(person, group.ref) for person in people], at)
    do_seat(group.ref, [User(one.ref, one.name, one.card, one.role) for one in people])


def _enrolled(person: Person, group_ref: str) -> Enrolled:
    return Enrolled(person.ref, person.name, person.card, person.role, midnight(person.joined(group_ref)))


def _do_tell_day(world: World, day: date) -> None:
    places = places_of_groups(SANDBOX.name, {group.ref for group in world.groups})
    arrivals = arrivals_between(world, midnight(day), midnight(day + timedelta(days=1)))
    for first in range(0, len(arrivals), AT_ONCE):
        do_keep_history(SANDBOX, arrivals[first : first + AT_ONCE], places)
    do_mark_told(midnight(day + timedelta(days=1)))

"""Builds what a drill begins with: the community, its groups and people, deposits, modes, settings and what capabilities add."""

from __future__ import annotations

from collections.abc import Sequence

from qunying.communities.actions import (
    NewGroup,
    NewStaff,
    do_found_community,
    do_know_account,
    do_name_staff,
    do_register_group,
    do_set_mode,
    do_set_settings,
)
from qunying.people.actions import Enrolled, do_enrol
from qunying.pipeline.drill.deciding import do_sign_in
from qunying.pipeline.drill.deposits import do_pay_deposits
from qunying.pipeline.drill.lined import Lined
from qunying.pipeline.drill.script import Player
from qunying.pipeline.drill.stage import Actor, Seats
from qunying.pipeline.drill.world import World


def do_build(world: World) -> None:
    """Everything that is there before the first line; from then on the stage is heard."""
    script, at = world.script, world.now
    community = script.community
    world.community_id = do_found_community(
        name=community.get("name", "演练"),
        at=at,
        topic=community.get("topic", ""),
        promise=community.get("promise", ""),
        purpose=community.get("purpose", ()),
        timezone=script.zone.key,
        language=community.get("language", "zh-hans"),
    )
    world.stage.do_set_up(script, at)
    staff = [player for player in script.players.values() if player.duty]
    world.users = {one.id: do_sign_in(one.id, one.name, one.duty, world.community_id) for one in staff}
    do_name_staff(world.community_id, [NewStaff(*world.account_of(one.id), one.name, one.duty) for one in staff])
    account = do_know_account(world.stage.carrier, world.stage.account_ref, world.stage.account_name, at=at)
    for group in script.groups:
        _do_build_group(world, group, staff, account)
    do_pay_deposits(script.deposits, world.account_of, world.community_id, at)
    for name, mode in script.modes.items():
        do_set_mode(name, mode, community_id=world.community_id, at=at, actor="drill")
    for name, settings in script.settings.items():
        do_set_settings(name, settings, community_id=world.community_id, at=at, actor="drill")
    for capability in world.roster:
        for section, build in capability.drill_sections.items():
            if section in script.sections:
                build(world, script.sections[section])
    world.stage.do_begin()


def _do_build_group(world: World, group: Lined, staff: Sequence[Player], account: int) -> None:
    name, carrier = group.get("name", group["id"]), world.stage.carrier
    sitting = [*staff, *(one for one in world.script.players.values() if one.group == group["id"])]
    seats = Seats(group["id"], name, int(group.get("capacity", "500")), [actor_of(one) for one in sitting])
    world.stage.do_seat(seats)
    new = NewGroup(
        carrier=carrier,
        ref=world.stage.group_ref(seats.id),
        carrier_name=name,
        capacity=seats.capacity,
        account_id=account,
    )
    world.groups[seats.id] = do_register_group(world.community_id, new, at=world.now)
    enrolled = [Enrolled(world.stage.ref_of(one.id), one.name, one.card, role_of(one), one.joined) for one in sitting]
    do_enrol(carrier, world.community_id, world.groups[seats.id], enrolled, world.now)


def role_of(player: Player) -> str:
    """Staff are administrators."""
    return "admin" if player.duty else "member"


def actor_of(player: Player) -> Actor:
    """Somebody as the platform shows them."""
    return Actor(player.id, player.name, player.card, role_of(player))

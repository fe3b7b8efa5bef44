"""The demo world: its size, its sameness, its people."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest

from qunying.carriers.sandbox.demo.days import members_at_start
from qunying.carriers.sandbox.demo.folk import World
from qunying.carriers.sandbox.demo.world import make_world

PRINT_DIGEST = """
import hashlib
from datetime import timedelta
from qunying.carriers.sandbox.demo.days import day_of
from qunying.carriers.sandbox.demo.world import make_world
world = make_world(7)
told = repr(world.people) + repr(world.gone) + repr(world.groups)
for group in world.groups[:3]:
    for ahead in (-20, 0, 4):
        told += repr(day_of(world, group, world.anchor + timedelta(days=ahead)))
print(hashlib.sha256(told.encode()).hexdigest())
"""


def test_forty_groups_hold_6214_different_people_when_the_world_is_the_default(world: World) -> None:
    seated = {person.ref for group in world.groups for person in members_at_start(world, group, world.anchor)}
    assert len(world.groups) == 40
    assert len(world.people) == 6214
    assert seated == {person.ref for person in world.people}


def test_every_group_has_its_size_and_never_bursts_when_the_history_is_told(world: World) -> None:
    for group in world.groups:
        assert len(members_at_start(world, group, world.anchor)) == group.size
        for back in range(0, (world.anchor - world.first_day).days, 7):
            members = members_at_start(world, group, world.anchor - timedelta(days=back))
            assert len(members) <= group.capacity


def test_some_people_sit_in_several_groups_when_the_world_is_made(world: World) -> None:
    several = [person for person in world.people if len(person.seats) > 1 and not person.is_staff]
    assert 300 < len(several) < 1200
    assert all(len(set(person.groups)) == len(person.groups) for person in world.people)


def test_refs_are_unique_when_members_and_leavers_are_counted_together(world: World) -> None:
    refs = [person.ref for person in (*world.people, *world.gone)]
    assert len(refs) == len(set(refs))


def test_staff_have_duties_and_every_group_an_owner_when_the_world_is_made(world: World) -> None:
    for group in world.groups:
        staff = [member.person for member in world.rolls[group.ref] if member.person.is_staff]
        assert {person.role for person in staff} == {"owner", "admin"}
        assert all(person.duty for person in staff)


def test_the_world_is_equal_when_made_in_processes_with_other_hash_seeds() -> None:
    digests = {_digest(hash_seed) for hash_seed in ("1", "2")}
    assert len(digests) == 1


def test_people_differ_when_the_seed_differs(world: World) -> None:
    other = make_world(8)
    assert len(other.people) == 6214
    assert [person.name for person in other.people[50:90]] != [person.name for person in world.people[50:90]]


@pytest.mark.parametrize("groups", [1, 2, 12, 100])
def test_people_scale_and_sizes_hold_when_the_world_is_smaller_or_larger(groups: int) -> None:
    world = make_world(3, groups)
    assert len({group.ref for group in world.groups}) == groups
    for group in world.groups:
        assert len(members_at_start(world, group, world.anchor)) == group.size
    if groups >= 12:
        assert len(world.people) == round(6214 * groups / 40)


def test_names_are_hard_when_many_are_drawn(world: World) -> None:
    names = {person.name for person in world.people}
    assert any("\u0590" <= letter <= "\u06ff" for name in names for letter in name)
    assert any("\u200b" in name for name in names)
    assert any(len(name) > 20 for name in names)
    assert any("陳" in name or "黃" in name for name in names)


def test_joined_answers_the_day_and_refuses_when_the_group_is_strange(world: World) -> None:
    anan = next(person for person in world.people if person.name == "安安" and len(person.seats) == 3)
    assert anan.joined("hz-read-07") == world.anchor - timedelta(days=20)
    with pytest.raises(KeyError):
        anan.joined("trial-1")


def test_a_world_is_refused_when_it_has_no_group_or_hardly_a_past() -> None:
    with pytest.raises(ValueError, match="at least one group"):
        make_world(7, 0)
    with pytest.raises(ValueError, match="28 days"):
        make_world(7, 2, anchor=date(2026, 1, 5), history_days=5)


def _digest(hash_seed: str) -> str:
    environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout

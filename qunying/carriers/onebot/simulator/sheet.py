"""A world written down: people, accounts, groups and friendships in YAML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .world import World


class BadSheet(Exception):
    """The file is no world; the words say where."""


DEMO = Path(__file__).with_name("demo.yaml")


def load_world(path: Path, **options: Any) -> World:
    """The world of a file; ``BadSheet`` names the file where it cannot be read."""
    try:
        sheet = yaml.safe_load(path.read_text("utf-8"))
        world = World(**options)
        _do_fill(world, sheet)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadSheet(f"{path} is not a world: {error!r}") from error
    return world


def _do_fill(world: World, sheet: Mapping[str, Any]) -> None:
    for each in sheet["accounts"]:
        world.add_account(int(each["id"]), str(each["name"]))
    for each in sheet.get("people", ()):
        world.add_person(int(each["id"]), str(each["name"]))
    for each in sheet["groups"]:
        _do_found(world, each)
    for one, other in sheet.get("friends", ()):
        world.make_friends(int(one), int(other))


def _do_found(world: World, words: Mapping[str, Any]) -> None:
    group_id = int(words["id"])
    group = world.add_group(group_id, str(words["name"]), int(words["owner"]), capacity=int(words.get("capacity", 500)))
    group.question = str(words.get("question", ""))
    for each in words.get("admins", ()):
        world.seat(group_id, int(each), role="admin")
    for each in words.get("members", ()):
        member = each if isinstance(each, Mapping) else {"id": each}
        world.seat(group_id, int(member["id"]), card=str(member.get("card", "")), title=str(member.get("title", "")))

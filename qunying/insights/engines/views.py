"""The texts of ``sql/``, and what every question sees of a world: the same for every engine."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from importlib import resources

import pyarrow.compute as pc

from qunying.insights.tables import ACTED, CHANGED, DONE, MOVED, SEATED, TALK, Table
from qunying.insights.world import World

LakeView = Callable[[World, Table], str]


@cache
def read_sql(name: str) -> str:
    """The text of one file of ``sql/``."""
    return (resources.files("qunying.insights") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def views_of(world: World, lake_view: LakeView) -> tuple[tuple[str, ...], list[str]]:
    """What the questions see: its names, and the named parts of one statement that make it.

    ``lake_view`` writes the part that is a table's files with the rows that are not in them yet.
    """
    shown, parts, holds = list[str](), list[str](), _holding(world)
    if "tail_messages" in world.tables:
        is_as_written = not world.files[CHANGED.name] and not world.tables["tail_versions"].num_rows
        parts.append(lake_view(world, TALK))
        parts += (
            [read_sql("views/as_written")]
            if is_as_written
            else [lake_view(world, CHANGED), read_sql("views/as_changed")]
        )
        parts.append(fitting(read_sql("views/talk"), holds))
        shown.append("talk")
    for tail, table, name in (
        ("tail_events", MOVED, "moves"),
        ("tail_seats", SEATED, "people"),
        ("tail_deeds", DONE, "deeds"),
        ("tail_acts", ACTED, "acts"),
    ):
        if tail in world.tables:
            parts += [lake_view(world, table), fitting(read_sql(f"views/{name}"), holds)]
            shown.append(name)
    return tuple(shown), parts


def fitting(sql: str, holds: Collection[str]) -> str:
    """The text without lines that end with «-- where X» for an X that does not hold, or «-- unless X» for one that does.

    Every join costs as much as reading the rows, also with a table that is empty.
    """
    kept = []
    for line in sql.splitlines():
        code, _, wanted = line.partition("  -- ")
        word, _, condition = wanted.partition(" ")
        if word in {"where", "unless"} and (condition in holds) != (word == "where"):
            continue
        kept.append(code.rstrip() if word in {"where", "unless"} else line)
    return "\n".join(kept)


def _holding(world: World) -> set[str]:
    """What is so in this world, of that on which the views' lines depend."""
    tables = world.tables
    rows = {name: table.num_rows for name, table in tables.items()}
    clocks = rows["scope"] > len(world.scope.groups) or rows.get("homes", 0) > len(world.scope.all_homes)
    clocks = clocks or len(world.scope.living_ids) < len(world.scope.groups)  # a history that ends is a span of its own
    in_part = "homes" in tables and not pc.all(tables["homes"]["is_whole"]).as_py()
    found = {name: rows.get(name, 0) for name in ("apart", "outside", "taken")} | {"merged": rows["aliases"]}
    only = {"only", "only merged" if rows["aliases"] else "only unmerged"} if "narrowed" in tables else set()
    return only | {name for name, so in {**found, "clocks change": clocks, "in part": in_part}.items() if so}


def with_views(views: str, sql: str) -> str:
    """The question with these named parts before it."""
    if sql.startswith("WITH "):
        return f"WITH {views},\n{sql.removeprefix('WITH ')}"
    return f"WITH {views}\n{sql}"

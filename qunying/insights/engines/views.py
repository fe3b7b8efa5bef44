"""The texts of ``sql/``, and what every question sees of a world: the same for every engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources

from qunying.insights.tables import CHANGED, DONE, MOVED, SEATED, TALK, Table
from qunying.insights.world import World

LakeView = Callable[[World, Table], str]


@cache
def read_sql(name: str) -> str:
    """The text of one file of ``sql/``."""
    return (resources.files("qunying.insights") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def views_of(
    world: World, lake_view: LakeView, as_changed: str = "views/as_changed"
) -> tuple[tuple[str, ...], list[str]]:
    """What the questions see: its names, and the named parts of one statement that make it.

    ``lake_view`` writes the part that is a table's files with the rows that are not in them yet; ``as_changed`` names the
    text that puts changed messages in the place of the old ones.
    """
    shown, parts = list[str](), list[str]()
    if "tail_messages" in world.tables:
        is_as_written = not world.files[CHANGED.name] and not world.tables["tail_versions"].num_rows
        parts.append(lake_view(world, TALK))
        parts += [read_sql("views/as_written")] if is_as_written else [lake_view(world, CHANGED), read_sql(as_changed)]
        parts.append(read_sql("views/talk"))
        shown.append("talk")
    for tail, table, name in (
        ("tail_events", MOVED, "moves"),
        ("tail_seats", SEATED, "people"),
        ("tail_deeds", DONE, "deeds"),
    ):
        if tail in world.tables:
            parts += [lake_view(world, table), read_sql(f"views/{name}")]
            shown.append(name)
    return tuple(shown), parts


def with_views(views: str, sql: str) -> str:
    """The question with these named parts before it."""
    if sql.startswith("WITH "):
        return f"WITH {views},\n{sql.removeprefix('WITH ')}"
    return f"WITH {views}\n{sql}"

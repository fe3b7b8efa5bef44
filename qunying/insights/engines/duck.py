"""DuckDB in memory over the lake's Parquet files and the rows that are not in them yet."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import resources
from threading import Lock
from typing import Any

import duckdb

from qunying.insights.engines.base import Row
from qunying.insights.tables import CHANGED, MOVED, TALK, Table
from qunying.insights.world import World

PARAMETER = re.compile(r"\$(\w+)")
MOST_THREADS = 4
_opening = Lock()


class DuckSession:
    """One cursor: its registered tables are seen by nobody else. ``views`` stand before every question."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, views: str) -> None:
        self._cursor = cursor
        self._views = views

    def run(self, sql_template: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of ``sql/<sql_template>.sql``."""
        sql = read_sql(sql_template)
        wanted = {name: params[name] for name in parameters_of(sql)}
        found = self._cursor.execute(_with(self._views, sql), wanted)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def open(world: World) -> Iterator[DuckSession]:
    """A session over that world; safe from any thread."""
    cursor = _database().cursor()
    try:
        for name, table in world.tables.items():
            cursor.register(name, table)
        cursor.execute("SET VARIABLE since = $since", {"since": world.scope.since})
        cursor.execute("SET VARIABLE until = $until", {"until": world.scope.until})
        yield DuckSession(cursor, ",\n".join(_views(cursor, world)))
    finally:
        cursor.close()


def _with(views: str, sql: str) -> str:
    return f"WITH {views},\n{sql.removeprefix('WITH ')}" if sql.startswith("WITH ") else f"WITH {views}\n{sql}"


def _views(cursor: duckdb.DuckDBPyConnection, world: World) -> Iterator[str]:
    """What the questions see, as the named parts of one statement: bound once per question, and only where used."""
    if "tail_messages" in world.tables:
        is_as_written = not world.files[CHANGED.name] and not world.tables["tail_versions"].num_rows
        yield _lake_view(cursor, world, TALK)
        yield _lake_view(cursor, world, CHANGED)
        yield read_sql("views/as_written" if is_as_written else "views/as_changed")
        yield read_sql("views/talk")
    if "tail_events" in world.tables:
        yield _lake_view(cursor, world, MOVED)
        yield read_sql("views/moves")
    if "seats" in world.tables:
        yield read_sql("views/people")


def _lake_view(cursor: duckdb.DuckDBPyConnection, world: World, table: Table) -> str:
    """The files of one table with the rows that are not in them yet."""
    name, files = table.name, world.files[table.name]
    if not files:
        return f"all_{name} AS NOT MATERIALIZED (FROM tail_{name})"
    cursor.execute(f"SET VARIABLE {name}_files = $files", {"files": files})
    lake = f"FROM read_parquet(getvariable('{name}_files'))"
    if not world.tables[f"tail_{name}"].num_rows:
        return f"all_{name} AS NOT MATERIALIZED ({lake})"
    return f"all_{name} AS NOT MATERIALIZED ({lake} UNION ALL BY NAME FROM tail_{name})"


@cache
def read_sql(name: str) -> str:
    """The text of one file of ``sql/``."""
    return (resources.files("qunying.insights") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def parameters_of(sql: str) -> frozenset[str]:
    """The named parameters a text asks for."""
    return frozenset(PARAMETER.findall(sql))


def _database() -> duckdb.DuckDBPyConnection:
    """One per process, made on first use: a connection does not survive a fork."""
    with _opening:
        return _open_for(os.getpid())


@lru_cache(maxsize=1)
def _open_for(process: int) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:")
    database.execute("SET TimeZone = 'UTC'")
    database.execute("SET parquet_metadata_cache = true")
    database.execute(read_sql("slots"))
    database.execute("SET threads = $n", {"n": min(MOST_THREADS, os.cpu_count() or 1)})
    return database

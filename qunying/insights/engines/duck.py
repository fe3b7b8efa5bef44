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
    """One cursor: its views and registered tables are seen by nobody else."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def run(self, sql_template: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of ``sql/<sql_template>.sql``."""
        sql = read_sql(sql_template)
        wanted = {name: params[name] for name in parameters_of(sql)}
        found = self._cursor.execute(sql, wanted)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def open(world: World) -> Iterator[DuckSession]:
    """A session over that world; safe from any thread."""
    cursor = _database().cursor()
    try:
        _show(cursor, world)
        yield DuckSession(cursor)
    finally:
        cursor.close()


def _show(cursor: duckdb.DuckDBPyConnection, world: World) -> None:
    for name, table in world.tables.items():
        cursor.register(name, table)
    cursor.execute("SET VARIABLE since = $since", {"since": world.scope.since})
    cursor.execute("SET VARIABLE until = $until", {"until": world.scope.until})
    cursor.execute(read_sql("views/slots"))
    if "tail_messages" in world.tables:
        _show_lake(cursor, world, TALK, "messages")
        _show_lake(cursor, world, CHANGED, "versions")
        is_as_written = not world.files[CHANGED.name] and not world.tables["tail_versions"].num_rows
        cursor.execute(read_sql("views/as_written" if is_as_written else "views/as_changed"))
        cursor.execute(read_sql("views/talk"))
    if "tail_events" in world.tables:
        _show_lake(cursor, world, MOVED, "events")
        cursor.execute(read_sql("views/moves"))
    if "seats" in world.tables:
        cursor.execute(read_sql("views/people"))


def _show_lake(cursor: duckdb.DuckDBPyConnection, world: World, table: Table, name: str) -> None:
    """The files of one table with the rows that are not in them yet, as ``all_<name>``."""
    files = world.files[table.name]
    if not files:
        cursor.execute(f"CREATE TEMP VIEW all_{name} AS FROM tail_{name}")
        return
    cursor.execute(f"SET VARIABLE {name}_files = $files", {"files": files})
    lake = f"read_parquet(getvariable('{name}_files'))"
    cursor.execute(f"CREATE TEMP VIEW all_{name} AS FROM {lake} UNION ALL BY NAME FROM tail_{name}")


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
    database.execute("SET threads = $n", {"n": min(MOST_THREADS, os.cpu_count() or 1)})
    return database

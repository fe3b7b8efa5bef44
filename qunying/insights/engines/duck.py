"""DuckDB in memory over the lake's Parquet files and the rows that are not in them yet."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qunying.insights.engines.base import Row, Span
from qunying.insights.engines.slots import in_words, with_parts
from qunying.insights.engines.views import read_sql, views_of, with_views
from qunying.insights.tables import CHANGED, Table
from qunying.insights.world import World

MOST_THREADS = 4
_opening = Lock()
_EMPTY = {
    "scope": """(SELECT 0::BIGINT AS group_id, 0::BIGINT AS community_id, NULL::TIMESTAMPTZ AS from_at,
        NULL::TIMESTAMPTZ AS until_at, 0::BIGINT AS offset_us WHERE false)""",
    "aliases": "(SELECT 0::BIGINT AS identity_id, 0::BIGINT AS person_id WHERE false)",
    "dwellers": "(SELECT 0::BIGINT AS community_id, 0::BIGINT AS person_id WHERE false)",
    "taken": "(SELECT 0::BIGINT AS deed_id WHERE false)",
    "outside": "(SELECT 0::BIGINT AS community_id, 0::BIGINT AS person_id WHERE false)",
    "homes": """(SELECT 0::BIGINT AS community_id, NULL::TIMESTAMPTZ AS from_at, NULL::TIMESTAMPTZ AS until_at,
        0::BIGINT AS offset_us, false AS is_whole WHERE false)""",
    "apart": "(SELECT 0::BIGINT AS group_id, 0::BIGINT AS identity_id, '' AS standing WHERE false)",
}


class DuckSession:
    """One cursor: its registered and its kept tables are seen by nobody else. ``views`` stand before every question."""

    is_near = True

    def __init__(self, cursor: duckdb.DuckDBPyConnection, world: World) -> None:
        self._cursor = cursor
        self._whole: Span = (world.scope.since, world.scope.until)
        self._files = {f"files_{name}": files for name, files in world.files.items()}
        self._named: dict[str, Any] = {}
        self._shown, parts = views_of(world, _lake_view)
        self._views = ",\n".join([*_nothing(world), *parts])

    def run(self, sql_template: str, params: Mapping[str, Any], span: Span | None = None) -> list[Row]:
        """The rows of ``sql/<sql_template>.sql``."""
        return self._rows(read_sql(sql_template), params, span or self._whole)

    def ask(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of that question."""
        return self._rows(sql, params, self._whole)

    def hold(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Reads the rows of that question into a table, which later ones may ask. Its size is known then: DuckDB takes a
        part of a statement for tiny where it cannot guess, and joins it by a loop."""
        self._execute(f"CREATE TEMP TABLE {name} AS\n{with_views(self._views, sql)}", params, self._whole)

    def _rows(self, sql: str, params: Mapping[str, Any], span: Span) -> list[Row]:
        found = self._execute(with_views(self._views, sql), params, span)
        names = [column[0] for column in found.description]
        return in_words([dict(zip(names, row, strict=True)) for row in found.fetchall()], params)

    def name(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Shows the rows of that question under that name."""
        self._views += f",\n{name} AS NOT MATERIALIZED (\n{sql})"
        self._named |= params

    def take(self, name: str, table: pa.Table) -> None:
        """Shows these rows to later questions under that name."""
        self._cursor.register(name, table)

    def columns(self, sql_template: str) -> dict[str, NDArray[np.generic]]:
        """The columns of ``sql/<sql_template>.sql``."""
        return self.arrays(read_sql(sql_template), {})

    def arrays(self, sql: str, params: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
        """The columns of that question."""
        found = self._execute(with_views(self._views, sql), params, self._whole).fetchnumpy()
        return {name: np.ma.getdata(column) for name, column in found.items()}

    def keep(self) -> None:
        """Reads all that the questions see, once: worth it for many questions about few groups."""
        for name in self._shown:
            self._execute(f"CREATE TEMP TABLE kept_{name} AS WITH {self._views} FROM {name}", {}, self._whole)
        self._views = ",\n".join(read_sql(f"views/kept_{name}") for name in self._shown)

    def _execute(self, sql: str, params: Mapping[str, Any], span: Span) -> duckdb.DuckDBPyConnection:
        statement = _parsed(with_parts(sql, params))
        known = {**self._named, **params, **self._files, "span_since": span[0], "span_until": span[1]}
        return self._cursor.execute(statement, {name: known[name] for name in statement.named_parameters})


@contextmanager
def open(world: World) -> Iterator[DuckSession]:
    """A session over that world; safe from any thread."""
    cursor = _database(MOST_THREADS if world.is_large else 1).cursor()
    try:
        for name in _read(world):
            cursor.register(name, world.tables[name])
        yield DuckSession(cursor, world)
    finally:
        cursor.close()


def _read(world: World) -> list[str]:
    """The tables that have rows, or are all that there is of their kind: to plan with one costs a millisecond each."""
    tails = {f"tail_{name}" for name, files in world.files.items() if not files and name != CHANGED.name}
    return [name for name, table in world.tables.items() if table.num_rows or name in tails or name not in _EMPTY]


def _nothing(world: World) -> list[str]:
    """The small tables that have no rows, as named parts."""
    return [
        f"{name} AS {empty}"
        for name, empty in _EMPTY.items()
        if name in world.tables and not world.tables[name].num_rows
    ]


def _lake_view(world: World, table: Table) -> str:
    """The files of one table with the rows that are not in them yet."""
    name, files = table.name, world.files[table.name]
    if not files:
        return f"all_{name} AS NOT MATERIALIZED (FROM tail_{name})"
    lake = f"FROM read_parquet($files_{name})"
    if not world.tables[f"tail_{name}"].num_rows:
        return f"all_{name} AS NOT MATERIALIZED ({lake})"
    return f"all_{name} AS NOT MATERIALIZED ({lake} UNION ALL BY NAME FROM tail_{name})"


@lru_cache(maxsize=512)
def _parsed(sql: str) -> duckdb.Statement:
    """The one statement of this text. To read a text takes DuckDB as long as to answer it, so what varies is a parameter."""
    (statement,) = _database(1).cursor().extract_statements(sql)
    return statement


def _database(threads: int) -> duckdb.DuckDBPyConnection:
    """Per process, made on first use: a connection does not survive a fork. Threads do not pay for a few groups."""
    with _opening:
        return _open_for(os.getpid(), threads)


@lru_cache(maxsize=2)
def _open_for(process: int, threads: int) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:")
    database.execute("SET TimeZone = 'UTC'")
    database.execute("SET parquet_metadata_cache = true")
    database.execute(read_sql("slots"))
    database.execute("SET threads = $n", {"n": min(threads, os.cpu_count() or 1)})
    return database

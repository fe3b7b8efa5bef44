"""ClickHouse inside this process (chdb) over the same lake and the same questions, put into its words (``dialect``)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import chdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qunying.insights.engines.base import Row, Span
from qunying.insights.engines.clickhouse_words import CLICKHOUSE, literal
from qunying.insights.engines.dialect import put
from qunying.insights.engines.slots import in_words
from qunying.insights.engines.views import read_sql, views_of, with_views
from qunying.insights.tables import TABLES, Table
from qunying.insights.world import World
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

MOST_THREADS = 4
SETTINGS: Mapping[str, str | int] = {
    "session_timezone": "UTC",
    "join_use_nulls": 1,  # whoever has no partner has NULLs, not zeros
    "prefer_column_name_to_alias": 1,  # as in SQL's own rules
    "enable_materialized_cte": 1,
    "max_query_size": 64 * 2**20,  # a question names every file it reads
}
_WILD = frozenset("*?{},")
_TYPES: Mapping[pa.DataType, str] = {
    pa.int64(): "Int64",
    pa.int32(): "Int32",
    pa.string(): "String",
    pa.bool_(): "Bool",
    pa.date32(): "Date32",
    pa.timestamp("us", tz="UTC"): "DateTime64(6, 'UTC')",
}


class ClickHouseSession:
    """One connection: its temporary tables are seen by nobody else. ``views`` stand before every question."""

    is_near = True

    def __init__(self, connection: Any, world: World) -> None:
        self._connection = connection
        self._whole: Span = (world.scope.since, world.scope.until)
        self._files = {f"files_{name}": pattern_of(files) for name, files in world.files.items() if files}
        self._files |= {f"columns_{table.name}": _structure(table.schema) for table in TABLES}
        self._named: dict[str, Any] = {}
        self._shown, parts = views_of(world, _lake_view)
        self._views = ",\n".join(parts)
        threads = min(MOST_THREADS if world.is_large else 1, os.cpu_count() or 1)
        self._tell(
            f"SET {', '.join(f'{key} = {literal(value)}' for key, value in SETTINGS.items())}, max_threads = {threads}"
        )
        for name, table in world.tables.items():
            self.take(name, table)

    def run(self, sql_template: str, params: Mapping[str, Any], span: Span | None = None) -> list[Row]:
        """The rows of ``sql/<sql_template>.sql``."""
        return in_words(_as_rows(self._table(read_sql(sql_template), params, span or self._whole)), params)

    def ask(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of that question."""
        return in_words(_as_rows(self._table(sql, params, self._whole)), params)

    def hold(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Reads the rows of that question into a table, which later ones may ask."""
        self._tell(f"CREATE TEMPORARY TABLE {name} ENGINE = Memory AS {self._put(sql, params, self._whole)}")

    def name(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Shows the rows of that question under that name."""
        self._views += f",\n{name} AS NOT MATERIALIZED (\n{sql})"
        self._named |= params

    def take(self, name: str, table: pa.Table) -> None:
        """Reads these rows into a table of that name."""
        self._tell(f"CREATE TEMPORARY TABLE {name} ({_structure(table.schema)}) ENGINE = Memory")
        if table.num_rows:
            self._tell(f"INSERT INTO {name} SELECT * FROM Python(table)")  # chdb looks the name up here

    def columns(self, sql_template: str) -> dict[str, NDArray[np.generic]]:
        """The columns of ``sql/<sql_template>.sql``."""
        return self.arrays(read_sql(sql_template), {})

    def arrays(self, sql: str, params: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
        """The columns of that question."""
        found = self._table(sql, params, self._whole)
        return {name: found[name].to_numpy() for name in found.column_names}

    def keep(self) -> None:
        """Reads all that the questions see, once: worth it for many questions about few groups."""
        for name in self._shown:
            self.hold(f"kept_{name}", f"FROM {name}", {})
        self._views = ",\n".join(read_sql(f"views/kept_{name}") for name in self._shown)

    def _table(self, sql: str, params: Mapping[str, Any], span: Span) -> pa.Table:
        return _with_truths(self._connection.query(self._put(sql, params, span), "ArrowTable"))

    def _put(self, sql: str, params: Mapping[str, Any], span: Span) -> str:
        known = {**self._named, **params, **self._files, "span_since": span[0], "span_until": span[1]}
        return put(with_views(self._views, sql), known, CLICKHOUSE)

    def _tell(self, statement: str) -> None:
        self._connection.query(statement)


@contextmanager
def open(world: World) -> Iterator[ClickHouseSession]:
    """A session over that world; safe from any thread, not in a process forked off after the first one.

    Raises ``BadUse`` for a lake whose path ClickHouse would take for a pattern.
    """
    if _first_process() != os.getpid():
        raise RuntimeError("ClickHouse was opened before this process was forked off, and does not survive that")
    connection = chdb.connect(":memory:")  # type: ignore[no-untyped-call]
    try:
        yield ClickHouseSession(connection, world)
    finally:
        connection.close()


@cache
def _first_process() -> int:
    return os.getpid()


def _lake_view(world: World, table: Table) -> str:
    """The files of one table with the rows that are not in them yet, in the words of the other questions."""
    name, tail = table.name, f"SELECT * FROM tail_{table.name}"
    if not world.files[name]:
        return f"all_{name} AS ({tail})"
    return f"all_{name} AS (SELECT * FROM read_parquet($files_{name}, $columns_{name}) UNION ALL {tail})"


def _structure(schema: pa.Schema) -> str:
    """Columns and their types in ClickHouse's words."""
    kinds = (f"Nullable({_TYPES[field.type]})" if field.nullable else _TYPES[field.type] for field in schema)
    return ", ".join(f"{field.name} {kind}" for field, kind in zip(schema, kinds, strict=True))


def pattern_of(files: Sequence[str]) -> str:
    """One pattern that fits exactly these files. ClickHouse says nothing of files that are not there, so this does."""
    for path in files:
        if _WILD & set(path):
            raise BadUse(mark("ClickHouse 读不了路径里有 %(signs)s 的文件夹"), signs=" ".join(sorted(_WILD)))
        if not Path(path).is_file():
            raise FileNotFoundError(path)
    if len(files) == 1:
        return files[0]
    folder = os.path.commonpath(files)
    return f"{folder}/{{{','.join(path.removeprefix(f'{folder}/') for path in files)}}}"


def _as_rows(found: pa.Table) -> list[Row]:
    rows: list[Row] = found.to_pylist()
    return rows


def _with_truths(found: pa.Table) -> pa.Table:
    """What is called ``is_…`` is true or false; to ClickHouse a comparison is a small number."""
    for place, field in enumerate(found.schema):
        if field.name.startswith("is_"):
            found = found.set_column(place, field.name, found[field.name].cast(pa.bool_()))
    return found

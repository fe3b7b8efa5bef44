"""A PostgreSQL server that counts: the rows of one question go there as temporary tables, the question in its words.

The server keeps nothing when the question is over, so that what is forgotten here is forgotten there. It pays where it has
more processors or memory than the machine of Qunying; the way there costs about a second per million rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from numpy.typing import NDArray
from psycopg.types.numeric import FloatLoader
from pyarrow import csv

from qunying.insights.engines.base import Row, Span
from qunying.insights.engines.dialect import put
from qunying.insights.engines.postgres_words import POSTGRES
from qunying.insights.engines.slots import in_words
from qunying.insights.engines.views import read_sql, views_of, with_views
from qunying.insights.tables import CHANGED, SEATED, TABLES, Table
from qunying.insights.world import World
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

_TYPES: Mapping[pa.DataType, str] = {
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.string(): "TEXT",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}
_KINDS: Mapping[str, type[np.generic]] = {"int8": np.int64, "int4": np.int32, "bool": np.bool_, "text": np.object_}


class PostgresSession:
    """One connection: its temporary tables are seen by nobody else. ``views`` stand before every question."""

    is_near = False

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], world: World) -> None:
        self._connection = connection
        self._whole: Span = (world.scope.since, world.scope.until)
        self._shown, parts = views_of(world, _lake_view)
        self._views = ",\n".join(parts)
        for table in TABLES:
            if f"tail_{table.name}" in world.tables:
                self._bring(table, world)
        for name, rows in world.tables.items():
            if not name.startswith("tail_"):
                self.take(name, rows)

    def run(self, sql_template: str, params: Mapping[str, Any], span: Span | None = None) -> list[Row]:
        """The rows of ``sql/<sql_template>.sql``."""
        return self._rows(read_sql(sql_template), params, span or self._whole)

    def ask(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of that question."""
        return self._rows(sql, params, self._whole)

    def hold(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Reads the rows of that question into a table, which later ones may ask."""
        self._tell(f"CREATE TEMP TABLE {name} AS {self._put(sql, params, self._whole)}")
        self._tell(f"ANALYZE {name}")

    name = hold  # to read once is never slower here

    def take(self, name: str, table: pa.Table) -> None:
        """Reads these rows into a table of that name."""
        self._make(name, table.schema)
        self._fill(name, table)
        self._tell(f"ANALYZE {name}")

    def arrays(self, sql: str, params: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
        """The columns of that question."""
        found = self._tell(self._put(sql, params, self._whole))
        rows, columns = found.fetchall(), found.description or ()
        names = psycopg.adapters.types
        return {
            column.name: np.array([row[n] for row in rows], dtype=_KINDS[names[column.type_code].name])
            for n, column in enumerate(columns)
        }

    def columns(self, sql_template: str) -> dict[str, NDArray[np.generic]]:
        """The columns of ``sql/<sql_template>.sql``."""
        return self.arrays(read_sql(sql_template), {})

    def keep(self) -> None:
        """Reads all that the questions see, once: worth it for many questions about few groups."""
        for name in self._shown:
            self.hold(f"kept_{name}", f"FROM {name}", {})
        self._views = ",\n".join(read_sql(f"views/kept_{name}") for name in self._shown)

    def _rows(self, sql: str, params: Mapping[str, Any], span: Span) -> list[Row]:
        found = self._tell(self._put(sql, params, span))
        names = [column.name for column in found.description or ()]
        return in_words([dict(zip(names, row, strict=True)) for row in found.fetchall()], params)

    def _put(self, sql: str, params: Mapping[str, Any], span: Span) -> str:
        known = {**params, "span_since": span[0], "span_until": span[1]}
        return put(with_views(self._views, sql), known, POSTGRES)

    def _bring(self, table: Table, world: World) -> None:
        """The rows of the scope that a table has in files, then those that are in none yet."""
        name = f"lake_{table.name}"
        self._make(name, table.schema)
        if files := world.files[table.name]:
            wanted = None if table in {CHANGED, SEATED} else _in_span(table, self._whole)
            for batch in ds.dataset(files, schema=table.schema).to_batches(filter=wanted):
                self._fill(name, pa.Table.from_batches([batch]))
        self._fill(name, world.tables[f"tail_{table.name}"])
        self._tell(f"ANALYZE {name}")

    def _make(self, name: str, schema: pa.Schema) -> None:
        columns = ", ".join(f"{field.name} {_TYPES[field.type]}" for field in schema)
        self._tell(f"CREATE TEMP TABLE {name} ({columns})")

    def _fill(self, name: str, table: pa.Table) -> None:
        """By COPY: what is empty stands bare, words stand in quotes, so that no word is taken for nothing."""
        sink = pa.BufferOutputStream()
        whole = table.combine_chunks()  # a chunk without rows among others is written as zeros (pyarrow 26)
        csv.write_csv(whole, sink, csv.WriteOptions(include_header=False, quoting_style="needed"))
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
            copy.write(sink.getvalue().to_pybytes())

    def _tell(self, statement: str) -> psycopg.Cursor[tuple[Any, ...]]:
        return self._connection.execute(statement)


@contextmanager
def open(world: World, url: str) -> Iterator[PostgresSession]:
    """A session over that world on the server of that address. Raises ``BadUse`` where none answers there."""
    if not url:
        raise BadUse(mark("QUNYING_ENGINE=postgres 要知道用哪台服务器：写 QUNYING_ENGINE_URL=postgresql://…"))
    try:
        connection = psycopg.connect(url, autocommit=True, application_name="qunying insights")
    except psycopg.Error as error:
        raise BadUse(mark("连不上 QUNYING_ENGINE_URL 的 PostgreSQL：%(why)s"), why=str(error).strip()) from error
    with connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.adapters.register_loader(
            "numeric", FloatLoader
        )  # sums of whole numbers are cast, the rest are shares
        yield PostgresSession(connection, world)


def _lake_view(world: World, table: Table) -> str:
    return f"all_{table.name} AS NOT MATERIALIZED (SELECT * FROM lake_{table.name})"


def _in_span(table: Table, span: Span) -> ds.Expression:
    moment = pc.field(table.time)
    return (moment >= pa.scalar(span[0], pa.timestamp("us", tz="UTC"))) & (
        moment < pa.scalar(span[1], pa.timestamp("us", tz="UTC"))
    )

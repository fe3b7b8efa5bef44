"""Spark over the lake's own Parquet files, on this machine or on a cluster that sees the same folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from qunying.insights.engines.base import Row, Span
from qunying.insights.engines.dialect import put
from qunying.insights.engines.slots import in_words
from qunying.insights.engines.spark_words import SPARK
from qunying.insights.engines.views import read_sql, views_of, with_views
from qunying.insights.tables import TABLES, Table
from qunying.insights.world import World
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

HERE = "local[*]"
SETTINGS: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
}

SETTINGS_HERE: Mapping[str, str] = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",  # nobody else is to reach it
    "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
}


class LakeSession:
    """One session of Spark: its views are seen by nobody else. ``views`` stand before every question."""

    is_near = False

    def __init__(self, spark: SparkSession, world: World) -> None:
        self._spark = spark
        self._held: list[DataFrame] = []
        self._whole: Span = (world.scope.since, world.scope.until)
        self._shown, parts = views_of(world, _lake_view)
        self._views = ",\n".join(parts)
        for name, rows in world.tables.items():
            self.take(name, rows)
        for table in TABLES:
            if f"tail_{table.name}" in world.tables:
                self._show_lake(table, world)

    def run(self, sql_template: str, params: Mapping[str, Any], span: Span | None = None) -> list[Row]:
        """The rows of ``sql/<sql_template>.sql``."""
        return self._rows(read_sql(sql_template), params, span or self._whole)

    def ask(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of that question."""
        return self._rows(sql, params, self._whole)

    def hold(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Keeps the rows of that question from the first time on that a later one asks them."""
        found = self._asked(sql, params, self._whole).cache()
        self._held.append(found)
        found.createOrReplaceTempView(name)

    def name(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Shows the rows of that question under that name."""
        self._asked(sql, params, self._whole).createOrReplaceTempView(name)

    def take(self, name: str, table: pa.Table) -> None:
        """Shows these rows under that name; they travel to wherever Spark counts."""
        whole = table.combine_chunks()  # PySpark 4.3 loses what stands behind an empty chunk
        self._spark.createDataFrame(whole).createOrReplaceTempView(name)

    def arrays(self, sql: str, params: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
        """The columns of that question."""
        found = self._asked(sql, params, self._whole).toArrow()
        return {name: found[name].to_numpy() for name in found.column_names}

    def columns(self, sql_template: str) -> dict[str, NDArray[np.generic]]:
        """The columns of ``sql/<sql_template>.sql``."""
        return self.arrays(read_sql(sql_template), {})

    def keep(self) -> None:
        """Reads all that the questions see, once: worth it for many questions about few groups."""
        for name in self._shown:
            self.hold(f"kept_{name}", f"FROM {name}", {})
        self._views = ",\n".join(read_sql(f"views/kept_{name}") for name in self._shown)

    def close(self) -> None:
        """Lets go of what was kept."""
        for held in self._held:
            held.unpersist()

    def _rows(self, sql: str, params: Mapping[str, Any], span: Span) -> list[Row]:
        rows: list[Row] = self._asked(sql, params, span).toArrow().to_pylist()
        return in_words(rows, params)

    def _asked(self, sql: str, params: Mapping[str, Any], span: Span) -> DataFrame:
        known = {**params, "span_since": span[0], "span_until": span[1]}
        return self._spark.sql(put(with_views(self._views, sql), known, SPARK))

    def _show_lake(self, table: Table, world: World) -> None:
        """The files of one table with the rows that are not in them yet."""
        rows = self._spark.table(f"tail_{table.name}")
        if files := world.files[table.name]:
            rows = self._spark.read.schema(rows.schema).parquet(*files).unionByName(rows)
        rows.createOrReplaceTempView(f"lake_{table.name}")


@contextmanager
def open(world: World, master: str) -> Iterator[LakeSession]:
    """A session over that world on the Spark of that address (this machine where none is given). Raises ``BadUse`` where
    Spark does not start, as without Java."""
    session = LakeSession(_started(master or HERE).newSession(), world)
    try:
        yield session
    finally:
        session.close()


@cache
def _started(master: str) -> SparkSession:
    builder = SparkSession.builder.master(master).appName("qunying insights")
    settings = {**SETTINGS, **(SETTINGS_HERE if master.startswith("local") else {})}
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise BadUse(mark("Spark 起不来：%(why)s"), why=str(error).splitlines()[0]) from error


def _lake_view(world: World, table: Table) -> str:
    return f"all_{table.name} AS NOT MATERIALIZED (SELECT * FROM lake_{table.name})"

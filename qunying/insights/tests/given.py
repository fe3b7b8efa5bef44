"""A session in which people did what a test says, without a database behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qunying.communities.queries import CountedHome
from qunying.insights.columns import to_us
from qunying.insights.engines.base import Row, Span
from qunying.insights.engines.slots import in_words, with_parts
from qunying.insights.engines.views import read_sql
from qunying.insights.measure import Open
from qunying.insights.scope import Scope
from qunying.insights.world import World

HOME = 1 << 40
ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Did:
    """Who did what when, and in which community."""

    who: int
    name: str
    at: datetime
    home: int = 1


def scope_from(since: datetime, until: datetime, *homes: int, zone: str = ZONE) -> Scope:
    """Communities without groups over that span."""
    return Scope((), since, until, tuple(CountedHome(pk, f"社群{pk}", zone) for pk in homes or (1,)))


class GivenSession:
    """Answers questions of ``did`` with what was given; goes_together else is held is asked of DuckDB."""

    def __init__(self, deeds: Sequence[Did], ways: Mapping[int, str], *, is_near: bool, zone: str) -> None:
        self.is_near = is_near
        self._cursor = duckdb.connect()
        self._cursor.execute(read_sql("slots"))
        self._deeds = deeds
        self._ways = ways
        self._zone = ZoneInfo(zone)

    def hold(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """Holds the given rows as ``did`` and ``came_by``."""
        if name == "did":
            self._cursor.execute("CREATE TABLE did (member BIGINT, at_us BIGINT, local_at TIMESTAMP, name VARCHAR)")
            rows = [self._row(one) for one in self._deeds if one.name in params["names"]]
            if rows:
                self._cursor.executemany("INSERT INTO did VALUES (?, ?, ?, ?)", rows)
        elif name == "came_by":
            self._cursor.execute("CREATE TABLE came_by (member BIGINT, via VARCHAR)")
            if self._ways:
                ways = [(HOME + who, way) for who, way in self._ways.items()]
                self._cursor.executemany("INSERT INTO came_by VALUES (?, ?)", ways)
        else:
            self._execute(f"CREATE TABLE {name} AS {sql}", params)

    def _row(self, one: Did) -> tuple[object, ...]:
        local = one.at.astimezone(self._zone).replace(tzinfo=None)
        return one.home * HOME + one.who, to_us(one.at), local, one.name

    def ask(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of that question."""
        found = self._execute(sql, params)
        names = [column[0] for column in found.description]
        return in_words([dict(zip(names, row, strict=True)) for row in found.fetchall()], params)

    def name(self, name: str, sql: str, params: Mapping[str, Any]) -> None:
        """The same here as to hold them."""
        self.hold(name, sql, params)

    def take(self, name: str, table: pa.Table) -> None:
        """Shows these rows."""
        self._cursor.register(name, table)

    def arrays(self, sql: str, params: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
        """The columns of that question."""
        return {name: np.ma.getdata(column) for name, column in self._execute(sql, params).fetchnumpy().items()}

    def _execute(self, sql: str, params: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        (statement,) = self._cursor.extract_statements(with_parts(sql, params))
        return self._cursor.execute(statement, {name: params[name] for name in statement.named_parameters})

    def run(self, sql_template: str, params: Mapping[str, Any], span: Span | None = None) -> list[Row]:
        """Not asked here."""
        raise NotImplementedError

    def columns(self, sql_template: str) -> dict[str, NDArray[np.generic]]:
        """Not asked here."""
        raise NotImplementedError

    def keep(self) -> None:
        """Nothing to keep."""


def given(
    deeds: Sequence[Did], ways: Mapping[int, str] | None = None, *, is_near: bool = True, zone: str = ZONE
) -> Open:
    """What opens such a session, goes_together world it is asked for."""

    @contextmanager
    def opened(world: World) -> Iterator[GivenSession]:
        yield GivenSession(deeds, ways or {}, is_near=is_near, zone=zone)

    return opened

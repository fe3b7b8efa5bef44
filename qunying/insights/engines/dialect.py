"""The questions of ``sql/`` are written for DuckDB; here they become ClickHouse's, and their parameters literals of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from qunying.insights.engines.views import read_sql

_PARAMETER = re.compile(r"\{(\w+): \}")  # as sqlglot writes one whose type it does not know


@lru_cache(maxsize=512)
def to_clickhouse(sql: str) -> str:
    """The same question for ClickHouse; where a parameter stood, its name stands for ``fill_in``."""
    tree = sqlglot.parse(sql, read="duckdb")[0]
    assert tree is not None
    for call in [one for one in tree.find_all(exp.Anonymous) if one.name.lower() == "slot"]:
        call.replace(_slot(call.expressions))
    for node in reversed(list(tree.walk())):  # what lies deepest first
        reword = _REWORD.get(type(node))
        if reword is not None:
            found = reword(node)
            if found is not node:
                node.replace(found)
    return tree.sql("clickhouse", comments=False)


def fill_in(sql: str, params: Mapping[str, Any]) -> str:
    """The question with its parameters. Values are told apart from words by ``literal`` and never looked at again."""
    return _PARAMETER.sub(lambda found: literal(params[found[1]]), sql)


def literal(value: object) -> str:
    """A value as ClickHouse reads it back, whatever somebody typed. Moments without a zone are taken as they are."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return f"toDateTime64('{moment.isoformat(' ', 'microseconds')}', 6, 'UTC')"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    raise TypeError(f"no literal for {type(value).__name__}")


def _slot(arguments: list[exp.Expr]) -> exp.Expr:
    """The body of the macro ``slot`` with these arguments."""
    names, body = _macro()
    given = dict(zip(names, arguments, strict=True))
    return exp.paren(
        body.copy().transform(lambda node: given[node.name].copy() if isinstance(node, exp.Column) else node)
    )


@cache
def _macro() -> tuple[list[str], exp.Expr]:
    macro = sqlglot.parse_one(read_sql("slots"), read="duckdb")
    return [one.name for one in macro.this.expressions], macro.expression


def _call(name: str) -> Callable[[exp.Expr], exp.Expr]:
    """The function of that name on the same first argument."""
    return lambda node: exp.Anonymous(this=name, expressions=[node.this])


def _known_function(node: exp.Expr) -> exp.Expr:
    """DuckDB's functions that sqlglot leaves as they are."""
    if node.name.lower() == "epoch_us":
        return exp.Anonymous(this="toUnixTimestamp64Micro", expressions=node.expressions)
    return node


def _file(node: exp.Expr) -> exp.Expr:
    """Files and, because the first of them may not tell for all, what their columns are."""
    files, columns = node.expressions
    return exp.Anonymous(this="file", expressions=[files, exp.Literal.string("Parquet"), columns])


def _nullable(node: exp.Expr) -> exp.Expr:
    """A row before or after: outside it is NULL, not the column's zero."""
    node.set("this", exp.Anonymous(this="toNullable", expressions=[node.this]))
    return node


def _plain_part(node: exp.Expr) -> exp.Expr:
    """A named part is inlined unless it says otherwise; «not materialized» is no word of ClickHouse."""
    node.set("materialized", node.args.get("materialized") or None)
    return node


def _by_place(node: exp.Expr) -> exp.Expr:
    """Both sides have the same columns in the same order, so by place is by name."""
    node.set("by_name", None)
    return node


def _kind(node: exp.Expr) -> exp.Expr:
    """Days before 1970 and after 2149, too; moments to the microsecond."""
    if node.this == exp.DType.DATE:
        node.set("this", exp.DType.DATE32)
    if node.this == exp.DType.TIMESTAMPNTZ:
        return exp.DataType.build("Nullable(DateTime64(6, 'UTC'))", dialect="clickhouse")
    return node


def _question(node: exp.Expr) -> exp.Expr:
    """A column is called by its name alone, where ClickHouse would call it by its table's name, too."""
    for one in node.expressions:
        if isinstance(one, exp.Column) and one.table and not one.is_star:
            one.replace(exp.alias_(one.copy(), one.name))
    return _unnested(node)


def _unnested(node: exp.Expr) -> exp.Expr:
    """Lists that become rows side by side, and series that become rows per row, are an ARRAY JOIN."""
    arrays = []
    for one in node.expressions:
        if isinstance(one, exp.Alias) and isinstance(one.this, exp.Explode):
            arrays.append(exp.alias_(one.this.this, one.alias))
            one.replace(exp.column(one.alias))
    for join in node.args.get("joins") or []:
        if isinstance(join.this, exp.Table) and isinstance(join.this.this, exp.GenerateSeries):
            arrays.append(exp.alias_(_series(join.this.this), join.this.alias_column_names[0]))
            join.pop()
    if arrays:
        if not node.args.get("from_"):
            node.set("from_", exp.From(this=exp.to_table("system.one")))
        node.append("joins", exp.Join(this=arrays[0], expressions=arrays[1:], kind="ARRAY"))
    return node


def _series(series: exp.Expr) -> exp.Expr:
    first, last = (
        exp.Anonymous(this="toInt64", expressions=[exp.Anonymous(this="assumeNotNull", expressions=[series.args[end]])])
        for end in ("start", "end")
    )
    return exp.Anonymous(this="range", expressions=[first, exp.Add(this=last, expression=exp.Literal.number(1))])


_REWORD: Mapping[type[exp.Expr], Callable[[Any], exp.Expr]] = {
    exp.Anonymous: _known_function,
    exp.ArraySort: _call("arraySort"),
    exp.CTE: _plain_part,
    exp.DataType: _kind,
    exp.IntDiv: lambda node: exp.Anonymous(this="intDiv", expressions=[node.this, node.expression]),
    exp.Lag: _nullable,
    exp.Lead: _nullable,
    exp.LogicalOr: _call("max"),
    exp.PercentileCont: lambda node: exp.ParameterizedAgg(
        this="quantileExactInclusive", expressions=[node.expression], params=[node.this]
    ),
    exp.ReadParquet: _file,
    exp.Select: _question,
    exp.ToDays: _call("toIntervalDay"),
    exp.Union: _by_place,
    exp.UnixToTime: lambda node: exp.Anonymous(
        this="fromUnixTimestamp64Micro", expressions=[node.this, exp.Literal.string("UTC")]
    ),
}

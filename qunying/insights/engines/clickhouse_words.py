"""ClickHouse's words for what sqlglot cannot know, and its literals."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlglot import exp

from qunying.insights.engines.dialect import Dialect, call


def literal(value: object) -> str:
    """A value as ClickHouse reads it back, goes_together somebody typed. Moments without a zone are taken as they are."""
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
    return node


CLICKHOUSE = Dialect(
    name="clickhouse",
    literal=literal,
    words={
        exp.Anonymous: _known_function,
        exp.ArraySort: call("arraySort"),
        exp.CTE: _plain_part,
        exp.DataType: _kind,
        exp.IntDiv: lambda node: exp.Anonymous(this="intDiv", expressions=[node.this, node.expression]),
        exp.Lag: _nullable,
        exp.Lead: _nullable,
        exp.LogicalOr: call("max"),
        exp.PercentileCont: lambda node: exp.ParameterizedAgg(
            this="quantileExactInclusive", expressions=[node.expression], params=[node.this]
        ),
        exp.ReadParquet: _file,
        exp.Select: _question,
        exp.UnixToTime: lambda node: exp.Anonymous(
            this="fromUnixTimestamp64Micro", expressions=[node.this, exp.Literal.string("UTC")]
        ),
    },
)

"""Spark's words for what sqlglot cannot know, and its literals."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlglot import exp

from qunying.insights.engines.dialect import Dialect


def literal(value: object) -> str:
    """A value as Spark reads it back, goes_together somebody typed. Moments without a zone are taken as they are."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value}L"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return f"TIMESTAMP '{moment.isoformat(' ', 'microseconds')}'"
    if isinstance(value, list | tuple):
        return f"array({', '.join(map(literal, value))})"
    raise TypeError(f"no literal for {type(value).__name__}")


def _known_function(node: exp.Expr) -> exp.Expr:
    if node.name.lower() == "epoch_us":
        return exp.Anonymous(this="unix_micros", expressions=node.expressions)
    return node


def _plain_part(node: exp.Expr) -> exp.Expr:
    """Spark itself decides whether a named part is read once."""
    node.set("materialized", None)
    return node


def _kind(node: exp.Expr) -> exp.Expr:
    """Moments have no other kind here than those with a zone, and every clock is UTC's."""
    if node.this == exp.DType.TIMESTAMPNTZ:
        return exp.DataType.build("TIMESTAMP", dialect="spark")
    return node


def _limit(node: exp.Expr) -> exp.Expr:
    """So many rows: a number of 32 bits there, and no other."""
    node.set("expression", exp.cast(node.expression, exp.DType.INT))
    return node


SPARK = Dialect(
    name="spark",
    literal=literal,
    words={
        exp.Anonymous: _known_function,
        exp.CTE: _plain_part,
        exp.DataType: _kind,
        exp.Limit: _limit,
        exp.DayOfWeekIso: lambda node: exp.paren(
            exp.Add(this=exp.Anonymous(this="weekday", expressions=[node.this]), expression=exp.Literal.number(1))
        ),
        exp.PercentileCont: lambda node: exp.Anonymous(this="percentile", expressions=[node.this, node.expression]),
    },
)

"""PostgreSQL's words for what sqlglot cannot know, and its literals."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlglot import exp

from qunying.insights.engines.dialect import Dialect, Reword


def literal(value: object) -> str:
    """A value as PostgreSQL reads it back, goes_together somebody typed. Raises ``ValueError`` for words it cannot hold."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("PostgreSQL holds no NUL")
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, datetime):
        kind = "TIMESTAMPTZ" if value.tzinfo else "TIMESTAMP"
        moment = value.astimezone(UTC) if value.tzinfo else value
        return f"{kind} '{moment.isoformat(' ', 'microseconds')}'"
    if isinstance(value, list | tuple):
        kind = "BIGINT" if value and isinstance(value[0], int) else "TEXT"
        return f"ARRAY[{', '.join(map(literal, value))}]::{kind}[]"
    raise TypeError(f"no literal for {type(value).__name__}")


def _whole(node: exp.Expr) -> exp.Expr:
    return exp.cast(node, exp.DType.BIGINT)


def _known_function(node: exp.Expr) -> exp.Expr:
    """Microseconds since 1970: an epoch is exact there, and has six places behind the point."""
    if node.name.lower() == "epoch_us":
        seconds = exp.Extract(this=exp.var("EPOCH"), expression=node.expressions[0])
        return _whole(exp.Mul(this=seconds, expression=exp.Literal.number(1_000_000)))
    return node


def _moment(node: exp.Expr) -> exp.Expr:
    """Microseconds as a moment without a zone, exact as long as they fit into 53 bits."""
    step = exp.Interval(this=exp.Literal.string("1"), unit=exp.var("MICROSECOND"))
    epoch = exp.cast(exp.Literal.string("1970-01-01"), "TIMESTAMP")
    return exp.paren(exp.Add(this=epoch, expression=exp.Mul(this=exp.paren(node.this), expression=step)))


def _sorted_list(node: exp.Expr) -> exp.Expr:
    """A list is put into order while it is made; nothing there sorts one afterwards."""
    made = node.this
    if isinstance(made, exp.ArrayAgg) and isinstance(made.this, exp.Distinct):
        (one,) = made.this.expressions
        made.set("this", exp.Order(this=made.this.copy(), expressions=[exp.Ordered(this=one.copy())]))
        return made
    return node


def _question(node: exp.Expr) -> exp.Expr:
    """All that is no aggregate is what ``GROUP BY ALL`` groups by; a question within a question has a name."""
    group = node.args.get("group")
    if group is not None and group.args.get("all"):
        places = [n for n, one in enumerate(node.expressions, 1) if not one.find(exp.AggFunc)]
        node.set("group", exp.Group(expressions=[exp.Literal.number(n) for n in places]))
    return node


def _named(node: exp.Expr) -> exp.Expr:
    if isinstance(node.parent, exp.From | exp.Join) and not node.alias:
        node.set("alias", exp.TableAlias(this=exp.to_identifier("q")))
    return node


def _part(unit: str) -> Reword:
    """A part of a moment as a whole number; PostgreSQL's own is a decimal one."""
    return lambda node: _whole(exp.Extract(this=exp.var(unit), expression=node.this))


POSTGRES = Dialect(
    name="postgres",
    literal=literal,
    words={
        exp.Anonymous: _known_function,
        exp.ArrayContains: lambda node: exp.EQ(this=node.expression, expression=exp.Any(this=exp.paren(node.this))),
        exp.DayOfWeekIso: _part("ISODOW"),
        exp.Hour: _part("HOUR"),
        exp.IntDiv: lambda node: exp.Div(this=node.this, expression=node.expression, typed=True),
        exp.Month: _part("MONTH"),
        exp.Select: _question,
        exp.ArraySort: _sorted_list,
        exp.Subquery: _named,
        exp.UnixToTime: _moment,
        exp.Year: _part("YEAR"),
    },
)

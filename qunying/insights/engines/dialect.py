"""The questions of ``sql/`` are written for DuckDB; here they become another engine's, and their parameters literals of it.

What differs between engines is a ``Dialect`` beside each of them; what all of them need is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from qunying.insights.engines.slots import with_parts
from qunying.insights.engines.views import read_sql

Reword = Callable[[Any], exp.Expr]
_PLACE = re.compile(r"⟦(\w+)⟧")  # where a value will stand


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """How an engine says things: sqlglot's name for it, its own words by kind of expression, and how it writes a value."""

    name: str
    words: Mapping[type[exp.Expr], Reword]
    literal: Callable[[object], str]


def put(sql: str, params: Mapping[str, Any], dialect: Dialect) -> str:
    """The same question in that dialect, with its parameters. Values are told apart from words by ``literal`` and never
    looked at again."""
    words = translate(with_parts(sql, params), dialect)
    return _PLACE.sub(lambda found: dialect.literal(params[found[1]]), words)


@lru_cache(maxsize=1024)
def translate(sql: str, dialect: Dialect) -> str:
    """The same question in that dialect; where a parameter stood, ⟦its name⟧ stands."""
    tree = sqlglot.parse(sql, read="duckdb")[0]
    assert tree is not None
    tree = tree.transform(_written_out)
    for node in reversed(list(tree.walk())):  # what lies deepest first
        reword = dialect.words.get(type(node)) or _WORDS.get(type(node))
        if reword is not None:
            found = reword(node)
            if found is not node:
                node.replace(found)
    return tree.sql(dialect.name, comments=False)


def _written_out(node: exp.Expr) -> exp.Expr:
    """A macro of ours as its body with these arguments."""
    if not isinstance(node, exp.Anonymous) or node.name not in _macros():
        return node
    names, body = _macros()[node.name]
    given = dict(zip(names, node.expressions, strict=True))
    return exp.paren(
        body.copy()
        .transform(lambda one: given[one.name].copy() if isinstance(one, exp.Column) else one)
        .transform(_written_out)
    )


@cache
def _macros() -> dict[str, tuple[list[str], exp.Expr]]:
    found = {}
    for macro in sqlglot.parse(read_sql("slots"), read="duckdb"):
        if macro is not None:
            names = [one.name for one in macro.this.expressions]
            found[macro.this.this.name] = (names, macro.expression)
    return found


def call(name: str) -> Reword:
    """The function of that name on the same first argument."""
    return lambda node: exp.Anonymous(this=name, expressions=[node.this])


def _place(node: exp.Expr) -> exp.Expr:
    return exp.var(f"⟦{node.name}⟧")


def _by_place(node: exp.Expr) -> exp.Expr:
    """Both sides have the same columns in the same order, so by place is by name."""
    node.set("by_name", None)
    return node


_WORDS: Mapping[type[exp.Expr], Reword] = {
    exp.Parameter: _place,
    exp.Placeholder: _place,
    exp.Union: _by_place,
}

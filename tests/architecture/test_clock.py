"""Time comes from ``kernel/clock.py`` alone: a drill that jumps over a night must find no other clock."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.sizes import ROOT

CLOCK = ROOT / "qunying" / "kernel" / "clock.py"
READS = {"now", "utcnow", "today", "time", "time_ns"}
READS_WITHOUT_ARGUMENT = {"localtime", "localdate"}
CLOCKS = {"datetime", "date", "timezone", "time", "dt"}
COLUMNS = {"auto_now", "auto_now_add"}
SQL = re.compile(r"\b(now|getdate|today)\s*\(\s*\)|\bcurrent_(timestamp|date|time)\b|\(\s*'now'", re.IGNORECASE)


def readings(source: str) -> Iterator[int]:
    """Lines of a Python source that read the wall clock in some way of their own."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in READS and _name(owner) in CLOCKS:
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=[]) if _name(owner) in CLOCKS:
                if attr in READS_WITHOUT_ARGUMENT:
                    yield node.lineno
            case ast.ImportFrom(names=names) if {"Now", *COLUMNS} & {each.name for each in names}:
                yield node.lineno
            case ast.keyword(arg=arg) if arg in COLUMNS:
                yield node.value.lineno
            case ast.Constant(value=str(text)) if id(node) not in docs and SQL.search(text):
                yield node.lineno


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def test_nobody_reads_the_wall_clock_when_it_is_not_the_clock() -> None:
    paths = [path for path in (ROOT / "qunying").rglob("*.py") if path != CLOCK and "tests" not in path.parts]
    places = [f"{path.relative_to(ROOT)}:{line}" for path in paths for line in readings(path.read_text("utf-8"))]
    assert places == []


def test_no_query_reads_the_wall_clock_when_it_lies_in_a_file() -> None:
    assert [str(path.relative_to(ROOT)) for path in _queries() if SQL.search(path.read_text("utf-8"))] == []


def _queries() -> Iterator[Path]:
    yield from (ROOT / "qunying").rglob("*.sql")


@pytest.mark.parametrize(
    "source",
    [
        "x = datetime.now(UTC)",
        "x = datetime.datetime.utcnow()",
        "x = timezone.now()",
        "x = date.today()",
        "x = timezone.localtime()",
        "x = time.time()",
        "at = DateTimeField(auto_now_add=True)",
        "from django.db.models.functions import Now",
        'cursor.execute("UPDATE t SET at = now()")',
        "cursor.execute(\"SELECT datetime('now')\")",
        'sql = f"WHERE at < CURRENT_TIMESTAMP AND id = {x}"',
    ],
)
def test_a_clock_is_found_when_it_hides(source: str) -> None:
    assert list(readings(source))


@pytest.mark.parametrize(
    "source", ['"""Asks now() of nobody."""', "x = clock.now()", "x = time.monotonic()", "x = timezone.localtime(at)"]
)
def test_nothing_is_found_when_no_wall_clock_is_read(source: str) -> None:
    assert list(readings(source)) == []

"""Names say what a function does to the world, and no file is a drawer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.sizes import ROOT, sources

DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "misc"}
BEGINNINGS = {"actions.py": ("do_",), "queries.py": ("get_", "find_", "list_", "count_")}


def odd_names(source: str, beginnings: tuple[str, ...]) -> Iterator[str]:
    """Public functions of a file that do not begin as they should."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", *beginnings)):
            yield node.name


def odd_names_of_the_house() -> set[str]:
    """``folder/file:function``, for every actions.py and queries.py."""
    package = ROOT / "qunying"
    return {
        f"{path.relative_to(package).as_posix()}:{name}"
        for file, beginnings in BEGINNINGS.items()
        for path in package.rglob(file)
        for name in odd_names(path.read_text("utf-8"), beginnings)
    }


def allowed() -> set[str]:
    """The list beside this file: names older than the rule, or better than it. It may only become shorter."""
    lines = Path(__file__).with_name("odd_names.txt").read_text("utf-8").splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def test_reads_and_writes_are_told_apart_when_a_function_is_new() -> None:
    assert sorted(odd_names_of_the_house() - allowed()) == []


def test_an_allowed_name_leaves_the_list_when_it_is_gone() -> None:
    assert sorted(allowed() - odd_names_of_the_house()) == []


def test_no_file_is_a_drawer_when_listed() -> None:
    assert [str(path.relative_to(ROOT)) for path in sources() if set(path.with_suffix("").parts) & DRAWERS] == []


@pytest.mark.parametrize(
    ("name", "is_odd"), [("do_join", False), ("_join", False), ("join", True), ("redo_join", True), ("get_seat", True)]
)
def test_a_name_is_odd_when_a_write_does_not_begin_with_do(name: str, *, is_odd: bool) -> None:
    assert bool(list(odd_names(f"def {name}() -> None: ...", BEGINNINGS["actions.py"]))) is is_odd

"""How long functions and files are: ``python -m tools.sizes`` lists what is over the soft limits. The hard ones are tests."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOFT_FUNCTION, HARD_FUNCTION, MEDIAN_FUNCTION = 30, 60, 10
SOFT_FILE, HARD_FILE = 300, 500
FOLDERS = ("qunying", "tools", "tests")


@dataclass(frozen=True, slots=True)
class Function:
    """A function as it stands in a file, first line to last."""

    place: str
    name: str
    lines: int
    is_typed: bool
    is_test: bool


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file written by hand; migrations are written by Django."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def functions(path: Path, root: Path = ROOT) -> Iterator[Function]:
    """The functions and methods of a file, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(
                place=f"{path.relative_to(root).as_posix()}:{node.lineno}",
                name=node.name,
                lines=(node.end_lineno or node.lineno) - node.lineno + 1,
                is_typed=node.returns is not None,
                is_test="tests" in path.relative_to(root).parts,
            )


def length(path: Path) -> int:
    """Lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def median(found: list[Function]) -> float:
    """The median length of the functions that are not tests."""
    return statistics.median(each.lines for each in found if not each.is_test)


def main() -> int:
    """Always 0: these limits are for thinking, not for failing."""
    found = [function for path in sources() for function in functions(path)]
    for function in sorted(found, key=lambda each: -each.lines):
        if function.lines > SOFT_FUNCTION:
            print(f"{function.lines:4} lines  {function.place} {function.name}")
    for path in sources():
        if length(path) > SOFT_FILE:
            print(f"{length(path):4} lines  {path.relative_to(ROOT)}")
    print(f"median of {sum(not each.is_test for each in found)} functions: {median(found):g} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())

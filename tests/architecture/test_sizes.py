"""Short functions, short files, every return type written down."""

from __future__ import annotations

import pytest

from tools.sizes import HARD_FILE, HARD_FUNCTION, MEDIAN_FUNCTION, ROOT, Function, functions, length, median, sources

STORY = ROOT / "qunying" / "pipeline" / "inbound.py"
STORY_AT_MOST = 80


@pytest.fixture(scope="module")
def found() -> list[Function]:
    return [function for path in sources() for function in functions(path)]


def test_functions_stay_readable_when_measured(found: list[Function]) -> None:
    assert [f"{each.place} {each.name}: {each.lines}" for each in found if each.lines > HARD_FUNCTION] == []


def test_the_median_function_is_short_when_tests_are_left_out(found: list[Function]) -> None:
    assert median(found) <= MEDIAN_FUNCTION


def test_every_function_says_what_it_returns_when_listed(found: list[Function]) -> None:
    assert [f"{each.place} {each.name}" for each in found if not each.is_typed] == []


def test_files_stay_readable_when_measured() -> None:
    assert [f"{path.relative_to(ROOT)}: {length(path)}" for path in sources() if length(path) > HARD_FILE] == []


def test_the_story_fits_one_page_when_measured() -> None:
    assert length(STORY) <= STORY_AT_MOST

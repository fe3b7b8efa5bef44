from __future__ import annotations

import pytest

from qunying.ui.pages import Pages, kept_query, read_page, shown_numbers


@pytest.mark.parametrize(
    ("current", "count", "numbers"),
    [
        (1, 24, [1, 2, 3, None, 24]),
        (2, 24, [1, 2, 3, None, 24]),
        (4, 24, [1, 2, 3, 4, 5, None, 24]),
        (12, 24, [1, None, 11, 12, 13, None, 24]),
        (24, 24, [1, None, 23, 24]),
        (22, 24, [1, None, 21, 22, 23, 24]),
        (1, 1, [1]),
        (2, 3, [1, 2, 3]),
    ],
)
def test_numbers_surround_the_current_page_when_there_are_many(
    current: int, count: int, numbers: list[int | None]
) -> None:
    assert shown_numbers(current, count) == numbers


@pytest.mark.parametrize(
    ("text", "page"), [(None, 1), ("", 1), ("3", 3), ("-4", 1), ("999", 24), ("十", 1), ("１２", 12), ("1e9", 1)]
)
def test_page_is_readable_when_the_address_is_not(text: str | None, page: int) -> None:
    assert read_page(text, 24) == page


def test_filters_are_kept_when_paging() -> None:
    pages = Pages(2, 8, 186, "人", kept_query({"layer": ["潜水"], "q": "a&b", "page": "2"}))
    assert (pages.first, pages.last, pages.count) == (9, 16, 24)
    assert pages.links[0].href == "?layer=%E6%BD%9C%E6%B0%B4&q=a%26b&page=1"
    assert pages.links[1].href == ""


def test_empty_list_has_one_page_when_nothing_is_found() -> None:
    pages = Pages(1, 8, 0, "人")
    assert (pages.first, pages.last, pages.count) == (0, 0, 1)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.grams import LONGEST, PLACES, READ_LETTERS, dress, places_of, shape_of


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("今天8点见！", "HH0HH！"),
        ("加Ⅴ：abc123456", "H9：aaa000+"),
        ("🎉🎉🎉🎉🎉", "EEE+"),
        ("", ""),
        ("Привет q1", "LLL+_a0"),
    ],
)
def test_letters_of_a_kind_look_the_same_when_only_the_shape_is_seen(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def test_every_run_has_its_place_when_a_short_text_is_read() -> None:
    signs = len("安") + 2  # and where it begins and ends
    runs = sum(signs - size + 1 for size in range(1, LONGEST) if signs >= size)
    assert len(places_of(["安"])) == runs


def test_the_same_run_is_another_one_when_it_stands_in_another_view() -> None:
    assert not set(places_of(["安安", ""])) & set(places_of(["", "安安"])) - set(places_of(["", ""]))


def test_places_are_the_same_when_a_text_is_read_again() -> None:
    views = dress("加我薇❤信 abc").views
    assert np.array_equal(places_of(views), places_of(views))


def test_the_beginning_and_the_end_are_read_when_a_text_is_very_long() -> None:
    text = "头" * 50_000 + "中" * 50_000 + "尾" * 50_000
    read = dress(text).written
    assert len(read) == READ_LETTERS + 1
    assert read[0] == "头"
    assert read[-1] == "尾"


@given(st.text(st.characters(codec=None), max_size=300))
def test_places_are_in_order_and_once_when_anything_is_read(text: str) -> None:
    places = places_of(dress(text).views)
    assert len(places) > 0
    assert bool(np.all(places[1:] > places[:-1]))
    assert int(places[-1]) < PLACES

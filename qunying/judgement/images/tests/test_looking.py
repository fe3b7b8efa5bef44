from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from qunying.judgement.images import BadPicture, WordsRead, look_at
from qunying.judgement.images.likeness import is_same_picture
from qunying.judgement.images.looking import Look
from qunying.judgement.images.tests.drawn import CONTACT, as_bytes, code, on, poster


def looks(look: Look) -> tuple[int, int]:
    assert look.likeness is not None
    return look.likeness.dhash, look.likeness.phash


def on_a_poster(text: str, seed: int, size: tuple[int, int] = (800, 1200)) -> Look:
    return look_at(as_bytes(on(poster(800, 1200, seed), (code(text, 150), (600, 1000))).resize(size)))


def test_a_poster_is_the_same_when_another_code_stands_on_it_and_it_was_shrunk() -> None:
    one, other, third = on_a_poster(CONTACT, 1), on_a_poster(f"{CONTACT}9", 1, (700, 1050)), on_a_poster(CONTACT, 2)
    assert [found.text for found in other.codes] == [f"{CONTACT}9"]
    assert is_same_picture(looks(one), looks(other))
    assert not is_same_picture(looks(one), looks(third))


def test_a_picture_is_like_nothing_when_a_code_fills_much_of_it_or_it_is_of_one_shade() -> None:
    card = on(Image.new("RGB", (300, 400), "tan"), (code(CONTACT, 180), (60, 150)))
    assert look_at(as_bytes(card)).likeness is None
    assert look_at(as_bytes(Image.new("RGB", (300, 400), "tan"))).likeness is None
    assert look_at(as_bytes(poster(300, 400))).likeness is not None


def test_words_are_read_when_there_is_a_reader() -> None:
    def reads(pixels: np.ndarray) -> Sequence[WordsRead]:
        return [WordsRead("扫码进群", 0.9, (0, 0, 10, 10)), WordsRead("?", 0.2, (0, 20, 10, 30))]

    assert look_at(as_bytes(poster(300, 400)), reads).words == ("扫码进群",)
    assert look_at(as_bytes(poster(300, 400))).words == ()


def test_a_picture_is_bad_when_its_reader_fails() -> None:
    def fails(pixels: np.ndarray) -> Sequence[WordsRead]:
        raise RuntimeError("out of memory")

    with pytest.raises(BadPicture, match="cannot be looked at"):
        look_at(as_bytes(poster(300, 400)), fails)

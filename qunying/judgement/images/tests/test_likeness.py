from __future__ import annotations

import pytest
from PIL import Image, ImageEnhance

from qunying.judgement.images import BadPicture, are_alike, likeness
from qunying.judgement.images.tests.drawn import as_bytes, code, on, poster


@pytest.mark.parametrize("seed", range(5))
def test_a_picture_is_known_again_when_it_was_changed_a_little(seed: int) -> None:
    picture = poster(800, 1000, seed)
    known = likeness(as_bytes(picture))
    changed = [
        as_bytes(picture, "JPEG", quality=30),
        as_bytes(picture.resize((317, 400))),
        as_bytes(ImageEnhance.Brightness(picture).enhance(1.15)),
        as_bytes(on(picture.copy(), (Image.new("RGB", (120, 40), "white"), (600, 900)))),
        as_bytes(picture.convert("L")),
    ]
    assert [are_alike(known, likeness(each)) for each in changed] == [True] * 5


def test_pictures_are_not_alike_when_they_show_different_things() -> None:
    looks = [likeness(as_bytes(poster(800, 1000, seed))) for seed in range(12)]
    assert not any(are_alike(one, other) for place, one in enumerate(looks) for other in looks[:place])


def test_pictures_are_like_nothing_when_they_are_of_one_shade() -> None:
    white, grey = (likeness(as_bytes(Image.new("RGB", (90, 90), shade))) for shade in ("white", "grey"))
    assert white.is_flat
    assert not are_alike(white, grey)


def test_fingerprints_have_64_bits_and_no_distance_from_themselves() -> None:
    looks = likeness(as_bytes(code()))
    assert 0 <= looks.dhash < 2**64
    assert 0 <= looks.phash < 2**64
    assert looks.distance(looks) == (0, 0)


def test_the_error_says_why_when_bytes_are_no_picture() -> None:
    with pytest.raises(BadPicture, match="no picture"):
        likeness(b"hello")

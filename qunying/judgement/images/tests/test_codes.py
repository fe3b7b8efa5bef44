from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from qunying.judgement.images import BadPicture, read_codes
from qunying.judgement.images.contents import links_in, purpose_of
from qunying.judgement.images.opening import MOST_FRAMES
from qunying.judgement.images.tests.drawn import CONTACT, as_bytes, code, on, poster


def texts(image: Image.Image, kind: str = "PNG") -> list[str]:
    return [found.text for found in read_codes(as_bytes(image, kind)).codes]


@pytest.mark.parametrize("degrees", [0, 10, 30, 45, 90, 137, 180, 250])
def test_a_code_is_read_when_it_is_turned(degrees: int) -> None:
    assert texts(code().rotate(degrees, expand=True, fillcolor="white")) == [CONTACT]


@pytest.mark.parametrize("side", [60, 80, 150])
def test_a_code_is_read_when_it_is_small_on_a_poster(side: int) -> None:
    assert texts(on(poster(1080, 1600), (code(side=side), (800, 1300))), "JPEG") == [CONTACT]


@pytest.mark.parametrize(("dark", "light"), [(110, 140), (120, 132), (200, 215), (10, 30)])
def test_a_code_is_read_when_its_contrast_is_low(dark: int, light: int) -> None:
    faint = code().point(lambda value: light if value > 127 else dark)
    assert texts(on(Image.new("RGB", (700, 700), (light,) * 3), (faint, (200, 200)))) == [CONTACT]


@pytest.mark.parametrize(
    "changed",
    [
        ImageOps.invert(code()),
        code(side=200).filter(ImageFilter.GaussianBlur(2)),
        on(code(), (Image.new("RGB", (50, 50), "red"), (125, 125))),
        ImageEnhance.Brightness(code()).enhance(0.3),
        code().convert("1"),
        code().convert("P"),
        code().convert("CMYK").convert("RGB"),
    ],
    ids=["inverted", "blurred", "logo", "dark", "one bit", "palette", "print colours"],
)
def test_a_code_is_read_when_its_look_is_unusual(changed: Image.Image) -> None:
    assert texts(changed) == [CONTACT]


def test_a_code_is_read_when_it_differs_from_its_ground_only_in_hue() -> None:
    dark = np.asarray(code().convert("L")) < 128
    picture = np.where(dark[..., None], (120, 178, 255), (255, 120, 120)).astype(np.uint8)
    assert texts(Image.fromarray(picture)) == [CONTACT]


@pytest.mark.parametrize("ink", [0, 255])
def test_a_code_is_read_when_its_ground_is_transparent(ink: int) -> None:
    dark = np.asarray(code().convert("L")) < 128
    picture = np.zeros((*dark.shape, 4), dtype=np.uint8)
    picture[dark] = (ink, ink, ink, 255)
    assert texts(Image.fromarray(picture)) == [CONTACT]


def test_a_code_is_read_when_grey_has_sixteen_bits() -> None:
    deep = np.asarray(code().convert("L")).astype(np.uint16) * 40
    assert texts(Image.fromarray(deep)) == [CONTACT]


def test_every_code_is_read_with_its_place_when_a_picture_has_several() -> None:
    places = [(50, 40), (900, 100), (200, 900), (1000, 1000)]
    codes = [(code(f"{CONTACT}{number}", 160 + 50 * number), place) for number, place in enumerate(places)]
    found = read_codes(as_bytes(on(poster(1400, 1500), *codes))).codes
    assert [each.text for each in found] == [f"{CONTACT}{number}" for number in range(4)]
    for each, (left, top) in zip(found, places, strict=True):
        assert left < each.box[0] < left + 60
        assert top < each.box[1] < top + 60


def test_places_are_those_of_the_whole_picture_when_it_was_shrunk_to_be_read() -> None:
    found = read_codes(
        as_bytes(on(Image.new("RGB", (5000, 4000), "white"), (code(side=600), (4000, 3000))), "JPEG")
    ).codes
    left, top, right, bottom = found[0].box
    assert 4000 < left < right < 4600
    assert 3000 < top < bottom < 3600


@pytest.mark.parametrize("kind", ["EAN13", "Code128", "DataMatrix", "Aztec", "PDF417"])
def test_other_codes_are_read_when_they_are_large_enough(kind: str) -> None:
    text = "5901234123457"
    found = read_codes(
        as_bytes(ImageOps.expand(code(text, 400, getattr(zxingcpp.BarcodeFormat, kind)), 20, "white"))
    ).codes
    assert [each.text for each in found] == [text]


def test_nothing_is_found_when_there_is_no_code() -> None:
    read = read_codes(as_bytes(poster(900, 900, seed=3)))
    assert read.codes == ()
    assert read.is_complete


def test_only_the_first_frames_are_read_when_a_picture_is_animated() -> None:
    blank = Image.new("RGB", (300, 300), "white")
    frames = [blank, code(), *[Image.new("RGB", (300, 300), (shade, 0, 0)) for shade in (50, 100, 150)]]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    read = read_codes(out.getvalue())
    assert [(each.text, each.frame) for each in read.codes] == [(CONTACT, 1)]
    assert len(frames) > MOST_FRAMES
    assert not read.is_complete


def test_a_picture_is_refused_before_it_is_unpacked_when_it_has_too_many_pixels() -> None:
    bomb = as_bytes(Image.new("1", (30_000, 30_000)))
    assert len(bomb) < 200_000
    with pytest.raises(BadPicture, match="pixels"):
        read_codes(bomb)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_the_error_says_why_when_bytes_are_no_picture(data: bytes) -> None:
    with pytest.raises(BadPicture) as wrong:
        read_codes(data)
    assert str(wrong.value).startswith(("the picture", "this is no picture"))
    assert "\n" not in str(wrong.value)


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]), st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else_is_raised(kind: str, data: st.DataObject) -> None:
    whole = bytearray(as_bytes(code(side=80), kind))
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_codes(bytes(whole[: data.draw(st.integers(1, len(whole)))]))
    except BadPicture:
        return


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        (CONTACT, "contact"),
        ("https://weixin.qq.com/g/AwYAAabc", "group"),
        ("wxp://f2f0abc", "payment"),
        ("HTTPS://QR.ALIPAY.COM/FKX1", "payment"),
        ("https://t.me/+abc", "group"),
        ("http://weixin.qq.com/r/abc", "account"),
        ("WIFI:S:tea;T:WPA;P:12345678;;", "wifi"),
        ("https://example.com/a", "link"),
        ("5901234123457", "number"),
        ("你好", "text"),
    ],
)
def test_the_purpose_of_a_code_is_known_when_its_address_is(text: str, purpose: str) -> None:
    assert purpose_of(text) == purpose


def test_links_are_found_when_they_stand_in_a_sentence_and_have_no_scheme() -> None:
    assert links_in("加群 example.com/a?b=1，或 https://example.org。") == ("example.com/a?b=1", "https://example.org")

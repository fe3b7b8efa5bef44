"""Codes found in a picture: QR codes thoroughly (turned, small, faint, inverted, several, on posters), others once.

The work is bounded by pixels, not by a clock, so that the same picture gives the same answer on every machine. On one core
with a picture of 2,000 × 2,000 the budget is about 300 ms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from qunying.judgement.images.contents import links_in, purpose_of
from qunying.judgement.images.opening import Picture, open_picture

_BUDGET = 20_000_000  # pixels looked at in one picture, all tries of all frames together
_LARGEST = 4_000_000  # pixels of one try
_OTHERS_LARGEST = 400_000  # looking for bars costs ten times as much per pixel
_LARGEST_PART = 2_000_000  # pixels of an enlarged part
_MEDIUM = 800_000  # pixels, for what only helps large codes
_TILE_FROM = 900  # pixels: a longer side is also looked at in enlarged parts
_MOST_CODES = 50
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode])
# without ITF, Codabar and Code 39: these are also «found» in hatchings, grilles and lines of text
_OTHERS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.PDF417,
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.EAN8,
        zxingcpp.BarcodeFormat.Code128,
    ]
)
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its text, what kind of code, what the text is for, where in the picture (left, top, right, bottom)."""

    text: str
    format: str
    purpose: str
    links: tuple[str, ...]
    box: Box
    frame: int
    how: str


@dataclass(frozen=True, slots=True)
class CodesRead:
    """The codes of a picture from top to bottom; ``is_complete`` is false where the budget or frames ran out."""

    codes: tuple[Code, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class _Try:
    """A picture to look at: how it was made, and how its points lie in the original (``left + x * scale``)."""

    how: str
    image: Image.Image
    scale: float
    left: float
    top: float
    formats: zxingcpp.BarcodeFormats
    is_always: bool
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage


def read_codes(data: bytes) -> CodesRead:
    """All codes in the first frames of a picture; raises ``BadPicture`` for bytes that are none."""
    return codes_in(open_picture(data))


def codes_in(picture: Picture) -> CodesRead:
    """All codes of a picture that is already open."""
    budget = _BUDGET
    found: list[Code] = []
    for number, frame in enumerate(picture.frames):
        budget = _look(frame, number, picture, found, budget)
    ordered = sorted(found[:_MOST_CODES], key=lambda code: (code.frame, code.box[1], code.box[0]))
    return CodesRead(tuple(ordered), budget > 0 and not picture.has_more)


def _look(frame: Image.Image, number: int, picture: Picture, found: list[Code], budget: int) -> int:
    """Adds what one frame shows to ``found``; returns what is left of the budget."""
    before = len(found)
    for each in _tries(frame):
        if len(found) > before and not each.is_always:
            break
        size = each.image.width * each.image.height
        if size > budget:
            return 0
        budget -= size
        for code in _read(each, number, picture.scale):
            if not any(_is_same(code, other) for other in found):
                found.append(code)
    return budget


def _tries(frame: Image.Image) -> Iterator[_Try]:
    """From the cheapest to the dearest; those after the first two only while nothing was found."""
    colour = _on(frame, "white")
    grey, scale = _at_most(colour.convert("L"), _LARGEST)
    yield _Try("as it is", grey, scale, 0, 0, _QR, is_always=True)
    small, small_scale = _at_most(grey, _OTHERS_LARGEST)
    yield _Try("other codes", small, scale * small_scale, 0, 0, _OTHERS, is_always=True)
    half, half_scale = _at_most(grey, _LARGEST / 2)
    strong = ImageOps.autocontrast(half, cutoff=2)
    yield _Try("more contrast", strong, scale * half_scale, 0, 0, _QR, is_always=False)
    yield from _enlarged(grey, scale)
    medium, times = _at_most(strong, _MEDIUM)
    medium_scale = half_scale * times
    yield _Try(
        "smoothed", medium.filter(ImageFilter.GaussianBlur(1.5)), scale * medium_scale, 0, 0, _QR, is_always=False
    )
    yield _Try(
        "one threshold",
        medium,
        scale * medium_scale,
        0,
        0,
        _QR,
        is_always=False,
        binarizer=zxingcpp.Binarizer.GlobalHistogram,
    )
    yield from _colours(colour, frame)


def _enlarged(grey: Image.Image, scale: float) -> Iterator[_Try]:
    """Small codes: the whole picture larger, or, where it is large itself, in overlapping quarters."""
    width, height = grey.size
    if max(width, height) < _TILE_FROM:
        factor = 3 if max(width, height) < _TILE_FROM // 2 else 2
        yield _larger("enlarged", grey, (0, 0, width, height), factor, scale, is_always=False)
        return
    for top in (0, height * 4 // 10):
        for left in (0, width * 4 // 10):
            box = (left, top, min(width, left + width * 6 // 10), min(height, top + height * 6 // 10))
            factor = min(2.0, (_LARGEST_PART / max(1, (box[2] - box[0]) * (box[3] - box[1]))) ** 0.5)
            yield _larger("enlarged part", grey, box, factor, scale, is_always=False)


def _larger(how: str, grey: Image.Image, box: Box, factor: float, scale: float, *, is_always: bool) -> _Try:
    size = (max(1, int((box[2] - box[0]) * factor)), max(1, int((box[3] - box[1]) * factor)))
    image = grey.resize(size, Image.Resampling.BICUBIC, box=box)
    return _Try(how, image, scale / factor, box[0] * scale, box[1] * scale, _QR, is_always)


def _colours(colour: Image.Image, frame: Image.Image) -> Iterator[_Try]:
    """A code may be bright as its ground and differ only in hue; a white one on nothing shows before black."""
    if frame.mode not in {"L", "1", "I", "F", "I;16"}:
        medium, scale = _at_most(colour, _MEDIUM)
        for name, band in zip(("red", "green", "blue"), medium.split(), strict=True):
            yield _Try(name, ImageOps.autocontrast(band), scale, 0, 0, _QR, is_always=False)
    if _is_transparent(frame):
        grey, scale = _at_most(_on(frame, "black").convert("L"), _LARGEST)
        yield _Try("on black", grey, scale, 0, 0, _QR, is_always=False)


def _is_transparent(frame: Image.Image) -> bool:
    return frame.mode in {"RGBA", "LA", "PA"} or "transparency" in frame.info


def _on(frame: Image.Image, ground: str) -> Image.Image:
    """The frame in colour, what is transparent filled with a ground; sixteen bits of grey become eight."""
    if frame.mode in {"I", "F"} or frame.mode.startswith("I;16"):
        values = np.asarray(frame, dtype=np.float64)
        low, high = float(values.min()), float(values.max())
        levels = (values - low) * (255.0 / max(high - low, 1.0))
        return Image.fromarray(levels.astype(np.uint8)).convert("RGB")
    if not _is_transparent(frame):
        return frame.convert("RGB")
    whole = frame.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, ground), whole).convert("RGB")


def _at_most(image: Image.Image, pixels: float) -> tuple[Image.Image, float]:
    """The picture with so many pixels at most, and how many times larger it was."""
    times = (image.width * image.height / pixels) ** 0.5
    if times <= 1:
        return image, 1.0
    size = (max(1, int(image.width / times)), max(1, int(image.height / times)))
    return image.resize(size, Image.Resampling.BOX), image.width / size[0]


def _read(each: _Try, frame: int, scale: float) -> Iterator[Code]:
    for found in zxingcpp.read_barcodes(
        np.asarray(each.image), formats=each.formats, binarizer=each.binarizer, text_mode=zxingcpp.TextMode.Plain
    ):
        text = found.text
        if text:
            kind = str(found.format).rpartition(".")[2]
            yield Code(text, kind, purpose_of(text), links_in(text), _box(found.position, each, scale), frame, each.how)


def _box(position: zxingcpp.Position, each: _Try, scale: float) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    across = [(each.left + corner.x * each.scale) * scale for corner in corners]
    down = [(each.top + corner.y * each.scale) * scale for corner in corners]
    return round(min(across)), round(min(down)), round(max(across)), round(max(down))


def _is_same(one: Code, other: Code) -> bool:
    """The same text where the boxes meet, or in another frame of the same picture."""
    if one.text != other.text:
        return False
    (left, top, right, bottom), (left2, top2, right2, bottom2) = one.box, other.box
    return one.frame != other.frame or (left < right2 and left2 < right and top < bottom2 and top2 < bottom)

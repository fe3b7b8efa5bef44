"""Bytes from strangers opened as a picture: known formats only, refused before anything large is unpacked."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
MOST_BYTES = 30_000_000
MOST_PIXELS = 40_000_000  # of one frame; unpacked in grey and alpha that is 80 MB
MOST_FRAMES = 3  # of an animated picture
_NEEDED_SIDE = 2000  # JPEG can unpack at a half, a quarter, an eighth of its size: not smaller than this


class BadPicture(ValueError):
    """The bytes are no picture that is read here; the message says why, in one line fit for a person, ``why`` in a word."""

    def __init__(self, words: str, why: str = "broken") -> None:
        super().__init__(words)
        self.why = why


@dataclass(frozen=True, slots=True)
class Picture:
    """The first frames in grey or colour, and how many times larger the picture was than they are."""

    frames: tuple[Image.Image, ...]
    scale: float
    has_more: bool


def open_picture(data: bytes) -> Picture:
    """The frames of a picture, unpacked; raises ``BadPicture`` for what is broken, too large or no picture."""
    if not data:
        raise BadPicture("the picture is empty", "empty")
    if len(data) > MOST_BYTES:
        raise BadPicture(f"the picture has {len(data)} bytes, more than {MOST_BYTES}", "too_large")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of sizes that are refused here anyway, and of odd metadata
        try:
            return _unpacked(_opened(data))
        except BadPicture:
            raise
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError) as wrong:
            raise BadPicture(f"the picture is broken: {wrong}") from wrong
        except (struct.error, MemoryError, ZeroDivisionError, RuntimeError, AttributeError) as wrong:
            raise BadPicture(f"the picture is broken: {wrong}") from wrong


def _opened(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as wrong:
        raise BadPicture("the picture has too many pixels", "too_large") from wrong
    except UnidentifiedImageError as wrong:
        raise BadPicture(f"this is no picture of a known format ({', '.join(FORMATS)})", "no_picture") from wrong
    _check_size(image)
    return image


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        words = f"the picture has {image.width} × {image.height} pixels, more than {MOST_PIXELS}"
        raise BadPicture(words, "too_large")
    if not image.width or not image.height:
        raise BadPicture("the picture has no pixels", "empty")


def _unpacked(image: Image.Image) -> Picture:
    width = image.width
    image.draft("RGB", (_NEEDED_SIDE, _NEEDED_SIDE))
    count = getattr(image, "n_frames", 1)
    frames = []
    for number in range(min(count, MOST_FRAMES)):
        image.seek(number)
        _check_size(image)
        image.load()
        frames.append(image.copy())
    return Picture(tuple(frames), width / frames[0].width, count > MOST_FRAMES)

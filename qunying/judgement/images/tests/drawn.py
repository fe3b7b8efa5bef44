"""Pictures drawn for tests."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import zxingcpp
from PIL import Image

CONTACT = "https://u.wechat.com/EAbcDeFgHi12345"


def code(
    text: str = CONTACT, side: int = 300, kind: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.QRCode
) -> Image.Image:
    """A code with its quiet border, ``side`` pixels wide."""
    drawn = np.array(
        zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=4, add_quiet_zones=True)
    )
    image = Image.fromarray(drawn).convert("RGB")
    return image.resize((side, side * image.height // image.width), Image.Resampling.NEAREST)


def poster(width: int, height: int, seed: int = 0) -> Image.Image:
    """A busy ground of colours and bars."""
    chance = np.random.default_rng(seed)
    ground = Image.fromarray(chance.integers(60, 255, (12, 12, 3), dtype=np.uint8)).resize((width, height))
    for _ in range(60):
        left, top = int(chance.integers(0, width)), int(chance.integers(0, height))
        size = (int(chance.integers(5, max(6, width // 6))), int(chance.integers(2, 30)))
        ground.paste(Image.new("RGB", size, tuple(int(part) for part in chance.integers(0, 255, 3))), (left, top))
    return ground


def on(ground: Image.Image, *placed: tuple[Image.Image, tuple[int, int]]) -> Image.Image:
    """The ground with other pictures on it."""
    for image, place in placed:
        ground.paste(image, place)
    return ground


def as_bytes(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()

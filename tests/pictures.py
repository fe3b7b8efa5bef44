"""Pictures that tests send: drawn on the spot, and bytes that are none or worse than none."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw

from qunying.judgement.images.tests.drawn import as_bytes, code, on

GROUP = "https://weixin.qq.com/g/AwYAAGfulitang7"


def poster(text: str = GROUP, colour: str = "tomato") -> bytes:
    """A poster with one code."""
    return as_bytes(on(Image.new("RGB", (320, 440), colour), (code(text, 180), (70, 200))))


def photo() -> bytes:
    """A cup of tea on a table."""
    picture = Image.new("RGB", (360, 270), (214, 200, 180))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((110, 90, 250, 210), fill=(240, 240, 236), outline=(120, 100, 80), width=4)
    pen.ellipse((130, 110, 230, 160), fill=(150, 90, 40))
    return as_bytes(picture, "JPEG")


def large_gif() -> bytes:
    """A whole picture, and behind it more bytes than anybody needs."""
    return as_bytes(Image.new("P", (10, 10)), "GIF") + bytes(30_000_000)


def bomb() -> bytes:
    """A small file that would unpack to a gigabyte and more."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def endless_gif() -> bytes:
    """An animation of 5,000 frames; the code of a group is in the second."""
    first, second = Image.new("RGB", (200, 200), "white").convert("P"), code(GROUP, 200).convert("P")
    others = [Image.new("P", (200, 200), number % 250) for number in range(20)] * 250
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=[second, *others[:4998]], duration=20)
    return out.getvalue()


NO_PICTURES: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "words": (lambda: "我不是图片".encode(), "no_picture"),
    "a drawing in words": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no_picture"),
    "a document": (lambda: b"%PDF-1.7\n" + bytes(500), "no_picture"),
    "nothing": (lambda: b"", "empty"),
    "half of one": (lambda: poster()[:700], "broken"),
    "the beginning of one": (lambda: poster()[:12], "no_picture"),
    "too many bytes": (large_gif, "too_large"),
    "too many points": (bomb, "too_large"),
}

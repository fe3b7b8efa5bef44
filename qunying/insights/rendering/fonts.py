"""Which font draws which character: the Noto Sans SC that the front-end build brings, else what the machine has."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from PIL import ImageFont

from qunying.kernel.errors import QunyingError
from qunying.kernel.texts import mark

BRIGHT, PLAIN = 700, 400
NOTHING = "\U000f1234"  # private use: no font has it, so it draws the font's empty box
MISSING = "□"
INSTALLED = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-{}.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-{}.ttc", 2),
    ("/usr/share/fonts/adobe-source-han-sans/SourceHanSansCN-{}.otf", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/System/Library/Fonts/PingFang.ttc", 0),
    ("/System/Library/Fonts/Hiragino Sans GB.ttc", 0),
    ("C:/Windows/Fonts/msyh.ttc", 0),
)
FOREIGN = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "C:/Windows/Fonts/arial.ttf")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that one font draws; ``width`` in pixels."""

    text: str
    font: ImageFont.FreeTypeFont
    width: float


@dataclass(frozen=True)
class Fonts:
    """The fonts at hand, best first: slices of one variable font by character, then whole fonts."""

    slices: dict[int, Path]
    whole: tuple[tuple[str, int], ...]
    _has: dict[tuple[int, str], bool] = field(default_factory=dict)

    def runs(self, text: str, size: int, weight: int) -> list[Run]:
        """The text cut where the font changes. What no font can draw becomes an empty box; invisible signs vanish."""
        found: list[tuple[str, ImageFont.FreeTypeFont]] = []
        for sign in _visible(text):
            sign, font = self._font(sign, size, weight)
            if found and found[-1][1] is font:
                found[-1] = (found[-1][0] + sign, font)
            else:
                found.append((sign, font))
        return [Run(part, font, font.getlength(part)) for part, font in found]

    def _font(self, sign: str, size: int, weight: int) -> tuple[str, ImageFont.FreeTypeFont]:
        path = self.slices.get(ord(sign))
        if path is not None and not _joins(sign):
            return sign, _variable(path, size, weight)
        for place, (name, index) in enumerate(self.whole):
            if self._draws(place, sign):
                return sign, _fixed(_weighted(name, weight), index, size)
        if sign == MISSING:
            raise QunyingError(mark("没有一种字体能画出文字"))
        return self._font(MISSING, size, weight)

    def _draws(self, place: int, sign: str) -> bool:
        known = self._has.get((place, sign))
        if known is None:
            name, index = self.whole[place]
            font = _fixed(_weighted(name, PLAIN), index, 24)
            known = bytes(font.getmask(sign)) != bytes(font.getmask(NOTHING)) or sign.isspace()
            self._has[place, sign] = known
        return known


def _joins(sign: str) -> bool:
    """Letters that run from right to left join their neighbours: one font must draw the whole word."""
    return unicodedata.bidirectional(sign) in {"R", "AL"}


def _visible(text: str) -> Iterator[str]:
    return (sign for sign in text if unicodedata.category(sign) not in {"Cf", "Cc", "Cs", "Mn"})


@cache
def find_fonts() -> Fonts:
    """What can be used here. Raises ``QunyingError`` saying what to do where nothing draws Chinese."""
    slices = _slices(bundled_folder())
    installed = [(name, index) for name, index in INSTALLED if Path(_weighted(name, PLAIN)).is_file()]
    foreign = [(name, 0) for name in FOREIGN if Path(name).is_file()]
    if not slices and not installed:
        raise QunyingError(
            mark(
                "没有能画中文的字体：运行 python tools/build_front.py 取来 Noto Sans SC，"
                "或安装一种（Debian、Ubuntu：apt install fonts-noto-cjk）"
            )
        )
    return Fonts(slices, (*installed, *foreign))


def bundled_folder() -> Path:
    """Where the front-end build puts the font's slices."""
    return Path(str(resources.files("qunying.ui"))) / "static" / "qunying" / "build" / "fonts"


def _slices(folder: Path) -> dict[int, Path]:
    """Which slice has which character, by the package's own list; empty where the font was not built."""
    listed = folder / "unicode.json"
    if not listed.is_file():
        return {}
    found: dict[int, Path] = {}
    for name, ranges in json.loads(listed.read_text(encoding="utf-8")).items():
        path = folder / f"noto-sans-sc-{name.strip('[]')}-wght-normal.woff2"
        if path.is_file():
            found.update(dict.fromkeys(_codes(ranges), path))
    return found


def _codes(ranges: str) -> Iterator[int]:
    for part in ranges.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _weighted(name: str, weight: int) -> str:
    return name.format("Bold" if weight >= BRIGHT else "Regular")


@lru_cache(maxsize=256)
def _variable(path: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(path), size)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=64)
def _fixed(name: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(name, size, index=index)

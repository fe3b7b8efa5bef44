"""A sheet to write and draw on, from top to bottom, that grows as needed."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from qunying.insights.rendering.fonts import PLAIN, Fonts

WIDTH, EDGE = 1080, 72
PAPER, INK, PALE_INK, TEAL, SOFT, LINE = "#ffffff", "#1a211f", "#5c6663", "#0f766e", "#a9d3cd", "#e3e6e3"
NO_LINE_START = "，。、；：？！”’）》」』…—%,.;:?!)]}"
TALLEST = 6_000


class Canvas:
    """``y`` is where the next thing goes; every method that writes moves it on."""

    def __init__(self, fonts: Fonts) -> None:
        self._image = Image.new("RGB", (WIDTH, TALLEST), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._fonts = fonts
        self.y = EDGE

    @property
    def room(self) -> int:
        """Width between the edges."""
        return WIDTH - 2 * EDGE

    def skip(self, pixels: int) -> None:
        """Leaves room."""
        self.y += pixels

    def line(self) -> None:
        """A hairline across."""
        self._draw.rectangle([EDGE, self.y, WIDTH - EDGE, self.y + 1], fill=LINE)
        self.y += 2

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A filled rectangle; nothing where it has no size."""
        if right > left and bottom > top:
            self._draw.rectangle([left, top, right, bottom], fill=colour)

    def paragraph(self, text: str, size: int, *, colour: str = INK, weight: int = PLAIN, most_lines: int = 4) -> None:
        """Wrapped text; what does not fit into ``most_lines`` ends in «…»."""
        for row in self.wrap(text, size, weight, self.room, most_lines):
            self.write(row, EDGE, self.y + round(size * 1.2), size, colour=colour, weight=weight)
            self.y += round(size * 1.6)

    def write(
        self,
        text: str,
        x: float,
        baseline: float,
        size: int,
        *,
        colour: str = INK,
        weight: int = PLAIN,
        anchor: str = "l",
    ) -> float:
        """One row of text at a baseline; answers its width. ``anchor``: ``l`` left, ``m`` middle, ``r`` right."""
        runs = self._fonts.runs(text, size, weight)
        width = sum(run.width for run in runs)
        x -= {"l": 0.0, "m": width / 2, "r": width}[anchor]
        for run in runs:
            self._draw.text((x, baseline), run.text, font=run.font, fill=colour, anchor="ls")
            x += run.width
        return width

    def fit(self, text: str, size: int, room: float, weight: int = PLAIN) -> str:
        """The text, shortened with «…» where it is wider than ``room``."""
        if self._width(text, size, weight) <= room:
            return text
        while text and self._width(f"{text}…", size, weight) > room:
            text = text[:-1]
        return f"{text}…"

    def wrap(self, text: str, size: int, weight: int, room: float, most_lines: int) -> list[str]:
        """Rows that fit: Chinese breaks anywhere but before closing signs, Latin words stay whole where they can."""
        rows = [""]
        for word in _words(text):
            is_wide = self._width(rows[-1] + word, size, weight) > room
            if is_wide and rows[-1] and word[0] not in NO_LINE_START:
                rows.append("")
            rows[-1] += word if rows[-1] else word.lstrip()
        if len(rows) > most_lines:
            rows = [*rows[: most_lines - 1], rows[most_lines - 1] + "…"]
        return [self.fit(row.rstrip(), size, room, weight) for row in rows]

    def _width(self, text: str, size: int, weight: int) -> float:
        return sum(run.width for run in self._fonts.runs(text, size, weight))

    def png(self) -> bytes:
        """What was drawn, cut below the last thing."""
        cut = self._image.crop((0, 0, WIDTH, min(TALLEST, self.y + EDGE)))
        out = io.BytesIO()
        cut.save(out, "PNG", optimize=True)
        return out.getvalue()


def _words(text: str) -> list[str]:
    """Single signs, but Latin letters, digits and what joins them stay together."""
    words: list[str] = []
    for sign in text:
        is_latin = sign.isascii() and not sign.isspace()
        if is_latin and words and words[-1].isascii() and not words[-1][-1].isspace():
            words[-1] += sign
        else:
            words.append(sign)
    return words

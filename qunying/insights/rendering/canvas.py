"""A sheet that becomes a picture and grows as needed."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from qunying.insights.rendering.fonts import PLAIN, Fonts
from qunying.insights.rendering.sheet import EDGE, INK, PAPER, Sheet

WIDTH = 1080
TALLEST = 6_000


class Canvas(Sheet):
    """A picture 1080 pixels wide."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__(fonts, WIDTH)
        self._image = Image.new("RGB", (WIDTH, TALLEST), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def keep(self, pixels: int) -> None:
        """A picture is one piece."""

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A filled rectangle; nothing where it has no size."""
        if right > left and bottom > top:
            self._draw.rectangle([left, top, max(left, right - 1), max(top, bottom - 1)], fill=colour)

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
        """One row of text at a baseline; answers its width."""
        runs = self._fonts.runs(text, size, weight)
        width = sum(run.width for run in runs)
        x -= {"l": 0.0, "m": width / 2, "r": width}[anchor]
        for run in runs:
            self._draw.text((x, baseline), run.text, font=run.font, fill=colour, anchor="ls")
            x += run.width
        return width

    def png(self) -> bytes:
        """What was drawn, cut below the last thing."""
        cut = self._image.crop((0, 0, WIDTH, min(TALLEST, self.y + EDGE)))
        out = io.BytesIO()
        cut.save(out, "PNG", optimize=True)
        return out.getvalue()

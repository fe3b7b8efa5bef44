"""A sheet that becomes pages of a PDF: A4, text that can be searched and copied, only the letters used embedded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF

from qunying.insights.rendering.fonts import PLAIN, Fonts, Run
from qunying.insights.rendering.sheet import EDGE, INK, PALE_INK, Sheet
from qunying.insights.rendering.typeface import build_typeface

WIDTH = 1900  # so that letters of 36 pixels come out at 11 points
MILLIMETRES = 210 / WIDTH
HEIGHT = round(297 / MILLIMETRES)
POINTS = 72 / 25.4
FOOT = 26


@dataclass(frozen=True, slots=True)
class Letters:
    """A row of text in one font, at a baseline."""

    text: str
    x: float
    y: float
    size: int
    colour: str
    face: tuple[str, int, int]  # path, index within a collection, weight


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str


class Paper(Sheet):
    """Pages 1900 pixels wide. What is drawn is kept until ``pdf`` knows which letters are needed."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__(fonts, WIDTH)
        self._pages: list[list[Letters | Box]] = [[]]

    def keep(self, pixels: int) -> None:
        """Turns the page where so much does not fit on this one; what is higher than a page begins on a new one."""
        if self.y + pixels > HEIGHT - EDGE and self.y > EDGE:
            self._pages.append([])
            self.y = EDGE

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A filled rectangle; nothing where it has no size."""
        if right > left and bottom > top:
            self._pages[-1].append(Box(left, top, right, bottom, colour))

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
            self._pages[-1].append(Letters(run.text, x, baseline, size, colour, _face(run, weight)))
            x += run.width
        return width

    def pdf(self, title: str, language: str, made_at: datetime) -> bytes:
        """The document, its pages numbered below."""
        self._number_pages()
        document = FPDF(format="A4")
        document.set_auto_page_break(auto=False)
        document.set_title(title)
        document.set_lang(language)
        document.set_creation_date(made_at)
        with self._named_fonts(document) as names:
            for page in self._pages:
                document.add_page()
                for mark in page:
                    _draw(document, mark, names)
            return bytes(document.output())

    def _number_pages(self) -> None:
        pages, count = self._pages, len(self._pages)
        if count == 1:
            return
        for number, page in enumerate(pages, start=1):
            self._pages = [page]
            self.write(f"{number} / {count}", self.right, HEIGHT - EDGE / 2, FOOT, colour=PALE_INK, anchor="r")
        self._pages = pages

    @contextmanager
    def _named_fonts(self, document: FPDF) -> Iterator[Mapping[tuple[str, int, int], str]]:
        """The document's name of every face in use; the files are needed until the document is put together."""
        used: defaultdict[tuple[str, int, int], set[str]] = defaultdict(set)
        for page in self._pages:
            for mark in page:
                if isinstance(mark, Letters):
                    used[mark.face].update(mark.text)
        slices = {str(path) for path in self._fonts.slices.values()}
        names: dict[tuple[str, int, int], str] = {}
        with TemporaryDirectory() as folder:
            for weight in sorted({weight for path, _, weight in used if path in slices}):
                own = {face: signs for face, signs in used.items() if face[0] in slices and face[2] == weight}
                file = Path(folder) / f"{weight}.ttf"
                file.write_bytes(build_typeface([(Path(face[0]), signs) for face, signs in own.items()], weight))
                document.add_font(f"own{weight}", fname=file)
                names |= dict.fromkeys(own, f"own{weight}")
            for place, face in enumerate(face for face in used if face not in names):
                document.add_font(f"other{place}", fname=face[0], collection_font_number=face[1])
                names[face] = f"other{place}"
            yield names


def _face(run: Run, weight: int) -> tuple[str, int, int]:
    return str(run.font.path), run.font.index, weight


def _draw(document: FPDF, mark: Letters | Box, names: Mapping[tuple[str, int, int], str]) -> None:
    if isinstance(mark, Box):
        document.set_fill_color(mark.colour)
        width, height = mark.right - mark.left, mark.bottom - mark.top
        document.rect(
            mark.left * MILLIMETRES, mark.top * MILLIMETRES, width * MILLIMETRES, height * MILLIMETRES, style="F"
        )
        return
    document.set_text_color(mark.colour)
    document.set_font(names[mark.face], size=mark.size * MILLIMETRES * POINTS)
    document.text(mark.x * MILLIMETRES, mark.y * MILLIMETRES, mark.text)

"""What a report is drawn on, from top to bottom: a long picture for phones, or pages of paper."""

from __future__ import annotations

from abc import ABC, abstractmethod

from qunying.insights.rendering.fonts import PLAIN, Fonts

EDGE = 72
PAPER, INK, PALE_INK, TEAL, SOFT, LINE = "#ffffff", "#1a211f", "#5c6663", "#0f766e", "#a9d3cd", "#e3e6e3"
NO_LINE_START = "，。、；：？！”’）》」』…—%,.;:?!)]}"


class Sheet(ABC):
    """Pixels across ``width``; ``y`` is where the next thing goes, and every method that fills a row moves it on."""

    def __init__(self, fonts: Fonts, width: int) -> None:
        self._fonts = fonts
        self.width = width
        self.y = EDGE

    @property
    def room(self) -> int:
        """Width between the edges."""
        return self.width - 2 * EDGE

    @property
    def right(self) -> int:
        """Where the right edge begins."""
        return self.width - EDGE

    @abstractmethod
    def keep(self, pixels: int) -> None:
        """What follows is so high and must not be torn apart: paper turns the page where it does not fit."""

    @abstractmethod
    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A filled rectangle; nothing where it has no size."""

    @abstractmethod
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

    def skip(self, pixels: int) -> None:
        """Leaves room."""
        self.y += pixels

    def line(self) -> None:
        """A hairline across."""
        self.box(EDGE, self.y, self.right, self.y + 2, LINE)
        self.y += 2

    def paragraph(self, text: str, size: int, *, colour: str = INK, weight: int = PLAIN, most_lines: int = 4) -> None:
        """Wrapped text; what does not fit into ``most_lines`` ends in «…»."""
        for row in self.wrap(text, size, weight, self.room, most_lines):
            self.keep(round(size * 1.6))
            self.write(row, EDGE, self.y + round(size * 1.2), size, colour=colour, weight=weight)
            self.y += round(size * 1.6)

    def fit(self, text: str, size: int, room: float, weight: int = PLAIN) -> str:
        """The text, shortened with «…» where it is wider than ``room``."""
        if self.width_of(text, size, weight) <= room:
            return text
        while text and self.width_of(f"{text}…", size, weight) > room:
            text = text[:-1]
        return f"{text}…"

    def wrap(self, text: str, size: int, weight: int, room: float, most_lines: int) -> list[str]:
        """Rows that fit: Chinese breaks anywhere but before closing signs, Latin words stay whole where they can."""
        lines: list[list[str]] = [[]]
        for word in _words(text):
            if lines[-1] and self.width_of("".join([*lines[-1], word]), size, weight) > room:
                lines.append(_taken_along(lines[-1], word))
            lines[-1].append(word if lines[-1] else word.lstrip())
        rows = ["".join(line) for line in lines]
        if len(rows) > most_lines:
            rows = [*rows[: most_lines - 1], rows[most_lines - 1] + "…"]
        return [self.fit(row.rstrip(), size, room, weight) for row in rows]

    def width_of(self, text: str, size: int, weight: int) -> float:
        """How wide a row of text becomes."""
        return sum(run.width for run in self._fonts.runs(text, size, weight))


def _taken_along(line: list[str], word: str) -> list[str]:
    """What goes down with a word that must not begin a row: the end of the row above, as far as that may begin one."""
    place = len(line)
    while place > 1 and ([*line, word][place])[0] in NO_LINE_START:
        place -= 1
    taken = line[place:] if place < len(line) else []
    del line[place:]
    return taken


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

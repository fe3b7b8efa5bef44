"""One text in several dresses, each with the way back to the letters that were written.

A view is a text made from another by writing letters anew, leaving some out, or writing several for one; ``starts`` and
``ends`` say for each of its letters where in the original it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]
Ways = tuple[Sequence[int], Sequence[int]]
_MOST_KNOWN = 50_000
_MANY = 32  # letters; fewer are written faster one by one
_QUICK = 0x20000  # letters below are written many at once: all but rare characters
_SURROGATES = range(0xD800, 0xE000)


class View:
    """A text, and for each of its letters the part ``[start, end)`` of the original that it stands for.

    Models need the text alone, so the ways back are worked out when the first of them is asked for.
    """

    def __init__(self, text: str, ways_back: Callable[[], Ways]) -> None:
        self.text = text
        self._ways_back = ways_back

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def _ways(self) -> Ways:
        return self._ways_back()

    @property
    def starts(self) -> Sequence[int]:
        """Where in the original each letter begins."""
        return self._ways[0]

    @property
    def ends(self) -> Sequence[int]:
        """Where in the original each letter ends."""
        return self._ways[1]

    def span(self, start: int, end: int) -> Span:
        """The part of the original behind ``[start, end)`` of this view; an empty part where nothing is asked for."""
        if start >= end:
            place = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return place, place
        return self.starts[start], max(self.ends[start:end])

    def only(self, parts: Sequence[Span]) -> View:
        """Only these parts, in order."""

        def ways_back() -> Ways:
            places = [place for start, end in parts for place in range(start, end)]
            return [self.starts[place] for place in places], [self.ends[place] for place in places]

        return View("".join([self.text[start:end] for start, end in parts]), ways_back)

    def found(self, expression: re.Pattern[str]) -> View:
        """Only what the expression finds, which has no groups."""
        text = "".join(expression.findall(self.text))
        if len(text) == len(self):
            return self
        return View(text, lambda: self.only([match.span() for match in expression.finditer(self.text)])._ways)

    def respelt(self, text: str) -> View:
        """Another letter for each one."""
        return View(text, lambda: self._ways)


def as_written(text: str) -> View:
    """The text itself."""
    return View(text, lambda: (range(len(text)), range(1, len(text) + 1)))


class Table(dict[int, str]):
    """What a letter becomes, none, one or several; worked out when it is met for the first time."""

    def __init__(self, work_out: Callable[[str], str]) -> None:
        super().__init__()
        self._work_out = work_out
        self._one = np.zeros(_QUICK, dtype=np.uint32)  # for known letters that become one, which; nought for others
        self._others = set[str]()  # known letters that become none or several

    def __missing__(self, code: int) -> str:
        found = self._work_out(chr(code))
        if len(self) < _MOST_KNOWN:
            if len(found) != 1:
                self._others.add(chr(code))
            elif code < _QUICK - 1 and code not in _SURROGATES and ord(found) not in _SURROGATES:
                self._one[code] = ord(found)
            self[code] = found
        return found

    def written(self, text: str) -> str:
        """The text in which every letter is what it becomes."""
        if len(text) < _MANY:
            return text.translate(self)
        found = self._known(text)
        written, done, parts = found.tobytes().decode("utf-32-le"), 0, list[str]()
        for place in np.flatnonzero(found == 0).tolist():
            parts += written[done:place], self[ord(text[place])]
            done = place + 1
        return "".join([*parts, written[done:]])

    def rewrite(self, text: str) -> View:
        """A view of the text in which every letter is what it becomes."""

        def ways_back() -> Ways:
            if len(self) < _MOST_KNOWN and self._others.isdisjoint(text):  # whose letters are all known by now
                return range(len(text)), range(1, len(text) + 1)
            starts, done = list[int](), 0
            for place in np.flatnonzero(self._known(text) == 0).tolist():
                starts += [*range(done, place), *[place] * len(self[ord(text[place])])]
                done = place + 1
            starts += range(done, len(text))
            return starts, [start + 1 for start in starts]

        return View(self.written(text), ways_back)

    def _known(self, text: str) -> NDArray[np.uint32]:
        """For each letter which one it becomes; nought where it is not known to become one."""
        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return self._one.take(letters, mode="clip")  # what is behind the last is read as the last, which is nought

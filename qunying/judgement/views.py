"""One text in several dresses, each with the way back to the letters that were written.

A view is a text made from another by writing letters anew, leaving some out, or writing several for one; ``starts`` and
``ends`` say for each of its letters where in the original it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

Span = tuple[int, int]
Ways = tuple[Sequence[int], Sequence[int]]
_MOST_KNOWN = 50_000


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

    def respelt(self, text: str) -> View:
        """Another letter for each one."""
        return View(text, lambda: self._ways)


def as_written(text: str) -> View:
    """The text itself."""
    return View(text, lambda: (range(len(text)), range(1, len(text) + 1)))


class Table(dict[int, str]):
    """For ``str.translate``: what a letter becomes, none, one or several; worked out when it is met for the first time."""

    def __init__(self, work_out: Callable[[str], str]) -> None:
        super().__init__()
        self._work_out = work_out
        self._not_one = set[str]()  # known letters that become none or several

    def __missing__(self, code: int) -> str:
        found = self._work_out(chr(code))
        if len(self) < _MOST_KNOWN:
            if len(found) != 1:
                self._not_one.add(chr(code))
            self[code] = found
        return found

    def rewrite(self, text: str) -> View:
        """A view of the text in which every letter is what it becomes."""

        def ways_back() -> Ways:
            if len(self) < _MOST_KNOWN and self._not_one.isdisjoint(text):  # none of its letters is unknown
                return range(len(text)), range(1, len(text) + 1)
            starts = [place for place, letter in enumerate(text) for _ in self[ord(letter)]]
            return starts, [start + 1 for start in starts]

        return View(text.translate(self), ways_back)

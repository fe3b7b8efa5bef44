"""One text in several dresses, each with the way back to the letters that were written.

A view is a text made from another by writing letters anew, leaving some out, or writing several for one; ``starts`` and
``ends`` say for each of its letters where in the original it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class View:
    """A text, and for each of its letters the part ``[start, end)`` of the original that it stands for."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def __len__(self) -> int:
        return len(self.text)

    def span(self, start: int, end: int) -> Span:
        """The part of the original behind ``[start, end)`` of this view; an empty part where nothing is asked for."""
        if start >= end:
            place = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return place, place
        return self.starts[start], max(self.ends[start:end])

    def keep(self, places: Sequence[int]) -> View:
        """Only the letters at these places, in order."""
        return View(
            "".join([self.text[place] for place in places]),
            [self.starts[place] for place in places],
            [self.ends[place] for place in places],
        )


def as_written(text: str) -> View:
    """The text itself."""
    return View(text, range(len(text)), range(1, len(text) + 1))


def rewritten(text: str, letters: Iterator[str] | Sequence[str]) -> View:
    """A view in which the letter at each place is written as ``letters`` says: as none, one or several."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, new in enumerate(letters):
        if len(new) == 1:
            out.append(new)
            starts.append(place)
            ends.append(place + 1)
        else:
            out += new
            starts += [place] * len(new)
            ends += [place + 1] * len(new)
    return View("".join(out), starts, ends)

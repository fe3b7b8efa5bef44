"""A text of letters and digits only, each run of the same one written once; how long each run was is kept beside it.

So «赌 赌-博» is met by «赌博», and a look at the runs still tells «as» from «ass».
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qunying.judgement.views import Span, View

_LONG = 3  # a Latin letter written so often is drawn out: «sooo», not «soo»
_LOUD = frozenset("，。！？；：、,.!?;:\n\r\t ")


@dataclass(frozen=True, slots=True)
class Bare:
    """The letters, where each run of them begins and ends in the view they come from, and how long it is."""

    text: str
    view: View
    firsts: Sequence[int]
    lasts: Sequence[int]
    runs: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The part of the original behind these letters."""
        return self.view.span(self.firsts[start], self.lasts[end - 1] + 1)

    def holds(self, runs: Sequence[int], start: int) -> bool:
        """Whether the runs that begin here are as long as these, or drawn out; digits are never drawn out."""
        for place, wanted in enumerate(runs, start):
            found, letter = self.runs[place], self.text[place]
            if found < wanted or (found > wanted and letter.isascii() and (letter.isdigit() or found < _LONG)):
                return False
        return True

    def is_apart(self, start: int, end: int) -> bool:
        """Whether the letters stand apart on purpose or not at all: a full stop or a space of English ends a word."""
        if self.lasts[end - 1] - self.firsts[start] == end - start - 1:
            return True  # nothing stands between them
        text, loud = self.view.text, 0
        for place in range(start, end - 1):
            gap = text[self.lasts[place] + 1 : self.firsts[place + 1]]
            loud += not _LOUD.isdisjoint(gap) and not _is_spacing(gap, self.text[place : place + 2])
        return loud == 0 or (loud == end - start - 1 and sum(self.runs[start:end]) > 2)

    def is_within_latin(self, start: int, end: int) -> bool:
        """Whether a Latin letter stands right before or right behind, in one word with those here."""
        text, before, after = self.view.text, self.firsts[start] - 1, self.lasts[end - 1] + 1
        return (before >= 0 and _is_latin(text[before]) and _is_latin(self.text[start])) or (
            after < len(text) and _is_latin(text[after]) and _is_latin(self.text[end - 1])
        )


def strip(view: View) -> Bare:
    """The bare letters of a view."""
    letters: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    runs: list[int] = []
    last = ""
    for place, letter in enumerate(view.text):
        if not is_letter(letter):
            continue
        if letter == last:
            lasts[-1] = place
            runs[-1] += 1
        else:
            letters.append(letter)
            firsts.append(place)
            lasts.append(place)
            runs.append(1)
            last = letter
    return Bare("".join(letters), view, firsts, lasts, runs)


@lru_cache(maxsize=8192)
def is_letter(letter: str) -> bool:
    """A letter, a digit, ``+``, ``@`` or the sign of a syllable."""
    return letter.isalnum() or letter in "+@" or "\ue000" <= letter <= "\uf8ff"


def _is_latin(letter: str) -> bool:
    return "a" <= letter <= "z"


def _is_spacing(gap: str, around: str) -> bool:
    """Spaces between Chinese letters mean nothing: Chinese has none."""
    return not gap.strip(" ") and not any(letter.isascii() for letter in around)

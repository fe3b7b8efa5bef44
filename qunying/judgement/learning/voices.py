"""What each reviewer says of a text, by what he or she said of texts like it.

A reviewer has one voice per verdict, between -1 and 1: the mean of what was said of texts like this one, where near ones count much
more than far ones and silence counts too. So nobody is heard twice for saying a thing often, and who contradicts himself is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from qunying.judgement.learning.lessons import Lesson
from qunying.judgement.learning.likeness import Floats, Pairs, Shelf, pairs_of

FAR = 0.08  # texts less like than that have nothing to say to each other
SILENCE = 0.2  # as much counts it that nothing was said of a text
SAME = 0.8  # lessons of one reviewer on texts at least so like count as one

Near = tuple[NDArray[np.int64], Floats]


@dataclass(frozen=True, slots=True)
class Voice:
    """The lessons of one reviewer on one verdict: those of these numbers."""

    verdict: str
    reviewer: str
    lessons: range


class Voices:
    """All voices of a community. The lessons stand in order of verdict and reviewer, as ``choose`` gives them."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.lessons = lessons
        self.all = _voices_of(lessons)
        self._shelf = Shelf([pairs_of(lesson.text) for lesson in lessons])
        self._weights = _weights_of(lessons, self.all, self._shelf)
        self._signs = np.array([1.0 if lesson.is_so else -1.0 for lesson in lessons])
        self._voice_of = np.repeat(np.arange(len(self.all)), [len(voice.lessons) for voice in self.all])

    def near(self, pairs: Pairs) -> Near:
        """Which lessons are near the text with these pairs, and how near, above 0 and at most 1."""
        alike = self._shelf.likeness(pairs)
        numbers = (alike > FAR).nonzero()[0]
        near: Floats = (alike[numbers] - FAR) / (1 - FAR)
        return numbers, near * near

    def counting(self, near: Near) -> Floats:
        """How much each of these lessons counts for a text that they are so near to."""
        numbers, nearness = near
        return nearness * self._weights[numbers]

    def say(self, near: Near) -> Floats:
        """What each voice says of a text that these lessons are so near to, from -1 to 1."""
        numbers, voices = near[0], self._voice_of[near[0]]
        counting = self.counting(near)
        signed = np.bincount(voices, counting * self._signs[numbers], len(self.all))
        said: Floats = signed / (np.bincount(voices, counting, len(self.all)) + SILENCE)
        return said


def _voices_of(lessons: Sequence[Lesson]) -> list[Voice]:
    numbers = groupby(range(len(lessons)), key=lambda n: (lessons[n].verdict, lessons[n].reviewer))
    runs = [(verdict, reviewer, list(of)) for (verdict, reviewer), of in numbers]
    return [Voice(verdict, reviewer, range(of[0], of[-1] + 1)) for verdict, reviewer, of in runs]


def _weights_of(lessons: Sequence[Lesson], voices: Sequence[Voice], shelf: Shelf) -> Floats:
    """What each lesson counts: its weight, in equal parts with all of that voice on nearly the same text."""
    weights = np.array([min(lesson.weight, 1.0) for lesson in lessons])
    for voice in voices:
        for number in voice.lessons:
            alike = shelf.likeness(shelf.texts[number])[voice.lessons.start : voice.lessons.stop]
            weights[number] /= np.count_nonzero(alike >= SAME - 1e-9)
    return weights

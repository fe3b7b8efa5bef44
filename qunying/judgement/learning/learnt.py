"""What follows from a set of lessons: how far they move the probability of each verdict for a text.

A voice moves the log-odds by at most ``VOICE``, all together by at most ``MOST``; so two who contradict each other cancel, and what
is clear stays clear. A voice that would spoil the texts of the guard is turned down, and so are all together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from qunying.judgement.grams import Dressed
from qunying.judgement.learning.guard import Guard, shipped_guard
from qunying.judgement.learning.lessons import Lesson, choose, lessons_to
from qunying.judgement.learning.likeness import Floats, pairs_of
from qunying.judgement.learning.voices import Near, Voices

VOICE, MOST = 1.5, 3.0
NEAREST = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a verdict was moved, in log-odds, by how many lessons, and those that moved it most, the weightiest first."""

    shift: float
    lessons: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Learnt:
    """The lessons of a community, ready to be asked. Made by ``learn``.

    ``shares`` say how far each voice is turned down, ``wholes`` how far all voices on a verdict are; ``version`` names what
    was learnt: the same for the same lessons.
    """

    voices: Voices
    shares: Floats
    wholes: Mapping[str, float]
    version: str

    @property
    def lessons(self) -> Sequence[Lesson]:
        """Those that count."""
        return self.voices.lessons

    def adjust(self, text: str | Dressed, sure: Mapping[str, float]) -> dict[str, float]:
        """The probabilities after what was learnt; those of which nothing was said stay exactly as they are."""
        adjusted = dict(sure)
        for verdict, shift in self._shifts(text)[0].items():
            if 0 < adjusted.get(verdict, 0.0) < 1:
                adjusted[verdict] = moved(adjusted[verdict], shift)
        return adjusted

    def why(self, text: str | Dressed) -> dict[str, Moved]:
        """For each verdict that is moved how far, and by which lessons."""
        shifts, near = self._shifts(text)
        return {verdict: self._moved(verdict, shift, near) for verdict, shift in shifts.items()}

    def _shifts(self, text: str | Dressed) -> tuple[dict[str, float], Near]:
        """How far each verdict is moved that is moved at all, and which lessons are near."""
        near = self.voices.near(pairs_of(text))
        said: dict[str, float] = {}
        if len(near[0]):
            for voice, told in zip(self.voices.all, (self.voices.say(near) * self.shares).tolist(), strict=True):
                said[voice.verdict] = said.get(voice.verdict, 0.0) + told
        return {v: self.wholes[v] * min(max(VOICE * told, -MOST), MOST) for v, told in said.items() if told}, near

    def _moved(self, verdict: str, shift: float, near: Near) -> Moved:
        lessons = [self.lessons[n] for n in near[0].tolist()]
        counting = zip(self.voices.counting(near).tolist(), lessons, strict=True)
        told = sorted((-much, lesson.id) for much, lesson in counting if lesson.verdict == verdict)
        return Moved(shift, tuple(name for _, name in told[:NEAREST]), len(told))


def learn(lessons: Iterable[Lesson], guard: Guard | None = None) -> Learnt:
    """What follows from these lessons, in goes_together order they come; without one of them, as if it had never been.

    Lessons on verdicts of which the guard has no texts are left out. The guard of the package is asked if none is named.
    """
    guard = guard or shipped_guard()
    chosen = choose(lesson for lesson in lessons if lesson.verdict in guard.verdicts)
    voices, version = Voices(chosen), hashlib.sha256(lessons_to(chosen).encode()).hexdigest()[:16]
    if not chosen:
        return Learnt(voices, np.zeros(0), {}, version)
    said = np.array([voices.say(voices.near(pairs)) for pairs in guard.pairs])
    shares = np.array([_both_ways(guard, voice.verdict, VOICE * said[:, n]) for n, voice in enumerate(voices.all)])
    wholes = {}
    for verdict in sorted({voice.verdict for voice in voices.all}):
        of = [n for n, voice in enumerate(voices.all) if voice.verdict == verdict]
        wholes[verdict] = guard.share(verdict, np.clip(VOICE * (said[:, of] @ shares[of]), -MOST, MOST))
    return Learnt(voices, shares, wholes, version)


def teachable() -> Collection[str]:
    """The verdicts that can learn: of the others the package has no guard."""
    return shipped_guard().verdicts.keys()


def _both_ways(guard: Guard, verdict: str, shifts: Floats) -> float:
    """How far a voice is turned down: as far as one that says the opposite, so that the two cancel."""
    return min(guard.share(verdict, shifts), guard.share(verdict, -shifts))


def moved(sure: float, shift: float) -> float:
    """A probability between nought and one after its log-odds were moved."""
    return 1 / (1 + exp(-(log(sure / (1 - sure)) + shift)))

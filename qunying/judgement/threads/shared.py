"""Words that a line shares with the lines before it, the rarer in this room the weightier."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import log, sqrt

_MOST_KNOWN = 20_000  # different words counted; then all counts are halved and the single ones forgotten
_RAREST = 8.0


@dataclass(slots=True)
class Meeting:
    """For the number of each earlier line that shares a word: the weight of all shared words and of the rarest."""

    total: dict[int, float] = field(default_factory=dict)
    rarest: dict[int, float] = field(default_factory=dict)
    norm: float = 0.0


class SharedWords:
    """An index of the words of the last lines, and how common each word has been in the room."""

    def __init__(self) -> None:
        self.next = 0
        self._lines: deque[tuple[tuple[str, ...], float]] = deque()
        self._where: dict[str, list[int]] = {}
        self._count: dict[str, int] = {}
        self._seen = 20.0

    def weight(self, word: str) -> float:
        """log of how rare the word is (inverse document frequency over the room's past, bounded)."""
        return min(_RAREST, max(0.01, log((self._seen + 1) / (self._count.get(word, 0) + 0.5))))

    def norm_of(self, number: int) -> float:
        """The length of a remembered line as a vector of weights."""
        return self._lines[number - self.next + len(self._lines)][1]

    def meet(self, words: tuple[str, ...]) -> Meeting:
        """Which remembered lines share these words."""
        meeting = Meeting()
        square = 0.0
        total, rarest = meeting.total, meeting.rarest
        for word in words:
            weight = self.weight(word)
            square += weight * weight
            for number in self._where.get(word, ()):
                total[number] = total.get(number, 0.0) + weight
                if weight > rarest.get(number, 0.0):
                    rarest[number] = weight
        meeting.norm = sqrt(square)
        return meeting

    def add(self, words: tuple[str, ...], size: int) -> None:
        """Remember a line's words, and forget those of the line that leaves a window of ``size`` lines."""
        square = 0.0
        for word in words:
            self._where.setdefault(word, []).append(self.next)
            self._count[word] = self._count.get(word, 0) + 1
            square += self.weight(word) ** 2
        self._lines.append((words, sqrt(square)))
        self._seen += 1
        self.next += 1
        if len(self._lines) > size:
            self._forget()
        if len(self._count) > _MOST_KNOWN:
            self._count = {word: count // 2 for word, count in self._count.items() if count > 1}
            self._seen /= 2

    def _forget(self) -> None:
        for word in self._lines.popleft()[0]:
            places = self._where[word]
            if len(places) == 1:
                del self._where[word]
            else:
                del places[0]

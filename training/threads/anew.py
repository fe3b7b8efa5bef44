"""What is lost when a room is gone on with from its last 64 lines, as a new process does, instead of being read from its beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qunying.judgement.threads import Line, Placed, Threads
from qunying.judgement.threads.window import SIZE

from .data import Talk
from .measure import links


@dataclass(frozen=True, slots=True)
class Anew:
    """One log: the share of lines that get the same answer, and link F both ways, in per cent."""

    name: str
    same: float
    whole: float
    anew: float


def compare(talk: Talk, every: int) -> Anew:
    """The log read from its beginning, and begun anew every so many lines."""
    whole, anew = _answers(talk.lines, len(talk.lines)), _answers(talk.lines, every)
    same = sum(one == other for one, other in zip(whole, anew, strict=True)) / len(whole)
    found = [links(talk, dict(enumerate(answers)), with_system=False).f for answers in (whole, anew)]
    return Anew(talk.name, same, *found)


def _answers(lines: Sequence[Line], every: int) -> list[int]:
    """For each line the number of the line it answers, its own where it begins something."""
    numbers = {line.id: number for number, line in enumerate(lines)}
    return [numbers.get(placed.reply_to or "", number) for number, placed in enumerate(_placed(lines, every))]


def _placed(lines: Sequence[Line], every: int) -> Iterator[Placed]:
    threads, kept = Threads(), list[Placed]()
    for number, line in enumerate(lines):
        if number % every == 0:
            threads = Threads()
            for before, known in zip(lines[max(0, number - SIZE) : number], kept[-SIZE:], strict=True):
                threads.remember(before, known.reply_to, known.thread)
        kept.append(threads.place(line))
        yield kept[-1]

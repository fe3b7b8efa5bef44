"""The same talk as another room would have had it: slower, without calling names, with a coarser clock.

What is learned on one channel fails on the next because rooms differ in pace and manners, so both are varied while learning.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from qunying.judgement.threads.lines import Line

from .data import Talk

_CALL = re.compile(r"^@?([^\s:,]{2,30})(?:[:,]\s*|\s+)")


def slower(talk: Talk, times: float) -> Talk:
    """Everything takes ``times`` as long."""
    return replace(talk, lines=tuple(replace(line, at=line.at * times) for line in talk.lines))


def by_the_minute(talk: Talk) -> Talk:
    """A clock without seconds."""
    return replace(talk, lines=tuple(replace(line, at=line.at // 60 * 60) for line in talk.lines))


def without_calls(talk: Talk, share: float, seed: int) -> Talk:
    """A share of the lines no longer begins with the name of the person it speaks to."""
    rng = np.random.default_rng(seed)
    names = {line.author.lower() for line in talk.lines}
    return replace(talk, lines=tuple(_uncalled(line, names) if rng.random() < share else line for line in talk.lines))


def _uncalled(line: Line, names: set[str]) -> Line:
    call = _CALL.match(line.text)
    if call is None or call[1].lower() not in names or len(line.text) == call.end():
        return line
    return replace(line, text=line.text[call.end() :])


def cold(talk: Talk, every: int) -> list[Talk]:
    """Pieces of ``every`` judged lines, each as if the room had just been opened: nobody in it was ever heard before.

    A line whose only answers were cut off teaches nothing and is just heard.
    """
    numbers = sorted(talk.answers)
    return [_piece(talk, numbers[begin], numbers[begin : begin + every][-1]) for begin in range(0, len(numbers), every)]


def _piece(talk: Talk, first: int, last: int) -> Talk:
    answers = {
        number - first: kept
        for number in range(first, last + 1)
        if (kept := tuple(target - first for target in talk.answers.get(number, ()) if target >= first))
    }
    return replace(talk, lines=talk.lines[first : last + 1], answers=answers)

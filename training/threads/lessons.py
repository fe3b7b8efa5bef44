"""Talk read line by line, as a live room would be, and each judged line kept as something to learn from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from qunying.judgement.threads.window import FEATURES, SIZE, Sight, Window
from qunying.judgement.threads.words import read

from .data import Talk
from .fit import Floats, Lesson

Guess = Callable[[Sight], Floats]


def rules(sight: Sight) -> Floats:
    """A first guess to have threads at all before anything is learned: the person called, else one's own last, else the last line."""
    columns = sight.columns
    out = columns[5] * 3 + columns[21] * 2 + columns[24] * 6 + columns[27] * 3 - columns[26] * 3
    out = out + columns[0] * (0.5 + 2.5 * sight.query[0])
    return np.asarray(out, dtype=np.float32)


def lesson_of(
    talk: Talk, guess: Guess, weight: float = 1.0, *, all_lines: bool = False
) -> tuple[Lesson, dict[int, int]]:
    """What can be learned from a talk, and where ``guess`` put every line (to itself: a beginning)."""
    window, put = Window(), {}
    columns, query, there, right = [], [], [], []
    for number, line in enumerate(talk.lines):
        sight = window.look(read(line.text), line.at, line.author, line.mentions)
        out = guess(sight)
        count = out.shape[0] - 1
        best = int(out.argmax())
        if number in talk.answers or all_lines:
            shape, yes = padded(sight, [number - target for target in talk.answers.get(number, ())], count)
            if yes.any() or all_lines:
                columns.append(shape)
                query.append(sight.query)
                there.append(np.arange(SIZE + 1) >= SIZE - count)
                right.append(yes)
        put[number] = number if best == count else number - (count - best)
        window.keep(sight, None if best == count else count - best)
    return Lesson(
        np.stack(columns), np.stack(query), np.stack(there), np.stack(right), np.full(len(query), weight, np.float32)
    ), put


def padded(sight: Sight, back: list[int], count: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The columns with the window's full length, and which are right; answers further back than the window are lost."""
    shape = np.zeros((SIZE + 1, FEATURES), dtype=np.float32)
    shape[SIZE - count :] = sight.columns.T
    yes = np.zeros(SIZE + 1, dtype=bool)
    for steps in back:
        if steps <= count:
            yes[SIZE - steps] = True
    return shape, yes

"""Going on from the last lines is compared with reading from the beginning."""

from __future__ import annotations

import pytest

from qunying.judgement.threads.tests.plays import PLAYS
from training.threads.anew import compare
from training.threads.data import Talk


@pytest.mark.parametrize("every", [1, 7, 1000])
def test_nothing_is_lost_when_the_last_lines_are_all_there_are(every: int) -> None:
    for play in PLAYS:
        answers = {number: (number,) for number in range(len(play.lines))}
        found = compare(Talk("play", "irc", tuple(play.lines), answers), every)
        assert (found.same, found.anew) == (1.0, found.whole)

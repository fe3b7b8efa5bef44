"""Reading in processes beside: the same as alone, goes_together becomes of the process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from qunying.judgement.beside import Colleague, read_beside
from qunying.judgement.judge import read
from qunying.kernel.readings import Reading

TEXTS = ["请问课程表在哪里看", "打卡第12天，晨跑5公里", "早上好", "", "\ud800 half", "啊" * 3000]
ALONE = [read(text) for text in TEXTS]


@pytest.fixture
def colleague() -> Iterator[Colleague]:
    found = Colleague()
    yield found
    found.end()


def begun(colleague: Colleague) -> Callable[[], list[Reading]]:
    """As soon as it is ready."""
    for _ in range(600):
        if wait := colleague.begin(TEXTS):
            return wait
        time.sleep(0.05)
    raise AssertionError("it never was ready")


def test_a_colleague_reads_what_one_would_read_alone(colleague: Colleague) -> None:
    assert colleague.begin(TEXTS) is None, "it has hardly been called"
    assert begun(colleague)() == ALONE
    wait = colleague.begin(TEXTS[:2])
    assert wait is not None
    assert wait() == ALONE[:2]


def test_what_nobody_waited_for_does_not_come_as_another_answer(colleague: Colleague) -> None:
    begun(colleague)
    wait = colleague.begin(TEXTS[:1])
    assert wait is not None
    assert wait() == ALONE[:1]


def test_an_answer_that_was_thrown_away_is_read_alone_when_it_is_wanted_after_all(colleague: Colleague) -> None:
    late = begun(colleague)
    wait = colleague.begin(TEXTS[:1])
    assert wait is not None
    assert late() == ALONE
    assert wait() == ALONE[:1]


def test_one_reads_alone_when_the_colleague_goes_in_the_middle(colleague: Colleague) -> None:
    wait = begun(colleague)
    os.kill(colleague.pid, signal.SIGKILL)
    assert wait() == ALONE
    for _ in range(100):
        if colleague.begin(TEXTS) is None:
            return
        time.sleep(0.05)
    raise AssertionError("it was asked after it had gone")


def test_slices_are_answered_in_order() -> None:
    slices = [[f"第 {number} 课在哪里看", *TEXTS] for number in range(5)]
    assert list(read_beside([(one, ()) for one in slices])) == [[read(text) for text in one] for one in slices]
    assert list(read_beside([])) == []

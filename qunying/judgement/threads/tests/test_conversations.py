"""A question in a conversation stands open until somebody else says something."""

from __future__ import annotations

from qunying.judgement.threads import Turn, waiting
from qunying.judgement.threads.conversations import PATIENCE

LATE = 100_000.0


def turn(number: int, who: int, *, asks: bool = False, replies: bool = False) -> Turn:
    """A line that stands where its number says, a minute apart."""
    return Turn(number, who, number * 60.0, asks, replies)


def ask(number: int = 1, who: int = 1, *, replies: bool = False) -> Turn:
    return turn(number, who, asks=True, replies=replies)


def left_open(*turns: Turn, now: float = LATE) -> list[int]:
    return [asked.id for asked in waiting(turns, now)]


def test_a_question_stands_open_when_nobody_but_the_asker_said_anything_in_its_thread() -> None:
    assert left_open(ask()) == [1]
    assert left_open(ask(), turn(2, 1)) == [1]
    assert left_open(ask(), turn(2, 2)) == []


def test_a_question_is_not_open_yet_when_there_was_no_time_to_answer_it() -> None:
    assert left_open(ask(), now=60 + PATIENCE - 1) == []
    assert left_open(ask(), now=60 + PATIENCE) == [1]


def test_a_question_in_the_middle_is_open_when_nobody_went_on_after_it() -> None:
    turns = [turn(1, 2), ask(2, 1, replies=True), turn(3, 1)]
    assert left_open(*turns) == [2]
    assert left_open(*turns, turn(4, 3)) == []


def test_the_first_of_several_questions_is_told_when_none_was_answered() -> None:
    assert left_open(ask(1), ask(2, replies=True)) == [1]


def test_another_question_is_no_answer_unless_it_replies() -> None:
    assert left_open(ask(1, 1), ask(2, 2)) == [1, 2]
    assert left_open(ask(1, 1), ask(2, 2), turn(3, 3)) == []
    assert left_open(ask(1, 1), ask(2, 2, replies=True)) == [2]

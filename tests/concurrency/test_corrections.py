"""Two who correct at once: both are heard, nobody twice, and the message is left as both together have it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from qunying.journal.models import Fact
from qunying.judgement.judge import read
from qunying.judgement.learning import learn
from qunying.kernel import clock
from qunying.kernel.readings import Verdict
from qunying.talk.corrections import corrections_of_message, do_teach, do_unteach, lessons_of
from qunying.talk.models import Message
from qunying.talk.readings import readings_of
from tests import cast
from tests.concurrency.threads import together

NOW = cast.TUESDAY
WORDS = "这个课程表有没有人知道"


@pytest.fixture
def message(shared_tea: cast.Tea) -> int:
    cast.arrive([cast.message("m1", "an", WORDS)])
    cast.told()
    return Message.objects.values_list("pk", flat=True).get()


def teach(message: int, name: str) -> int | None:
    user = User.objects.get_or_create(username=name)[0].pk
    return do_teach(message, Verdict.QUESTION, is_so=False, user_id=user, at=clock.now())


def as_all_have_it(tea: cast.Tea, message: int) -> bool:
    """Whether the message is kept as everything that counts now reads it."""
    learnt = learn(lessons_of([tea.community_id]).get(tea.community_id, []))
    return readings_of([message]) == {message: read(WORDS, learnt)}


def test_both_are_heard_when_two_correct_at_once(shared_tea: cast.Tea, message: int) -> None:
    answers = together(NOW, *[lambda name=name: teach(message, name) for name in ("lin", "wang", "zhao")])
    assert None not in answers
    assert len(corrections_of_message(message)) == 3
    assert as_all_have_it(shared_tea, message)


def test_one_counts_when_the_same_person_clicks_twice_at_once(shared_tea: cast.Tea, message: int) -> None:
    User.objects.create(username="lin")
    answers = together(NOW, *[lambda: teach(message, "lin")] * 3)
    assert sum(answer is not None for answer in answers) == 1
    assert len(corrections_of_message(message)) == 1
    assert as_all_have_it(shared_tea, message)


def test_one_takes_back_and_another_corrects_when_both_do_at_once(shared_tea: cast.Tea, message: int) -> None:
    one = teach(message, "lin")
    assert one is not None
    user = User.objects.get(username="lin").pk

    def take_back() -> bool:
        return do_unteach(one, community_id=shared_tea.community_id, user_id=user, at=clock.now()) is not None

    answers = together(NOW, take_back, take_back, lambda: teach(message, "wang"))
    assert sorted(answers[:2], key=str) == [False, True]
    assert len(corrections_of_message(message)) == 1
    assert Fact.objects.filter(name="judgement.untaught").count() == 1
    assert as_all_have_it(shared_tea, message)

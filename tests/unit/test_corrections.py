"""Corrections: kept with who and when, counted by the judge, taken back as if they had never been, forgotten with the words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qunying.intake.actions import do_claim, do_release
from qunying.journal.models import Fact
from qunying.judgement.judge import name_of, read, version
from qunying.judgement.learning import Lesson, learn
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.readings import Reading, Verdict
from qunying.pipeline.inbound import tell
from qunying.talk import learning
from qunying.talk.actions import do_forget_talk
from qunying.talk.corrections import (
    Corrected,
    corrections_of_message,
    do_erase_corrected,
    do_teach,
    do_unteach,
    lessons_of,
    list_corrections,
)
from qunying.talk.learning import learnt_of
from qunying.talk.models import Correction, Message
from qunying.talk.readings import readings_of
from tests import cast

WORDS = "这个课程表有没有人知道"
AGAIN = "这个课程表有没有人知道呀"
ELSE = "今天天气不错"


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    learning._known.clear()  # rows of one test have the ids of another's
    yield
    learning._known.clear()


@pytest.fixture
def tea(db: None) -> Iterator[cast.Tea]:
    with cast.clock_stands(cast.TUESDAY):
        tea = cast.build_tea()
        cast.arrive([cast.message("m1", "an", WORDS), cast.message("m2", "bo", ELSE)])
        cast.told()
        yield tea


def user(name: str) -> int:
    return User.objects.get_or_create(username=name)[0].pk


def message(key: str = "m1") -> int:
    return Message.objects.values_list("pk", flat=True).get(source_key=key)


def reading(key: str = "m1") -> Reading:
    return readings_of([message(key)])[message(key)]


def teach(name: str, key: str = "m1", verdict: Verdict = Verdict.QUESTION, *, is_so: bool = False) -> int | None:
    return do_teach(message(key), verdict, is_so=is_so, user_id=user(name), at=clock.now())


def unteach(tea: cast.Tea, correction: int | None, name: str = "lin") -> Corrected | None:
    assert correction is not None
    return do_unteach(correction, community_id=tea.community_id, user_id=user(name), at=clock.now())


def facts(name: str) -> list[Fact]:
    return list(Fact.objects.filter(name=name).order_by("id"))


def say(key: str, text: str, group: str = "g1") -> Reading:
    cast.arrive([cast.message(key, "an", text)], group)
    cast.told()
    return reading(key)


def test_a_correction_is_heard_at_once_and_by_what_is_said_next(tea: cast.Tea) -> None:
    assert reading() == read(WORDS)
    for name in ("lin", "wang", "zhao"):
        assert teach(name)
    learnt = learnt_of([tea.community_id])[tea.community_id]
    assert reading() == read(WORDS, learnt)
    assert reading().probability(Verdict.QUESTION) < read(WORDS).probability(Verdict.QUESTION)
    assert reading().judge == name_of(learnt) != version()
    assert say("m3", AGAIN) == read(AGAIN, learnt)
    assert say("m3", AGAIN) != read(AGAIN)


def test_what_was_kept_before_stays_as_it_was_read_when_another_is_corrected(tea: cast.Tea) -> None:
    before = say("m3", AGAIN)
    teach("lin")
    assert reading("m3") == before


def test_an_edited_message_is_read_with_what_was_learnt(tea: cast.Tea) -> None:
    teach("lin")
    cast.arrive([cast.edit("e1", "bo", "m2", AGAIN)])
    cast.told()
    assert reading("m2") == read(AGAIN, learnt_of([tea.community_id])[tea.community_id])


def test_another_community_learns_nothing_when_one_is_taught(tea: cast.Tea) -> None:
    teach("lin")
    other = tea.community_id + 1
    assert list(learnt_of([tea.community_id, other])) == [tea.community_id]


def test_a_correction_counts_once_when_the_same_person_repeats_it(tea: cast.Tea) -> None:
    first, after = teach("lin"), reading()
    assert first is not None
    assert teach("lin") is None
    assert len(corrections_of_message(message())) == len(facts("judgement.taught")) == 1
    assert reading() == after


def test_the_newer_counts_when_somebody_changes_their_mind(tea: cast.Tea) -> None:
    teach("lin", is_so=False)
    teach("lin", is_so=True)
    (left,) = corrections_of_message(message())
    assert left.is_so
    assert len(facts("judgement.untaught")) == 1


def test_the_words_as_they_are_count_when_somebody_corrects_an_edited_message_again(tea: cast.Tea) -> None:
    teach("lin")
    cast.arrive([cast.edit("e1", "an", "m1", AGAIN)])
    cast.told()
    assert teach("lin")
    assert [one.text for one in corrections_of_message(message())] == [AGAIN]


def test_a_message_is_read_as_never_taught_when_corrections_are_taken_back(tea: cast.Tea) -> None:
    before = reading()
    one, other = teach("lin"), teach("wang")
    both = reading()
    assert unteach(tea, other) is not None
    only = reading()
    assert unteach(tea, one, "wang") is not None, "also somebody else's"
    assert reading() == before
    assert before.judge == version()
    assert len({before.judge, only.judge, both.judge}) == 3
    assert unteach(tea, one) is None
    assert learnt_of([tea.community_id]) == {}
    assert say("m3", AGAIN) == read(AGAIN)


def test_a_correction_can_be_given_again_when_it_was_taken_back(tea: cast.Tea) -> None:
    unteach(tea, teach("lin"))
    assert teach("lin")
    assert len(corrections_of_message(message())) == 1


def test_two_who_contradict_each_other_leave_the_message_as_it_was(tea: cast.Tea) -> None:
    before = reading()
    teach("lin", is_so=False)
    teach("wang", is_so=True)
    assert (reading().scores, reading().holds) == (before.scores, before.holds)
    assert [one.is_so for one in corrections_of_message(message())] == [False, True]


def test_a_correction_of_a_verdict_without_a_head_is_kept_and_changes_nothing(tea: cast.Tea) -> None:
    before = reading()
    assert teach("lin", verdict=Verdict.CONTACT, is_so=True)
    assert [one.verdict for one in list_corrections(tea.community_id, 0, 10)] == [Verdict.CONTACT]
    assert reading() == before
    assert learnt_of([tea.community_id]) == {}


@pytest.mark.parametrize("lacks", ["words", "row", "member"])
def test_nothing_is_taught_when_a_message_has_no_words_of_a_member(tea: cast.Tea, lacks: str) -> None:
    pk = message() if lacks != "row" else 987654
    Message.objects.filter(pk=pk).update(**{"text": ""} if lacks == "words" else {"is_own": True})
    with pytest.raises(BadUse):
        do_teach(pk, Verdict.AD, is_so=True, user_id=user("lin"), at=clock.now())
    assert facts("judgement.taught") == []


def test_nothing_is_taken_back_when_the_correction_is_of_another_community(tea: cast.Tea) -> None:
    one = teach("lin")
    assert one is not None
    assert do_unteach(one, community_id=tea.community_id + 1, user_id=user("lin"), at=clock.now()) is None
    assert len(corrections_of_message(message())) == 1


def test_the_journal_knows_who_corrected_what_and_holds_no_words(tea: cast.Tea) -> None:
    unteach(tea, teach("lin"), "wang")
    (taught,), (untaught,) = facts("judgement.taught"), facts("judgement.untaught")
    assert (taught.actor, untaught.actor) == (f"user:{user('lin')}", f"user:{user('wang')}")
    for fact in (taught, untaught):
        assert fact.words == {"verdict": "question", "is_so": False, "user": user("lin")}
        assert (fact.community_id, fact.group_id) == (tea.community_id, tea.first)


def test_words_of_a_correction_go_with_the_message(tea: cast.Tea) -> None:
    one = teach("lin")
    do_erase_corrected([message()])
    Message.objects.filter(pk=message()).delete()
    left = Correction.objects.get()
    assert (left.text, left.message_id) == ("", None)
    assert learnt_of([tea.community_id]) == {}
    assert list_corrections(tea.community_id, 0, 10) == []
    assert unteach(tea, one) is not None


def test_a_message_cannot_go_while_its_words_stay_in_a_correction(tea: cast.Tea) -> None:
    teach("lin")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message()).delete()


def test_nothing_is_left_when_the_community_leaves(tea: cast.Tea) -> None:
    teach("lin")
    unteach(tea, teach("wang"))
    while do_forget_talk([tea.community_id], 1):
        pass
    assert not Correction.objects.exists()
    assert not Message.objects.exists()


def test_a_batch_costs_one_query_more_when_there_are_corrections_and_none_has_changed(tea: cast.Tea) -> None:
    for name in ("lin", "wang"):
        teach(name)
    with CaptureQueriesContext(connection) as first:
        learnt_of([tea.community_id])
    with CaptureQueriesContext(connection) as again:
        learnt_of([tea.community_id, tea.community_id + 1])
    assert (len(first), len(again)) == (2, 1)
    with CaptureQueriesContext(connection) as nobody:
        assert learnt_of([]) == {}
    assert len(nobody) == 0


def test_what_came_and_went_while_lessons_were_read_is_not_remembered(
    tea: cast.Tea, monkeypatch: pytest.MonkeyPatch
) -> None:
    teach("lin")
    only = learn(lessons_of([tea.community_id])[tea.community_id])
    came: list[int | None] = []

    def meanwhile(community_ids: list[int]) -> dict[int, list[Lesson]]:
        monkeypatch.setattr(learning, "lessons_of", lessons_of)
        came.append(teach("wang"))
        return lessons_of(community_ids)

    monkeypatch.setattr(learning, "lessons_of", meanwhile)
    assert len(learnt_of([tea.community_id])[tea.community_id].lessons) == 2
    unteach(tea, came[0])
    assert learnt_of([tea.community_id])[tea.community_id].version == only.version


def test_telling_needs_as_many_queries_with_corrections_as_without(tea: cast.Tea) -> None:
    def queries(key: str) -> int:
        with transaction.atomic(), cast.later(timedelta(minutes=5)):
            cast.arrive([cast.message(f"{key}{n}", "an", f"{AGAIN}{n}") for n in range(50)])
            claim = do_claim(clock.now())
            with CaptureQueriesContext(connection) as captured:
                tell(claim)
            do_release(claim)
            transaction.set_rollback(True)
        return len(captured)

    without = queries("a")
    teach("lin")
    learnt_of([tea.community_id])
    assert queries("b") <= without + 1  # a judge with another name is kept

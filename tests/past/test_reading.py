"""The judges read what was imported: everything, once, however often it is interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.judgement import beside
from qunying.judgement.judge import read
from qunying.judgement.learning import Lesson, learn
from qunying.kernel import clock
from qunying.kernel.readings import Reading, Verdict
from qunying.pipeline.past import reading
from qunying.talk.actions import Change, NewMessage, do_change_messages, do_keep_messages
from qunying.talk.corrections import do_teach
from qunying.talk.learning import learnt_of
from qunying.talk.models import Message
from qunying.talk.readings import count_unread, list_held, readings_of

pytestmark = pytest.mark.django_db(transaction=True)
BEGAN = datetime(2026, 3, 2, 1, tzinfo=UTC)
SAYINGS = ("请问课程表在哪里看", "打卡第12天，晨跑5公里", "早上好", "收到", "", "  ")


def a_group(name: str = "茶友") -> int:
    home = do_found_community(name=f"慢茶会{name}", at=BEGAN)
    return do_register_group(home, NewGroup(carrier="sandbox", ref=f"r-{name}", carrier_name=name), at=BEGAN)


def say(group_id: int, count: int, *, at_once: int = 1, start: int = 0) -> None:
    """Messages, so many at the same second."""
    home = Message.objects.filter(group=group_id).values_list("community_id", flat=True).first()
    home = home or _home_of(group_id)
    do_keep_messages(
        [
            NewMessage(
                community_id=home,
                group_id=group_id,
                sender_id=None,
                source_key=f"m{number}",
                at=BEGAN + timedelta(seconds=number // at_once),
                text=SAYINGS[number % len(SAYINGS)],
            )
            for number in range(start, start + count)
        ]
    )


def _home_of(group_id: int) -> int:
    from qunying.communities.queries import infos_of_groups

    return infos_of_groups([group_id])[group_id].community_id


def work_off() -> None:
    while reading.step(clock.now()):
        pass


def unread_words() -> set[str]:
    read_ids = set(readings_of(Message.objects.values_list("pk", flat=True)))
    return set(Message.objects.exclude(pk__in=read_ids).values_list("text", flat=True))


@pytest.mark.parametrize("at_once", [1, 30])
def test_every_message_with_words_is_read_once_when_slices_are_small(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SLICE", 7)
    group = a_group()
    say(group, 60, at_once=at_once)
    reading.do_queue([group], clock.now())
    told: list[int] = []
    assert reading.do_read_all([group], told.append) == 50
    assert told[-1] == 50
    assert told == sorted(told)
    assert unread_words() == {""}
    assert reading.list_queued() == []


def test_the_step_reads_in_processes_beside_when_there_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SLICE", 10)
    monkeypatch.setattr(reading, "MANY", 20)
    monkeypatch.setattr(reading, "SLICES_A_STEP", 2)
    group = a_group()
    say(group, 90)
    reading.do_queue([group], clock.now())
    steps = [reading.step(clock.now()) for _ in range(4)]
    assert steps[0] == 20  # two slices, and then others have their turn
    work_off()
    assert count_unread([group]) == 0


def test_readings_are_the_same_here_and_beside() -> None:
    texts = [*SAYINGS, "加V❤信 abc12345", "\ud800 half", "a\x00b", "🎉" * 3000]
    lessons = [Lesson(one, SAYINGS[0], Verdict.QUESTION, is_so=False, reviewer=one, at=BEGAN) for one in "abc"]
    untaught, taught = beside.read_beside([(texts, []), (texts, lessons)])
    assert untaught == [read(text) for text in texts]
    assert taught == [read(text, learn(lessons)) for text in texts] != untaught


@pytest.mark.parametrize("many", [1, 1000], ids=["beside", "here"])
def test_the_past_is_read_with_what_its_community_was_taught(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MANY", many)
    group, other = a_group(), a_group("别处")
    say(group, 1)
    pk = Message.objects.values_list("pk", flat=True).get(group=group)
    for name in ("lin", "wang", "zhao"):
        reviewer = User.objects.create_user(name).pk
        do_teach(pk, Verdict.QUESTION, is_so=False, user_id=reviewer, at=BEGAN)
    learnt = learnt_of([_home_of(group)])[_home_of(group)]
    for place in (group, other):
        say(place, 6, start=100)
    reading.do_queue([group, other], clock.now())
    work_off()
    for place, heeded in ((group, learnt), (other, None)):
        said = dict(Message.objects.filter(group=place).exclude(text="").values_list("pk", "text"))
        assert readings_of(said) == {one: read(text, heeded) for one, text in said.items()}


def test_reading_goes_on_when_it_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SLICE", 10)
    group = a_group()
    say(group, 60)
    reading.do_queue([group], clock.now())

    class Killed(Exception):
        """As if by a signal."""

    def stop(read: int) -> None:
        if read >= 20:
            raise Killed

    with pytest.raises(Killed):
        reading.do_read_all([group], stop)
    assert 0 < count_unread([group]) < 50
    work_off()
    assert count_unread([group]) == 0


def test_what_is_queued_while_a_group_is_read_stays_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    group = a_group()
    say(group, 6)
    reading.do_queue([group], BEGAN)
    before = reading.read_all

    def meanwhile(texts: Sequence[str], learnt: None) -> list[Reading]:
        monkeypatch.setattr(reading, "read_all", before)
        say(group, 6, start=100)
        reading.do_queue([group], BEGAN + timedelta(seconds=1))
        return before(texts, learnt)

    monkeypatch.setattr(reading, "read_all", meanwhile)
    work_off()
    assert count_unread([group]) == 0
    assert reading.list_queued() == []


def test_messages_that_went_meanwhile_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    group = a_group()
    say(group, 6)
    reading.do_queue([group], clock.now())
    before = reading.read_all

    def meanwhile(texts: Sequence[str], learnt: None) -> list[Reading]:
        Message.objects.filter(source_key="m0").delete()
        return before(texts, learnt)

    monkeypatch.setattr(reading, "read_all", meanwhile)
    work_off()
    assert count_unread([group]) == 0


def test_what_was_read_of_other_words_is_not_kept_when_they_changed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    group = a_group()
    say(group, 1)
    reading.do_queue([group], clock.now())
    before = reading.read_all

    def meanwhile(texts: Sequence[str], learnt: None) -> list[Reading]:
        monkeypatch.setattr(reading, "read_all", before)
        do_change_messages([Change(group_id=group, source_key="m0", at=BEGAN, text="打卡第3天，读书半小时")])
        return before(texts, learnt)

    monkeypatch.setattr(reading, "read_all", meanwhile)
    work_off()
    ((_, kept),) = readings_of(Message.objects.values_list("pk", flat=True)).items()
    assert kept.verdicts == (Verdict.CHECKIN,)


def test_an_edited_message_is_unread_until_it_is_read_again() -> None:
    group = a_group()
    say(group, 1)
    reading.do_queue([group], clock.now())
    work_off()
    ((pk, old),) = readings_of(Message.objects.values_list("pk", flat=True)).items()
    assert old.is_so(Verdict.QUESTION)
    do_change_messages([Change(group_id=group, source_key="m0", at=BEGAN, text="打卡第3天，读书半小时")])
    assert readings_of([pk]) == {}
    reading.do_queue([group], clock.now())
    work_off()
    assert readings_of([pk])[pk].is_so(Verdict.CHECKIN)


def test_held_messages_are_found_by_verdict_and_time() -> None:
    group = a_group()
    say(group, 12)
    reading.do_queue([group], clock.now())
    work_off()
    found = list_held([group], Verdict.QUESTION, BEGAN, BEGAN + timedelta(seconds=6), limit=10)
    texts = dict(Message.objects.values_list("pk", "text"))
    assert [(texts[pk], home) for pk, home in found] == [(SAYINGS[0], group)]

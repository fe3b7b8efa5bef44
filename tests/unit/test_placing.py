"""Every message gets its place in the talk of its group once, whatever comes when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunying.insights.tests.rows import NOON, Home
from qunying.people.models import Identity
from qunying.talk import placing
from qunying.talk.models import Message, MessagePlace, PlaceCursor, Thread
from qunying.talk.placing import count_unplaced, do_place_new, step

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)

TALK = (
    ("老周", "谁知道白毫银针用多少度的水泡？"),
    ("阿茗", "明天龙坞的茶会还去吗"),
    ("苏念", "@老周 80 到 85 度就行"),
    ("禾生", "茶会去，几点集合"),
    ("阿茗", "八点在茶山门口"),
    ("老周", "好的谢谢"),
    ("桥西", "茶会能带小孩吗"),
    ("阿茗", "可以带"),
)


def places() -> dict[str, tuple[int, int | None]]:
    """Thread and answered message of each message with a place, by its words."""
    rows = MessagePlace.objects.order_by("message_id").values_list("message__text", "thread", "answers")
    return {text: (thread, answers) for text, thread, answers in rows}


def talk(home: Home, number: int) -> None:
    """One of the lines, a minute after the one before."""
    name, text = TALK[number]
    home.say(name, NOON + number * MINUTE, text)


def ordinals(found: dict[str, tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    """The places with messages counted from the first one."""
    first = min(thread for thread, _ in found.values())
    return [(thread - first, None if answers is None else answers - first) for thread, answers in found.values()]


def test_places_are_the_same_when_messages_come_one_by_one_and_all_at_once() -> None:
    home = Home()
    for number in range(len(TALK)):
        talk(home, number)
        assert step(NOON) == 1
    one_by_one = ordinals(places())
    Message.objects.all().delete()
    for number in range(len(TALK)):
        talk(home, number)
    assert (step(NOON), step(NOON)) == (len(TALK), 0)
    assert ordinals(places()) == one_by_one
    assert len({thread for thread, _ in one_by_one}) > 1
    assert any(answers is not None for _, answers in one_by_one)


def test_threads_count_their_messages_and_people_when_they_stand() -> None:
    home = Home()
    first = home.say("老周", NOON, "茶会去吗")
    home.say("阿茗", NOON + MINUTE, "去", to=first)
    home.say("", NOON + 2 * MINUTE, "八点集合", to=first, is_own=True)
    home.say("阿茗", NOON + 3 * MINUTE, "好", to=first)
    do_place_new()
    (thread,) = Thread.objects.all()
    assert thread.id == thread.opener == Message.objects.get(source_key=first).pk
    assert (thread.starter_id, thread.messages, thread.people) == (home.who("老周"), 4, 3)
    assert thread.speakers == [home.who("老周"), home.who("阿茗"), 0]
    assert (thread.begun_at, thread.last_at) == (NOON, NOON + 3 * MINUTE)


def test_people_of_one_name_are_two_and_their_answers_count_when_their_accounts_differ() -> None:
    home = Home()
    other = home.who("别人")
    Identity.objects.filter(pk=other).update(name="老周")
    first = home.say("老周", NOON, "茶会去吗")
    second = home.say("阿茗", NOON + MINUTE, "去", to=first)
    Message.objects.filter(source_key=second).update(sender_id=other)
    do_place_new()
    (thread,) = Thread.objects.all()
    assert (thread.people, thread.speakers) == (2, [home.who("老周"), other])


def test_a_thread_begins_with_what_still_stands_when_its_opening_was_withdrawn() -> None:
    home = Home()
    first = home.say("老周", NOON, "茶会去吗")
    second = home.say("阿茗", NOON + MINUTE, "去", to=first)
    do_place_new()
    home.recall(first, NOON + 2 * MINUTE)
    (thread,) = Thread.objects.all()
    assert (thread.opener, thread.starter_id) == (Message.objects.get(source_key=second).pk, home.who("阿茗"))
    assert (thread.messages, thread.people, thread.begun_at) == (1, 1, NOON + MINUTE)
    home.recall(second, NOON + 3 * MINUTE)
    assert not Thread.objects.exists()


def test_late_messages_are_placed_among_their_neighbours_and_those_stay_when_an_import_brings_them() -> None:
    home = Home()
    for number in range(0, len(TALK), 2):
        talk(home, number)
    do_place_new()
    before = places()
    for number in range(1, len(TALK), 2):
        talk(home, number)
    late = home.say("苏念", NOON + 20 * MINUTE, "我也去茶会", to=Message.objects.get(text=TALK[1][1]).source_key)
    do_place_new()
    after = places()
    assert {text: after[text] for text in before} == before
    assert len(after) == len(TALK) + 1
    opening = Message.objects.get(text=TALK[1][1]).pk
    assert after["我也去茶会"] == (after[TALK[1][1]][0], opening)
    assert Thread.objects.get(pk=after["我也去茶会"][0]).last_at == Message.objects.get(source_key=late).at


def test_what_is_replied_to_gives_its_thread_when_it_was_said_long_ago() -> None:
    home = Home()
    first = home.say("老周", NOON, "茶会去吗")
    for number in range(placing.CONTEXT + 5):
        home.say("阿茗", NOON + (1 + number) * MINUTE, f"第 {number} 泡")
    do_place_new()
    home.say("苏念", NOON + timedelta(hours=5), "我去", to=first)
    do_place_new()
    opening = Message.objects.get(source_key=first).pk
    assert places()["我去"] == (opening, opening)


def test_nobody_waits_for_what_nobody_said_when_the_record_names_no_sender() -> None:
    home = Home()
    home.say("老周", NOON - MINUTE, "在吗")
    do_place_new()
    home.say("", NOON, "老周加入了群聊", kind="notice")
    home.say("", NOON + MINUTE, "无名")
    home.say("阿茗", NOON + 2 * MINUTE, "早")
    assert count_unplaced(home.group_ids) == 1
    assert (do_place_new(), do_place_new()) == (1, 0)
    assert list(places()) == ["在吗", "早"]
    assert count_unplaced(home.group_ids) == 0


def test_nothing_is_kept_when_another_process_was_here_first() -> None:
    home = Home()
    talk(home, 0)
    new = list(placing._unplaced(0).values_list(*placing._COLUMNS))
    said = placing._Said(*new[0])
    do_place_new()
    PlaceCursor.objects.update(position=said.id + 5)
    assert not placing._do_keep([(said, placing._Place(77, None))], 0, said.id)
    assert MessagePlace.objects.get().thread == said.id


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite commits in the order of ids")
def test_a_lower_id_is_placed_when_it_was_committed_after_higher_ones() -> None:
    home = Home()
    talk(home, 0)
    PlaceCursor.objects.create(pk=1, position=Message.objects.get().pk + 10)
    do_place_new()
    assert len(places()) == 1


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Batches of three messages, stretches of two."""
    monkeypatch.setattr(placing, "AT_ONCE", 3)
    monkeypatch.setattr(placing, "STRETCH", 2)
    return


@pytest.mark.usefixtures("small_batches")
def test_everything_is_placed_once_when_it_takes_many_batches_and_stretches() -> None:
    home = Home(groups=("茶友", "品鉴"))
    for number in range(0, len(TALK), 2):
        home.say(TALK[number][0], NOON + number * MINUTE, TALK[number][1])
        home.say(TALK[number][0], NOON + number * MINUTE, f"{TALK[number][1]}？", group=1)
    assert do_place_new() == len(TALK)
    for number in (7, 1, 5, 3):
        home.say(TALK[number][0], NOON + number * MINUTE, TALK[number][1])
    assert do_place_new() == 4
    assert len(places()) == len(TALK) + 4
    assert sum(Thread.objects.values_list("messages", flat=True)) == len(TALK) + 4
    groups = dict(Message.objects.values_list("pk", "group_id"))
    assert all(groups[pk] == groups[thread] for pk, thread in MessagePlace.objects.values_list("pk", "thread"))


def test_as_many_questions_are_asked_of_the_database_when_more_was_said() -> None:
    home = Home()
    counts = []
    for many in (3, 30):
        for number in range(many):
            home.say("老周", NOON + number * MINUTE, f"第 {number} 泡")
        with CaptureQueriesContext(connection) as queries:
            step(NOON)
        counts.append(len(queries))
    assert counts[0] >= counts[1]
    assert counts[1] <= 25

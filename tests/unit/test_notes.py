"""Notes of private talks and consents: kept once, taken back, told within reach only, gone with the person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from qunying.journal.models import Fact, PersonalPart
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.actions import Account, do_forget_people_of, do_know
from qunying.people.models import Consent, Note
from qunying.people.notes import (
    LONGEST_NOTE,
    do_note_consent,
    do_take_back_note,
    do_write_note,
    list_consents_of,
    list_notes_of,
)
from tests import cast

HOUR = timedelta(hours=1)


@pytest.fixture
def colleague(db: None) -> int:
    return User.objects.create_user("小李").pk


def an() -> int:
    key = Account("sandbox", "an")
    return do_know({key: ""}, clock.now())[key].id


def write(tea: cast.Tea, by: int, text: str, ago: timedelta = HOUR) -> int:
    return do_write_note(tea.community_id, an(), text, talked_at=clock.now() - ago, user_id=by, at=clock.now())


def agree(
    tea: cast.Tea, by: int, what: str, *, is_given: bool = True, source: str = "入群问卷", ago: timedelta = HOUR
) -> int:
    said = clock.now() - ago
    return do_note_consent(
        tea.community_id, an(), what, is_given=is_given, source=source, said_at=said, user_id=by, at=clock.now()
    )


def test_notes_are_told_newest_first_and_page_by_page(tea: cast.Tea, colleague: int) -> None:
    for number in range(5):
        write(tea, colleague, f"第{number}次", HOUR * number)
    first, total = list_notes_of([an()], None, limit=3)
    rest, left = list_notes_of([an()], None, before=(first[-1].talked_at, first[-1].id), limit=3)
    assert (total, left) == (5, 2)
    assert [one.text for one in (*first, *rest)] == ["第0次", "第1次", "第2次", "第3次", "第4次"]
    assert {(one.by_id, one.by) for one in first} == {(colleague, "小李")}


def test_nothing_of_it_is_in_the_facts_and_it_is_gone_with_the_person(tea: cast.Tea, colleague: int) -> None:
    write(tea, colleague, "她在找工作")
    agree(tea, colleague, "private", source="她私下说的")
    assert Fact.objects.filter(name__in=["note.written", "consent.noted"]).count() == 2
    assert not PersonalPart.objects.filter(fact__name__in=["note.written", "consent.noted"]).exists()
    do_forget_people_of([tea.community_id], 100)
    assert not Note.objects.exists()
    assert not Consent.objects.exists()


def test_a_note_is_told_no_more_when_it_was_taken_back(tea: cast.Tea, colleague: int) -> None:
    note = write(tea, colleague, "记错人了")
    assert do_take_back_note(note, user_id=colleague, at=clock.now())
    assert not do_take_back_note(note, user_id=colleague, at=clock.now())
    assert list_notes_of([an()], None, limit=9) == ([], 0)
    assert Fact.objects.filter(name="note.taken_back", actor=f"user:{colleague}").count() == 1


def test_nothing_is_told_outside_reach(tea: cast.Tea, colleague: int) -> None:
    write(tea, colleague, "私事")
    agree(tea, colleague, "offers")
    elsewhere = [tea.community_id + 1]
    assert list_notes_of([an()], elsewhere, limit=9) == ([], 0)
    assert list_consents_of([an()], elsewhere) == []


@pytest.mark.parametrize("text", ["", " \n ", "一" * (LONGEST_NOTE + 1), "看不见\x00的", "半个\ud83d"])
def test_a_note_is_refused_when_it_cannot_be_kept(tea: cast.Tea, colleague: int, text: str) -> None:
    with pytest.raises(BadUse):
        write(tea, colleague, text)
    assert not Note.objects.exists()


def test_what_is_to_come_is_refused(tea: cast.Tea, colleague: int) -> None:
    with pytest.raises(BadUse):
        write(tea, colleague, "明天聊的", -HOUR)
    with pytest.raises(BadUse):
        agree(tea, colleague, "private", ago=-HOUR)


def test_the_latest_word_about_each_thing_counts_in_whatever_order_it_was_noted(tea: cast.Tea, colleague: int) -> None:
    agree(tea, colleague, "private", is_given=False, ago=HOUR)
    agree(tea, colleague, "private", is_given=True, ago=3 * HOUR)
    agree(tea, colleague, "record", ago=2 * HOUR)
    said = [(one.what, one.is_given) for one in list_consents_of([an()], None)]
    assert said == [("record", True), ("private", False)]


@pytest.mark.parametrize(("what", "source"), [("everything", "问卷"), ("private", "  ")])
def test_a_consent_is_refused_when_it_says_nothing(tea: cast.Tea, colleague: int, what: str, source: str) -> None:
    with pytest.raises(BadUse):
        agree(tea, colleague, what, source=source)

"""What happened before people left: every signal by hand, and whether a difference can be told apart from chance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.insights.churn.cases import LEFT, SILENT, sides_of_leaving, sides_of_silence
from qunying.insights.churn.comparing import Churn, Finding, Share, interval, read_churn
from qunying.insights.churn.signals import MANY_ADS, Signal
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import NOON, Home
from qunying.journal.actions import do_record_facts
from qunying.kernel.facts import Fact
from qunying.kernel.readings import Verdict
from qunying.talk.models import Message, Revision
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEAVES = NOON + 20 * DAY


def _scope(home: Home, days: int = 30) -> Scope:
    return Scope(home.counted, NOON, NOON + days * DAY)


def _met(home: Home) -> set[Signal]:
    """What 走了 met before leaving; somebody stays, to whom nothing happens."""
    home.join("走了", NOON - DAY)
    home.leave("走了", LEAVES)
    home.sit("留下")
    do_place_new()
    found = read_churn(_scope(home))
    assert (found.sides.went, found.sides.removed) == (1, 0)
    return {one.signal for one in found.compared if one.gone.count}


def _asks(home: Home, at: timedelta = DAY, answered: bool = False) -> None:
    key = home.say("走了", LEAVES - at, "押金什么时候退", holds=[Verdict.QUESTION])
    if answered:
        home.say("留下", LEAVES - at + MINUTE, "明天", to=key, holds=[])


def test_nothing_happened_when_nothing_did() -> None:
    home = Home()
    home.say("走了", LEAVES - DAY, "早", holds=[])
    assert _met(home) == {Signal.NOTHING}


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (_asks, {Signal.UNANSWERED}),
        (lambda home: _asks(home, answered=True), {Signal.NOTHING}),
        (lambda home: _asks(home, at=8 * DAY), {Signal.NOTHING}),
        (lambda home: _asks(home, at=MINUTE), {Signal.NOTHING}),  # there was no time to answer yet
    ],
)
def test_a_question_counts_while_nobody_has_answered(happens: Callable[[Home], None], expected: set[Signal]) -> None:
    home = Home()
    happens(home)
    assert _met(home) == expected


def test_hostile_words_count_where_they_fall_in_a_talk_of_theirs() -> None:
    home = Home()
    key = home.say("走了", LEAVES - DAY, "我觉得红茶好", holds=[])
    home.say("老张", LEAVES - DAY + MINUTE, "你懂个屁", to=key, holds=[Verdict.ABUSE])
    assert _met(home) == {Signal.CONFLICT}


def test_hostile_words_elsewhere_are_no_quarrel_of_theirs() -> None:
    home = Home(groups=("茶友", "品鉴"))
    home.say("走了", LEAVES - DAY, "早", holds=[])
    home.say("老张", LEAVES - DAY, "滚", 1, holds=[Verdict.ABUSE])
    home.say("老张", LEAVES - 12 * DAY, "滚", holds=[Verdict.ABUSE])
    assert _met(home) == {Signal.NOTHING}


def test_being_silenced_counts_and_so_does_what_others_took_away() -> None:
    home = Home()
    muted = Fact(
        name="effect.sent",
        at=LEAVES - HOUR,
        community_id=home.id,
        group_id=home.group_ids[0],
        identity_id=home.who("走了"),
        key="mute",
        words={"kind": "Mute"},
    )
    do_record_facts([muted])
    assert _met(home) == {Signal.SANCTIONED}
    other = Home()
    key = other.say("走了", LEAVES - DAY, "看我主页", holds=[])
    other.recall(key, LEAVES - HOUR)
    Revision.objects.filter(message=Message.objects.get(source_key=key)).update(by=other.who("留下"))
    assert _met(other) == {Signal.SANCTIONED}


def test_taking_back_ones_own_words_is_no_punishment() -> None:
    home = Home()
    key = home.say("走了", LEAVES - DAY, "打错了", holds=[])
    home.recall(key, LEAVES - HOUR)
    Revision.objects.update(by=home.who("走了"))
    assert _met(home) == {Signal.NOTHING}


@pytest.mark.parametrize(("still_talks", "expected"), [(False, Signal.OPENER_SILENT), (True, Signal.NOTHING)])
def test_whoever_they_followed_falls_silent(still_talks: bool, expected: Signal) -> None:
    home = Home()
    for days, words in ((20, "今天聊普洱怎么存"), (10, "周末有人去爬山吗")):
        key = home.say("带头的", LEAVES - days * DAY, words, holds=[])
        home.say("走了", LEAVES - days * DAY + MINUTE, "好啊", to=key, holds=[])
    if still_talks:
        home.say("带头的", LEAVES - 2 * DAY, "早", holds=[])
    assert _met(home) == {expected}


@pytest.mark.parametrize(("ads", "expected"), [(MANY_ADS, Signal.ADS), (MANY_ADS - 1, Signal.NOTHING)])
def test_many_ads_in_the_group_count(ads: int, expected: Signal) -> None:
    home = Home()
    for n in range(ads):
        home.say(f"广告{n}", LEAVES - DAY + n * MINUTE, "加我微信", holds=[Verdict.AD])
    assert _met(home) == {expected}


def test_the_removed_the_returned_and_colleagues_are_nobody_who_left() -> None:
    home = Home(staff=("林晚",))
    for name in ("走了", "被移出", "又回来", "林晚"):
        home.join(name, NOON - DAY)
        home.leave(name, LEAVES, operator="林晚" if name == "被移出" else "")
    home.join("又回来", LEAVES + DAY)
    home.join("后来的", NOON + 40 * DAY)
    sides = sides_of_leaving(_scope(home))
    assert [case.identity_id for case in sides.gone] == [home.who("走了")]
    assert {case.identity_id for case in sides.stayers} == {home.who("又回来")}
    assert (sides.went, sides.stayed, sides.removed) == (1, 1, 1)
    assert all(NOON <= case.at < NOON + 30 * DAY for case in sides.stayers)
    assert sides == sides_of_leaving(_scope(home))


def test_silent_is_who_has_said_nothing_since_and_still_sits_there() -> None:
    home = Home()
    for name, first, last in (("静了", 1, 5), ("还在说", 1, 28), ("刚来", 27, 28), ("早就静了", -50, -40)):
        home.say(name, NOON + first * DAY)
        home.say(name, NOON + last * DAY)
    home.say("走了", NOON + DAY)
    home.leave("走了", NOON + 2 * DAY)
    sides = sides_of_silence(_scope(home), 14)
    assert [(case.identity_id, case.at - timedelta(microseconds=1)) for case in sides.gone] == [
        (home.who("静了"), NOON + 5 * DAY)
    ]
    assert [case.identity_id for case in sides.stayers] == [home.who("还在说")]
    assert read_churn(_scope(home), SILENT, 14).sides == sides


def _many(home: Home, gone: int, stay: int, asked: int) -> Churn:
    """So many left and stayed; so many of those who left had asked something in vain."""
    for n in range(gone):
        home.join(f"走{n}", NOON - DAY)
        if n < asked:
            home.say(f"走{n}", LEAVES - DAY + 20 * n * MINUTE, f"第{n}个问题怎么办", holds=[Verdict.QUESTION])
        home.leave(f"走{n}", LEAVES + n * MINUTE)
    for n in range(stay):
        home.join(f"留{n}", NOON - DAY)
    return read_churn(_scope(home), LEFT)


def test_a_difference_is_told_only_where_there_are_enough_people() -> None:
    few = _many(Home(), 3, 30, 3).compared[0]
    assert (few.finding, few.gone.of, few.stayed.of) == (Finding.TOO_FEW, 3, 30)


def test_shares_are_of_everybody_on_a_side() -> None:
    home = Home()
    found = {one.signal: one for one in _many(home, 12, 14, 0).compared}
    assert found[Signal.NOTHING].gone == Share(12, 12)
    assert found[Signal.NOTHING].stayed == Share(14, 14)
    assert found[Signal.NOTHING].finding is Finding.CANNOT_TELL
    assert found[Signal.NOTHING].difference == 0


def test_newcombes_interval_is_that_of_his_paper() -> None:
    """Newcombe 1998, Statistics in Medicine 17, table II, method 10, at 95 %."""
    for one, other, expected in (
        (Share(56, 70), Share(48, 80), (0.0524, 0.3339)),
        (Share(9, 10), Share(3, 10), (0.1705, 0.8090)),
        (Share(0, 10), Share(0, 20), (-0.1611, 0.2775)),
        (Share(10, 10), Share(0, 20), (0.6791, 1.0)),
    ):
        assert interval(one, other, 0.95) == pytest.approx(expected, abs=5e-5)


@given(st.integers(1, 200), st.integers(0, 200), st.integers(1, 200), st.integers(0, 200))
def test_the_interval_holds_the_difference_and_turns_around_with_the_sides(a: int, b: int, c: int, d: int) -> None:
    one, other = Share(min(b, a), a), Share(min(d, c), c)
    low, high = interval(one, other)
    assert low - 1e-9 <= (one.value or 0) - (other.value or 0) <= high + 1e-9
    assert interval(other, one) == pytest.approx((-high, -low))


def test_nobody_is_nobody() -> None:
    found = read_churn(_scope(Home()))
    assert all(one.gone.value is None and one.finding is Finding.TOO_FEW for one in found.compared)

"""What hangs on a few people, on cases counted by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.insights.dependency import Carried, Dependency, depend, read_dependency
from qunying.insights.seeds.signals import Line
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.kernel.readings import Verdict
from qunying.talk.placing import do_place_new

AN, BO, CHEN, DAN, EVE, STAFF = 1, 2, 3, 4, 5, 9
EVERYBODY = frozenset(range(1, 9))


def test_what_is_left_without_each_of_the_three() -> None:
    lines = [
        Line(1, 1, AN, 1, None, asks=True),  # AN asks, BO and STAFF answer, CHEN goes on
        Line(2, 1, BO, 1, 1),
        Line(3, 1, STAFF, 1, 1),
        Line(4, 1, CHEN, 1, 2),
        Line(5, 5, BO, 2, None, asks=True),  # BO asks, AN answers
        Line(6, 5, AN, 2, 5),
        Line(7, 7, AN, 3),  # AN says something that DAN takes up
        Line(8, 7, DAN, 3, 7),
        Line(9, 9, EVE, 3),  # nobody joins
    ]
    found = depend([lines], {STAFF}, EVERYBODY)
    assert found.whole == Carried(8, 5, conversations=3, answered=2, openers=1, followers=1)
    assert (found.share, found.answers, found.answers_share) == (6 / 8, 2, 1.0)
    assert [one.person_id for one in found.pillars] == [AN, BO, CHEN]
    an, bo, chen = found.pillars
    assert (an.messages, an.share, an.answers, an.opened) == (3, 3 / 8, 1, 2)
    assert an.without == Carried(2, 2, conversations=0, answered=0, openers=0, followers=0)
    assert bo.without == Carried(5, 4, conversations=2, answered=0, openers=1, followers=0)
    assert chen.without == Carried(7, 4, conversations=3, answered=2, openers=1, followers=1)
    assert found.heaviest == an


def test_a_question_that_others_answered_too_stays_answered() -> None:
    lines = [Line(1, 1, AN, 1, asks=True), Line(2, 1, BO, 1, 1), Line(3, 1, CHEN, 1, 1), Line(4, 1, CHEN, 1, 1)]
    found = depend([lines], (), EVERYBODY)
    assert found.answers == 2
    left = {one.person_id: one.without.answered for one in found.pillars}
    assert left == {AN: 0, BO: 1, CHEN: 1}


def test_who_has_left_is_no_pillar_but_their_talk_counts() -> None:
    lines = [Line(1, 1, AN, 1), Line(2, 1, AN, 1), Line(3, 1, BO, 1)]
    found = depend([lines], (), {BO})
    assert (found.share, [one.person_id for one in found.pillars]) == (1.0, [BO])


def test_nothing_is_said_where_nobody_or_hardly_anybody_spoke() -> None:
    assert depend([], (), ()) == Dependency()
    assert not depend([[Line(1, 1, AN, 1)]], (), EVERYBODY).is_telling


talk = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 20), st.integers(0, 30), st.booleans(), st.booleans()), max_size=50
)


@given(talk)
def test_without_somebody_there_is_never_more_and_their_own_is_gone(
    said: list[tuple[int, int, int, bool, bool]],
) -> None:
    lines: list[Line] = []
    for n, (who, to, day, asks, begins) in enumerate(said, 1):
        place = lines[to % len(lines)].thread if lines and not begins else n
        lines.append(Line(n, place, who, day, to or None, asks=asks))
    found = depend([lines], (), EVERYBODY)
    counts = Counter(line.who for line in lines)
    for one in found.pillars:
        left = one.without
        assert left.messages <= found.whole.messages - counts[one.person_id]
        assert left.speakers <= found.whole.speakers - 1
        assert left.conversations <= found.whole.conversations - one.opened
        assert left.answered <= found.whole.answered
        assert left.openers + left.followers <= found.whole.openers + found.whole.followers
    shares = [found.share, found.answers_share]
    assert all(share is None or 0 < share <= 1 for share in shares)


@pytest.mark.django_db
def test_the_newest_lines_are_read_where_there_are_too_many() -> None:
    home = Home(staff=("林晚",))
    for n in range(6):
        first = home.say("老周", NOON - hours(n + 1), f"第 {n} 问怎么弄", holds=[Verdict.QUESTION])
        home.say("阿茗", NOON - hours(n + 0.9), "这样弄", to=first, holds=[])
        home.say("林晚", NOON - hours(n + 0.8), "对的", to=first, holds=[])
    do_place_new()
    found = read_dependency(home.counted, NOON)
    assert (found.whole.messages, found.whole.answered, found.is_cut) == (12, 6, False)
    assert [one.name for one in found.pillars] == ["老周", "阿茗"]
    cut = read_dependency(home.counted, NOON, most=9)
    assert (cut.is_cut, cut.whole.messages) == (True, 6)

"""Who answers whom: counted by hand, and drawn the same every time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunying.insights.replies import DRAWN, Pair, lay_out, read_replies
from qunying.insights.scope import Scope
from qunying.insights.tests.rows import NOON, Home
from qunying.people.models import Identity
from qunying.talk.models import Message, MessagePlace
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def _scope(home: Home) -> Scope:
    return Scope(home.counted, NOON - DAY, NOON + DAY)


def _answer(home: Home, who: str, key: str, minute: int, times: int = 1, *, group: int = 0) -> str:
    """So many replies to that message; answers the key of the last."""
    last = key
    for n in range(times):
        last = home.say(who, NOON + (minute + n) * MINUTE, "嗯", group, to=key)
    return last


def _circles() -> Home:
    """Two circles of three that only 桥 connects; 尾巴 is answered by 桥 alone; 独白 speaks to nobody; 林晚 is a colleague."""
    home = Home(staff=("林晚",))
    for first, circle in enumerate((("甲", "乙", "丙"), ("丁", "戊", "己"))):
        keys = {name: home.say(name, NOON + 60 * first * MINUTE, f"我是{name}") for name in circle}
        for n, name in enumerate(circle):
            _answer(home, name, keys[circle[n - 1]], 60 * first + 5 * n + 1, 3)
        _answer(home, "桥", keys[circle[0]], 60 * first + 40)
    tail = home.say("尾巴", NOON + 300 * MINUTE, "有人吗")
    _answer(home, "桥", tail, 301)
    _answer(home, "林晚", tail, 302, 2)
    home.say("独白", NOON + 600 * MINUTE, "早")
    do_place_new()
    MessagePlace.objects.filter(message__reply_to="").update(answers=None)  # only what the carrier says
    return home


def test_pairs_are_counted_by_the_way_somebody_turned_to_another() -> None:
    home = Home()
    asked = home.say("甲", NOON, "谁有白茶")
    _answer(home, "乙", asked, 1, 2)
    named = home.say("丙", NOON + 3 * MINUTE, "问问他")
    Message.objects.filter(source_key=named).update(mentions=[home.who("甲"), home.who("丙"), home.who("乙")])
    taken_up = home.say("丁", NOON + 4 * MINUTE, "我有")
    do_place_new()
    ids = dict(Message.objects.values_list("source_key", "pk"))
    MessagePlace.objects.filter(pk=ids[named]).update(answers=ids[asked])
    MessagePlace.objects.filter(pk=ids[taken_up]).update(answers=ids[asked])
    pairs = {(pair.who, pair.to): pair for pair in read_replies(_scope(home)).pairs}
    one, two, three, four = (home.who(name) for name in "甲乙丙丁")
    assert pairs == {
        (two, one): Pair(two, one, 2, 0, 0),
        (three, one): Pair(three, one, 0, 1, 0),  # named as well, but it is one message
        (three, two): Pair(three, two, 0, 0, 1),
        (four, one): Pair(four, one, 0, 1, 0),
    }


def test_what_is_withdrawn_ours_or_a_programs_turns_to_nobody() -> None:
    home = Home()
    asked = home.say("甲", NOON, "谁有白茶")
    home.recall(_answer(home, "乙", asked, 1), NOON + 2 * MINUTE)
    home.sit("机器人", is_bot=True)
    _answer(home, "机器人", asked, 3)
    home.say("", NOON + 4 * MINUTE, "我来", is_own=True, to=asked)
    _answer(home, "甲", asked, 5)
    do_place_new()
    found = read_replies(_scope(home))
    assert found.pairs == ()
    assert [name for _, name in found.alone] == ["甲", "乙"]


def test_two_accounts_of_one_person_are_one_and_never_answer_each_other() -> None:
    home = Home()
    asked = home.say("甲", NOON, "谁有白茶")
    _answer(home, "甲小号", asked, 1)
    _answer(home, "乙", home.say("甲小号", NOON + 2 * MINUTE, "还有吗"), 3)
    _answer(home, "乙", asked, 4)
    Identity.objects.filter(pk=home.who("甲小号")).update(person_id=home.who("甲"))
    do_place_new()
    (pair,) = read_replies(_scope(home)).pairs
    assert (pair.who, pair.to, pair.times) == (home.who("乙"), home.who("甲"), 2)


def test_whoever_connects_circles_is_a_bridge_and_whoever_speaks_to_nobody_is_alone() -> None:
    home = _circles()
    found = read_replies(_scope(home))
    people = {one.name: one for one in found.talkers}
    assert next(one.name for one in found.bridges) == "桥"
    assert people["桥"].is_bridge
    assert people["桥"].cuts_off == 5  # the smaller circle's three, 尾巴 and 林晚 who talks with nobody else
    assert people["乙"].cluster == people["丙"].cluster != people["戊"].cluster == people["己"].cluster
    assert not people["乙"].is_bridge
    assert people["林晚"].is_staff
    assert [name for _, name in found.alone] == ["独白"]
    assert (people["甲"].gave, people["甲"].got, people["甲"].partners) == (3, 4, 3)


def test_the_drawing_is_the_same_every_time_and_holds_only_those_who_talk_most() -> None:
    home = _circles()
    for n in range(DRAWN):
        _answer(home, f"客{n:02}", home.say(f"主{n:02}", NOON + n * MINUTE, "在吗"), n)
    do_place_new()
    found = read_replies(_scope(home))
    spots = lay_out(found)
    assert spots == lay_out(read_replies(_scope(home)))
    assert len(spots) == DRAWN < len(found.talkers)
    assert all(0 <= spot.x <= 1 and 0 <= spot.y <= 1 for spot in spots)
    assert len({(spot.x, spot.y) for spot in spots}) == DRAWN


def test_there_is_nothing_to_draw_where_nobody_speaks() -> None:
    found = read_replies(_scope(Home()))
    assert (found.pairs, found.talkers, found.bridges, found.alone, found.speakers) == ((), (), (), (), 0)
    assert lay_out(found) == []

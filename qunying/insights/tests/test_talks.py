"""Conversations are found with who opened them, who joined, and which questions nobody answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunying.insights.talks import US, Opener, Saying, Talk, Talks, read_talks
from qunying.insights.tests import rows
from qunying.insights.tests.rows import NOON, Home
from qunying.kernel.readings import Verdict
from qunying.people.models import Identity
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ASKS = (Verdict.QUESTION,)


def _talks(home: Home, *, most: int = 3000, until: timedelta = DAY, now: timedelta = 9 * DAY) -> Talks:
    do_place_new()
    return read_talks(home.counted, NOON, NOON + until, NOON + now, most=most)


def _waiting(home: Home) -> list[str]:
    return [one.words for one in _talks(home).waiting]


def test_conversations_tell_opener_people_and_messages_when_several_spoke() -> None:
    home = Home()
    first = home.say("老周", NOON, "白毫银针  用多少度的水\n？")
    home.say("阿茗", NOON + rows.hours(0.1), "80 到 85 度", to=first)
    home.say("苏念", NOON + rows.hours(0.2), "我用 90 度", to=first)
    (talk,) = _talks(home).talks
    assert (talk.opener.name, talk.opener.words) == ("老周", "白毫银针 用多少度的水 ？")
    assert [name for _, name in talk.people] == ["老周", "阿茗", "苏念"]
    assert (talk.messages, talk.last_at, talk.waiting) == (3, NOON + rows.hours(0.2), ())
    assert _talks(home).size == (3, 3)


def test_the_newest_conversation_comes_first_and_the_longest_wait_too() -> None:
    home = Home()
    asked = ["押金什么时候退？", "谁有龙坞的地址", "紫砂壶磕口能换吗？"]
    for n, (name, words) in enumerate(zip(["老周", "阿茗", "苏念"], asked, strict=True)):
        home.say(name, NOON + rows.hours(7 * n), words, holds=ASKS)
    assert [talk.opener.words for talk in _talks(home).talks] == asked[::-1]
    assert _waiting(home) == asked


@pytest.mark.parametrize(
    "holds", [None, (), (Verdict.QUESTION, Verdict.AD), (Verdict.QUESTION, Verdict.ABUSE)], ids=str
)
def test_nothing_waits_when_it_is_no_question_or_sells_or_hurts(holds: tuple[Verdict, ...] | None) -> None:
    home = Home()
    home.say("老周", NOON, "要加我微信吗？", holds=holds)
    assert _talks(home).talks == ()


@pytest.mark.parametrize("text", ["真的吗", "是吗？？？", "真 的 吗 🙃", ""])
def test_nothing_waits_when_it_was_said_by_the_way(text: str) -> None:
    home = Home()
    home.say("老周", NOON, text, holds=ASKS)
    assert _waiting(home) == []


def test_a_colleagues_question_waits_for_nobody_and_their_answer_counts() -> None:
    home = Home(staff=["小李"])
    home.say("小李", NOON, "今天喝什么茶？", holds=ASKS)
    asked = home.say("老周", NOON + rows.hours(3), "押金什么时候退？", holds=ASKS)
    assert _waiting(home) == ["押金什么时候退？"]
    home.say("小李", NOON + rows.hours(4), "周五", to=asked)
    assert _waiting(home) == []


def test_our_own_account_answers_like_anybody_else() -> None:
    home = Home()
    asked = home.say("老周", NOON, "押金什么时候退？", holds=ASKS)
    home.say("", NOON + rows.hours(1), "周五退", is_own=True, to=asked)
    (talk,) = _talks(home).talks
    assert (talk.people[1], talk.waiting) == ((US, ""), ())


def test_nothing_waits_when_it_was_withdrawn_or_is_what_the_platform_says() -> None:
    home = Home()
    home.recall(home.say("老周", NOON, "押金什么时候退？", holds=ASKS), NOON + rows.hours(1))
    home.say("阿茗", NOON + rows.hours(2), "谁进群了？", holds=ASKS, kind="notice")
    home.say("", NOON + rows.hours(3), "有人吗？", holds=ASKS)
    assert _talks(home).talks == ()


def test_a_question_waits_for_nothing_when_it_was_answered_on_the_day_after_the_span() -> None:
    home = Home()
    asked = home.say("老周", NOON + rows.hours(23), "押金什么时候退？", holds=ASKS)
    assert _waiting(home) == ["押金什么时候退？"]
    home.say("阿茗", NOON + rows.hours(30), "周五退", to=asked)
    home.say("苏念", NOON + rows.hours(31), "明天有课吗？", holds=ASKS)
    assert [(talk.messages, talk.waiting) for talk in _talks(home).talks] == [(2, ())]


def test_only_the_newest_are_looked_at_when_there_are_more() -> None:
    home = Home(groups=("茶友", "品鉴"))
    for n in range(6):
        home.say("老周", NOON + rows.hours(n), group=n % 2, holds=())
    home.say("老周", NOON + rows.hours(7))
    assert (_talks(home).lines, _talks(home).is_cut, _talks(home).unread) == (7, False, 1)
    assert _talks(Home()) == Talks()


def _talk(opener: int, *others: int) -> Talk:
    saying = Saying(1, "茶友", 1, opener, f"成员{opener}", NOON, "早")
    return Talk(saying, tuple((who, f"成员{who}") for who in (opener, *others)), 1 + len(others), NOON, ())


def test_openers_are_members_whose_talk_others_join_when_counted() -> None:
    talks = (_talk(1, 2, 3), _talk(1, 3), _talk(4, 1, 2, 3), _talk(5, 1), _talk(2), _talk(US, 3))
    found = Talks(talks, apart=frozenset({5})).openers(5, 5)
    assert found == (Opener(1, "成员1", 2, 2, 2 / 4), Opener(4, "成员4", 1, 3, 3 / 4))
    assert Talks(talks).openers(1, 5) == found[:1]
    assert Talks(talks).size == (2, 2)


def test_an_answer_from_the_same_person_is_none_when_they_have_two_accounts() -> None:
    home = Home()
    asked = home.say("老周", NOON, "押金什么时候退？", holds=ASKS)
    home.say("老周小号", NOON + rows.hours(1), "有人吗", to=asked)
    Identity.objects.filter(pk=home.who("老周小号")).update(person_id=home.who("老周"))
    assert _waiting(home) == ["押金什么时候退？"]

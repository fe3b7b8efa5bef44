"""Appeals: answered by somebody else than who sanctioned, in words, and lifted with all that followed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from qunying.capabilities.order.models import StepTaken
from qunying.communities.actions import do_found_community, do_set_settings
from qunying.desk.models import Case
from qunying.desk.reviewing import Taken, do_claim_case
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.outbox.models import OutboxItem
from qunying.pipeline.review.appeals import do_answer_appeal, find_appealed, is_own_matter, propose_answer
from qunying.pipeline.review.deciding import do_approve_case, do_dismiss_case
from qunying.pipeline.review.taking_back import do_take_back
from tests import cast
from tests.reviewed import AD, MUTES, advertised, appealed, asks_first, colleague, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Iterator[cast.Tea]:
    with cast.clock_stands(cast.TUESDAY):
        yield cast.build_tea()


@pytest.fixture
def li() -> int:
    return colleague("li")


def muted(tea: cast.Tea, by: int) -> Case:
    """Somebody was muted because a colleague said so, and appeals."""
    asks_first(tea, MUTES)
    do_approve_case(advertised(tea).pk, user_id=by, at=clock.now())
    cast.told()
    return appealed(tea)


def answer(case: Case, user: int, *, lifts: bool, words: str = "看过了，撤销了") -> int:
    with cast.later(timedelta(hours=2)) as now:
        undone = do_answer_appeal(case.pk, lifts=lifts, words=words, user_id=user, at=now)
        cast.told(now)
    return undone


def whispers() -> list[str]:
    """What was said in private and arrived, in order."""
    said = OutboxItem.objects.filter(kind="Whisper", state="sent").order_by("id")
    return [item.payload["text"] for item in said]


def test_an_appeal_keeps_what_was_written_and_whom_it_is_against(tea: cast.Tea, li: int) -> None:
    case = muted(tea, li)
    assert (case.message_key, case.capability) == ("appeal1", "order")
    found = find_appealed(case)
    assert found.step is not None
    assert (found.step.rule, found.step.stands) == ("promotion", True)
    assert [item.kind for item in found.items] == ["DeleteMessage", "Mute", "Say"]
    assert found.deciders == {li}


def test_a_step_is_lifted_with_all_that_followed_and_the_member_told_when_the_appeal_is_right(
    tea: cast.Tea, li: int
) -> None:
    case, xu = muted(tea, li), colleague("xu")
    assert answer(case, xu, lifts=True) == 2  # the mute and the warning; what was withdrawn stays so
    assert state(case) == "lifted"
    assert StepTaken.objects.get().lifted_by_id == xu
    assert OutboxItem.objects.filter(kind="Unmute", state="sent").exists()
    assert whispers()[-1] == "看过了，撤销了"
    assert Fact.objects.get(name="case.closed", words__kind="appeal").words == {"kind": "appeal", "state": "lifted"}
    assert Fact.objects.filter(name="step.lifted", actor=f"user:{xu}").exists()


def test_a_step_stands_and_the_member_is_told_when_the_appeal_is_not(tea: cast.Tea, li: int) -> None:
    case, xu = muted(tea, li), colleague("xu")
    assert answer(case, xu, lifts=False, words="维持") == 0
    assert state(case) == "upheld"
    assert StepTaken.objects.get().lifted_at is None
    assert whispers()[-1] == "维持"


def test_a_second_appeal_against_an_answered_step_gets_words_and_no_new_case(tea: cast.Tea, li: int) -> None:
    case, xu = muted(tea, li), colleague("xu")
    answer(case, xu, lifts=False, words="维持")
    with cast.later(timedelta(days=1)) as now:
        cast.arrive([cast.whisper("appeal2", "an", "我再申诉一次，你们误会了")])
        cast.told(now)
    assert Case.objects.filter(kind="appeal").count() == 1
    assert "已经有同事看过" in whispers()[-1]


def test_nobody_judges_their_own_decision_when_another_can(tea: cast.Tea, li: int) -> None:
    case = muted(tea, li)
    colleague("xu")
    assert is_own_matter(find_appealed(case), case.community_id, li)
    with pytest.raises(BadUse, match="当初是你点的头"):
        answer(case, li, lifts=True)
    assert state(case) == "open"
    assert StepTaken.objects.get().lifted_at is None


def test_it_is_written_down_when_somebody_judges_their_own_decision_because_nobody_else_is_there(
    tea: cast.Tea, li: int
) -> None:
    case = muted(tea, li)
    colleague("far", community_id=do_found_community(name="别家", at=clock.now()))  # decides elsewhere
    colleague("ana", role="analyst")  # decides nowhere
    answer(case, li, lifts=False)
    assert state(case) == "upheld"
    assert Fact.objects.get(name="case.closed", words__kind="appeal").words["alone"] is True


def test_anybody_answers_when_nobody_but_the_machine_had_sanctioned(tea: cast.Tea, li: int) -> None:
    do_set_settings("order", {"steps": list(MUTES)}, community_id=tea.community_id, at=clock.now(), actor="test")
    cast.arrive([cast.message("ad1", "an", AD)])
    cast.told()
    case = appealed(tea)
    assert answer(case, li, lifts=True) == 2


@pytest.mark.parametrize("words", ["", "  \n", "长" * 501])
def test_no_appeal_is_answered_without_a_word_to_the_member_or_with_an_essay(
    tea: cast.Tea, li: int, words: str
) -> None:
    case, xu = muted(tea, li), colleague("xu")
    with pytest.raises(BadUse):
        answer(case, xu, lifts=False, words=words)
    assert state(case) == "open"


def test_the_member_still_gets_an_answer_when_the_step_was_lifted_before(tea: cast.Tea, li: int) -> None:
    case, xu = muted(tea, li), colleague("xu")
    StepTaken.objects.update(lifted_at=clock.now())
    assert answer(case, xu, lifts=True) == 0
    assert state(case) == "lifted"
    assert whispers()[-1] == "看过了，撤销了"


def test_an_appeal_is_not_waved_away_and_no_answer_is_taken_back(tea: cast.Tea, li: int) -> None:
    case, xu = muted(tea, li), colleague("xu")
    with pytest.raises(BadUse, match="要给本人一个答复"):
        do_dismiss_case(case.pk, user_id=xu, at=clock.now())
    answer(case, xu, lifts=False)
    with pytest.raises(BadUse, match="收不回来"):
        do_take_back(case.pk, user_id=xu, at=clock.now())


def test_only_one_answer_goes_out_when_another_holds_the_appeal_or_has_answered(tea: cast.Tea, li: int) -> None:
    case, xu, wang = muted(tea, li), colleague("xu"), colleague("wang")
    do_claim_case(case.pk, user_id=wang, at=clock.now() + timedelta(hours=2))
    with pytest.raises(Taken):
        answer(case, xu, lifts=True)
    answer(case, wang, lifts=False)
    with pytest.raises(Taken):
        answer(case, xu, lifts=True)
    assert state(case) == "upheld"


def test_what_is_no_appeal_is_not_answered_as_one(tea: cast.Tea, li: int) -> None:
    asks_first(tea)
    with pytest.raises(BadUse, match="这不是申诉"):
        answer(advertised(tea), li, lifts=True)


@pytest.mark.parametrize(
    ("appeal", "begins"), [("我要申诉", "你的申诉我们"), ("I appeal, that was a mistake", "We looked at your appeal")]
)
def test_the_answer_begins_in_the_language_of_the_appeal(tea: cast.Tea, li: int, appeal: str, begins: str) -> None:
    case = muted(tea, li)
    for lifts in (True, False):
        words = propose_answer(case, appeal, lifts=lifts)
        assert words.startswith(begins)
        assert "茶友会1群" in words
    assert propose_answer(case, "", lifts=True).startswith("你的申诉")

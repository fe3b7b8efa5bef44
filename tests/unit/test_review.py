"""Deciding about a case: yes, less, no, and the way back from each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from qunying.capabilities.order.models import StepTaken
from qunying.communities.actions import do_set_mode
from qunying.desk.models import Case
from qunying.desk.reviewing import Taken, do_claim_case
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.readings import Verdict
from qunying.kernel.scene import Mode
from qunying.outbox.models import OutboxItem
from qunying.pipeline.review.deciding import do_approve_case, do_dismiss_case
from qunying.pipeline.review.softening import do_soften_case
from qunying.pipeline.review.taking_back import do_take_back
from qunying.talk import learning
from qunying.talk.corrections import corrections_of_message
from qunying.talk.models import Message
from qunying.talk.readings import readings_of
from tests import cast
from tests.reviewed import MUTES, REMOVES, WARNS, advertised, asks_first, colleague, state, states

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    learning._known.clear()
    yield
    learning._known.clear()


@pytest.fixture
def tea() -> Iterator[cast.Tea]:
    with cast.clock_stands(cast.TUESDAY):
        yield cast.build_tea()


@pytest.fixture
def li() -> int:
    return colleague("li")


def proposed(tea: cast.Tea, steps: tuple[str, ...] = WARNS) -> Case:
    asks_first(tea, steps)
    return advertised(tea)


def approve(case: Case, user: int) -> bool:
    return do_approve_case(case.pk, user_id=user, at=clock.now())


def dismiss(case: Case, user: int) -> tuple[Verdict, ...]:
    return do_dismiss_case(case.pk, user_id=user, at=clock.now())


def soften(case: Case, user: int) -> None:
    do_soften_case(case.pk, user_id=user, at=clock.now())


def take_back(case: Case, user: int) -> None:
    do_take_back(case.pk, user_id=user, at=clock.now())


def said() -> list[str]:
    """What was said to anybody, or is on its way."""
    items = OutboxItem.objects.filter(kind__in=("Say", "Whisper"), state__in=("waiting", "sent"))
    return [item.payload["text"] for item in items.order_by("id")]


def test_a_case_says_whose_idea_it_is_and_how_sure_when_it_is_against_somebody(tea: cast.Tea) -> None:
    case = proposed(tea)
    assert (case.capability, case.reason) == ("order", "order.draws")
    assert case.score is not None
    assert 0.5 < case.score <= 1


def test_a_greeting_has_no_suspicion_when_it_waits(tea: cast.Tea) -> None:
    do_set_mode("onboarding", Mode.SUGGEST, community_id=tea.community_id, at=clock.now(), actor="test")
    cast.arrive([cast.join("j1", "chen")])
    cast.passed(clock.now(), clock.now() + timedelta(minutes=20))
    case = Case.objects.get()
    assert (case.capability, case.score) == ("onboarding", None)


def test_everything_goes_when_approved(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, MUTES)
    assert approve(case, li)
    assert states(case) == {"DeleteMessage": "waiting", "Mute": "waiting", "Say": "waiting"}
    cast.told()
    assert set(states(case).values()) == {"sent"}
    assert state(case) == "approved"
    assert Fact.objects.get(name="case.closed").words == {"kind": "approval", "state": "approved"}


def test_the_words_of_a_removal_go_with_it_when_approved(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, REMOVES)
    approve(case, li)
    cast.told()
    assert states(case) == {"DeleteMessage": "sent", "RemoveMember": "sent", "Whisper": "sent"}


def test_nothing_happens_when_another_holds_it_or_has_decided(tea: cast.Tea, li: int) -> None:
    case, xu = proposed(tea), colleague("xu")
    do_claim_case(case.pk, user_id=xu, at=clock.now())
    for act in (approve, dismiss, soften):
        with pytest.raises(Taken, match="「xu同学」正在看"):
            act(case, li)
    assert set(states(case).values()) == {"needs_approval"}
    dismiss(case, xu)
    for act in (approve, dismiss, soften):
        with pytest.raises(Taken, match="「xu同学」已经处理过"):
            act(case, li)
    assert set(states(case).values()) == {"cancelled"}


def test_dismissing_teaches_what_the_judge_had_wrong_but_never_that_a_handle_is_none(tea: cast.Tea, li: int) -> None:
    case = proposed(tea)
    message = Message.objects.get(source_key="ad1")
    before = readings_of([message.pk])[message.pk]
    assert before.is_so(Verdict.AD)
    assert before.is_so(Verdict.CONTACT)
    assert dismiss(case, li) == (Verdict.AD,)
    taught = corrections_of_message(message.pk)
    assert [(one.verdict, one.is_so, one.reviewer_id) for one in taught] == [(Verdict.AD, False, li)]
    assert state(case) == "dismissed"


def test_dismissing_teaches_nothing_when_the_message_is_gone(tea: cast.Tea, li: int) -> None:
    case = proposed(tea)
    Message.objects.all().delete()
    assert dismiss(case, li) == ()
    assert state(case) == "dismissed"


def test_only_a_private_word_is_said_when_a_public_warning_is_softened(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, WARNS)
    soften(case, li)
    assert states(case) == {"DeleteMessage": "waiting", "Say": "cancelled"}
    cast.told()
    (whisper,) = OutboxItem.objects.filter(kind="Whisper")
    assert whisper.state == "sent"
    assert whisper.approved_by_id == li
    assert "群里不发广告" in whisper.payload["text"]
    assert state(case) == "softened"


def test_the_person_is_only_told_when_a_removal_is_softened(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, REMOVES)
    soften(case, li)
    cast.told()
    assert states(case) == {"DeleteMessage": "sent", "RemoveMember": "cancelled", "Whisper": "cancelled"}
    (words,) = said()
    assert "移出" not in words
    assert "没有别的处理" in words


def test_each_of_them_is_told_when_a_wave_is_softened(tea: cast.Tea, li: int) -> None:
    asks_first(tea)
    cast.arrive([cast.join(f"j{who}", who) for who in ("man", "zoe", "fang")])
    cast.told()
    lure = "加我微信 maimai_2024 领福利，名额有限"
    cast.arrive([cast.message(f"w{who}", who, lure) for who in ("man", "zoe", "fang")])
    cast.told()
    case = Case.objects.filter(reason="order.wave").earliest("pk")
    cause = case.key.removeprefix("approve:").rpartition("/")[0]
    going = set(OutboxItem.objects.filter(kind="RemoveMember", cause_key=cause).values_list("member_id", flat=True))
    assert len(going) > 1
    soften(case, li)
    cast.told()
    told = OutboxItem.objects.filter(kind="Whisper", state="sent").values_list("member_id", flat=True)
    assert sorted(told) == sorted(going)
    assert not any("清理" in words for words in said())


def test_the_warning_does_not_speak_of_a_mute_when_the_mute_is_softened_away(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, MUTES)
    soften(case, li)
    assert states(case) == {"DeleteMessage": "waiting", "Mute": "cancelled", "Say": "waiting"}
    (words,) = said()
    assert "禁言" not in words


def test_nothing_is_softened_when_there_is_nothing_lighter(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, ("whisper",))
    with pytest.raises(BadUse, match="没有更轻的办法"):
        soften(case, li)
    assert state(case) == "open"
    assert set(states(case).values()) == {"needs_approval"}


def test_what_was_approved_is_held_when_taken_back_before_it_went_out(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, REMOVES)
    approve(case, li)
    take_back(case, li)
    assert set(states(case).values()) == {"cancelled"}
    assert state(case) == "undone"
    cast.told()
    assert said() == []
    assert Fact.objects.filter(name="case.undone").count() == 1


def test_what_was_approved_is_undone_and_the_ladder_as_before_when_taken_back_after_it_went_out(
    tea: cast.Tea, li: int
) -> None:
    case = proposed(tea, MUTES)
    approve(case, li)
    cast.told()
    take_back(case, li)
    cast.told()
    assert states(case) == {"DeleteMessage": "sent", "Mute": "undone", "Say": "undone"}
    assert StepTaken.objects.get().lifted_at is not None
    assert OutboxItem.objects.filter(kind="Unmute", state="sent").exists()


def test_a_case_waits_again_and_the_judge_unlearns_when_a_dismissal_is_taken_back(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, MUTES)
    dismiss(case, li)
    take_back(case, li)
    assert state(case) == "open"
    assert set(states(case).values()) == {"needs_approval"}
    message = Message.objects.get(source_key="ad1")
    assert corrections_of_message(message.pk) == []
    assert readings_of([message.pk])[message.pk].is_so(Verdict.AD)
    assert approve(case, li)
    cast.told()
    assert set(states(case).values()) == {"sent"}


def test_everything_waits_again_with_its_own_words_when_a_softening_is_taken_back(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, MUTES)
    before = OutboxItem.objects.get(kind="Say").payload["text"]
    soften(case, li)
    take_back(case, li)
    assert state(case) == "open"
    assert set(states(case).values()) == {"needs_approval"}
    assert OutboxItem.objects.get(kind="Say").payload["text"] == before


def test_the_private_word_is_held_when_a_softening_is_taken_back_in_time(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, WARNS)
    soften(case, li)
    take_back(case, li)
    cast.told()
    assert said() == []
    assert set(states(case).values()) == {"needs_approval"}


def test_nobody_is_told_that_something_was_taken_back_when_nothing_can_be(tea: cast.Tea, li: int) -> None:
    case = proposed(tea, ("whisper",))
    approve(case, li)
    cast.told()
    with pytest.raises(BadUse, match="没有能收回来的"):
        take_back(case, li)
    assert state(case) == "approved"
    assert StepTaken.objects.get().lifted_at is None


def test_only_ones_own_decision_is_taken_back(tea: cast.Tea, li: int) -> None:
    case, xu = proposed(tea), colleague("xu")
    with pytest.raises(BadUse, match="还没有处理"):
        take_back(case, li)
    dismiss(case, li)
    with pytest.raises(BadUse, match="只能由本人撤销"):
        take_back(case, xu)
    assert state(case) == "dismissed"

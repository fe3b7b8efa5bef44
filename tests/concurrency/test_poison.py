"""What cannot be told is set aside, shown, and told again when a person asks; nothing else suffers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from qunying.capabilities.onboarding.capability import ONBOARDING
from qunying.intake.actions import do_retry
from qunying.intake.models import Envelope, Timer
from qunying.intake.queries import list_failed
from qunying.journal.models import Fact
from qunying.kernel.capability import Capability
from qunying.kernel.effects import WakeAt
from qunying.kernel.events import Event, MessageReceived, TimerDue
from qunying.kernel.opinions import Decision, Opinion, Reason
from qunying.kernel.scene import Scene
from qunying.outbox.models import OutboxItem
from qunying.talk.models import Message
from tests import cast

NOW = cast.TUESDAY
POISON = {"type": "message", "ref": "poison", "text": "没有发送者"}


@pytest.mark.parametrize("place", [0, 1, 73, 199])
def test_199_are_told_in_order_and_one_is_shown_when_one_of_200_is_poison(tea: cast.Tea, place: int) -> None:
    payloads: list[Mapping[str, Any]] = [cast.message(f"m{number}", "an", f"{number}") for number in range(200)]
    payloads[place] = POISON
    cast.arrive(payloads)
    cast.worked()
    told = list(Message.objects.order_by("id").values_list("text", flat=True))
    assert told == [str(number) for number in range(200) if number != place]
    [failed] = list_failed()
    assert failed.payload["ref"] == "poison"
    assert "KeyError: 'from'" in failed.error
    cast.arrive([cast.message("after", "bo", "后来的")])
    cast.worked()
    assert Message.objects.filter(source_key="after").exists()


def test_other_groups_are_told_when_one_group_is_all_poison(tea: cast.Tea) -> None:
    cast.arrive([{**POISON, "ref": f"p{number}"} for number in range(7)], "g1")
    cast.arrive([cast.message(f"m{number}", "an", "在") for number in range(7)], "g2")
    cast.worked()
    assert Message.objects.filter(group=tea.groups["g2"]).count() == 7
    assert len(list_failed()) == 7


def _asks_for_a_minute(event: Event, reading: Mapping[str, Any], scene: Scene, memory: Any) -> Opinion | None:
    if isinstance(event, MessageReceived):
        wake = WakeAt(key="later", at=event.at + timedelta(minutes=1))
        return Opinion("clock", Reason("clock.asks"), (wake,))
    return Opinion("clock", Reason("clock.rang")) if isinstance(event, TimerDue) else None


def _breaks_on_timers(memory: Any, event: Event, decision: Decision, scene: Scene) -> Any:
    if isinstance(event, TimerDue):
        raise ZeroDivisionError("the bug")
    return memory


SOUND = Capability(name="clock", title="钟", consider=_asks_for_a_minute)
BROKEN = replace(SOUND, remember=_breaks_on_timers)


def test_a_timer_is_set_aside_and_told_later_when_its_capability_was_broken(tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "an", "早")])
    cast.worked(roster=(BROKEN,))
    minute = NOW + timedelta(minutes=1)
    cast.worked(minute, roster=(BROKEN,))
    [failed] = list_failed()
    assert failed.carrier == "timer"
    assert "the bug" in failed.error
    assert not Timer.objects.exists()
    assert do_retry(failed.pk, minute, user_id=7)
    cast.worked(minute, roster=(SOUND,))
    assert list_failed() == []
    [rang] = [fact for fact in Fact.objects.filter(name="decision.made") if "TimerDue" in str(fact.words)]
    assert rang.at == cast.utc(minute)


def test_a_timer_is_shown_again_when_it_fails_again(tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "an", "早")])
    cast.worked(roster=(BROKEN,))
    minute = NOW + timedelta(minutes=1)
    cast.worked(minute, roster=(BROKEN,))
    do_retry(list_failed()[0].pk, minute, user_id=7)
    cast.worked(minute, roster=(BROKEN,))
    assert [failed.carrier for failed in list_failed()] == ["timer"]


def test_messages_around_a_poisonous_timer_are_told_when_they_share_its_batch(tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "an", "早")])
    cast.worked(roster=(BROKEN,))
    with cast.later(timedelta(minutes=2)):
        cast.arrive([cast.message("m2", "bo", "早"), cast.message("m3", "an", "吃了吗")])
    cast.worked(NOW + timedelta(minutes=2), roster=(BROKEN,))
    assert set(Message.objects.values_list("source_key", flat=True)) == {"m1", "m2", "m3"}
    assert [failed.carrier for failed in list_failed()] == ["timer"]


def test_an_envelope_is_told_when_it_is_retried_after_the_bug_is_gone(tea: cast.Tea) -> None:
    def breaks_for_chen(event: Event, reading: Mapping[str, Any], scene: Scene, memory: Any) -> Opinion | None:
        return ONBOARDING.consider(event, reading, scene, memory)

    def save_breaks(memory: Any) -> None:
        if memory.changes:
            raise OSError("the disk is full")

    broken = replace(ONBOARDING, consider=breaks_for_chen, save=save_breaks)
    cast.arrive([cast.join("j1", "chen"), cast.message("m1", "an", "欢迎欢迎")])
    cast.worked(roster=(broken,))
    [failed] = list_failed()
    assert "the disk is full" in failed.error
    assert Message.objects.count() == 1
    assert do_retry(failed.pk, NOW, user_id=7)
    assert not do_retry(failed.pk, NOW, user_id=7), "it waits already"
    cast.passed(NOW, NOW + timedelta(minutes=4))
    assert "陈晨" in OutboxItem.objects.get().payload["text"]
    assert Envelope.objects.exclude(state="done").count() == 0


def test_the_others_still_speak_when_one_capability_raises(tea: cast.Tea) -> None:
    def raises(event: Event, reading: Mapping[str, Any], scene: Scene, memory: Any) -> Opinion | None:
        raise ValueError("cannot think")

    cast.arrive([cast.join("j1", "chen")])
    cast.worked(roster=(Capability(name="mad", title="疯", consider=raises), ONBOARDING))
    fact = Fact.objects.get(name="decision.made")
    assert {opinion["reason"] for opinion in fact.words["opinions"]} == {
        "onboarding.waits_for_others",
        "pipeline.failed",
    }
    assert list_failed() == []


@pytest.mark.parametrize("text", ["a\x00b", "半个\ud83d表情", "\\u0000 打出来的", "正常"])
def test_words_are_kept_when_a_database_could_not_hold_them(tea: cast.Tea, text: str) -> None:
    cast.arrive([cast.message("m1", "an", text)])
    cast.worked()
    expected = text.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")
    assert Message.objects.get().text == expected
    assert list_failed() == []

"""The outbox at its edges: stale by the hundred, long outages, removals, second thoughts, nights."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from qunying.carriers.base import Answer, Delivery, Outcome, Tempo
from qunying.carriers.sandbox import room
from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.carriers.sandbox.models import FeedItem
from qunying.communities.actions import do_know_account, do_set_mode
from qunying.communities.models import Group
from qunying.desk.models import Case, Task
from qunying.journal.models import Fact
from qunying.kernel.effects import (
    Announce,
    DeleteMessage,
    EffectState,
    Forfeit,
    Mute,
    Outside,
    RemoveMember,
    Say,
    Whisper,
)
from qunying.kernel.events import Event
from qunying.kernel.opinions import Act, Reason
from qunying.kernel.scene import Mode
from qunying.outbox import brake, delivery, pace
from qunying.outbox.actions import do_approve, do_enqueue, do_hold, do_order, do_reject, do_unhold
from qunying.outbox.models import OutboxItem
from qunying.outbox.queries import list_by_id
from qunying.people.models import Identity
from tests import cast

NOW = cast.TUESDAY
MINUTE = timedelta(minutes=1)


@pytest.fixture
def li(db: None) -> int:
    return User.objects.create_user("li").pk


def order(tea: cast.Tea, li: int, effect: Outside, key: str, at: datetime = NOW) -> OutboxItem:
    do_order(effect, community_id=tea.community_id, user_id=li, key=key, at=at, carrier="sandbox")
    return OutboxItem.objects.get(key=key)


def decide(tea: cast.Tea, effects: list[Outside], state: EffectState = EffectState.WAITING, key: str = "e") -> None:
    event = Event(key=key, at=NOW, lane_id=1, community_id=tea.community_id, group_id=tea.first)
    acts = [Act(one, "order", Reason("order.test"), f"{key}/{n}", state) for n, one in enumerate(effects)]
    do_enqueue([(event, acts)])


def delivered(now: datetime) -> None:
    with cast.clock_stands(now):
        while delivery.step(now):
            pass


def state(key: str) -> str:
    return OutboxItem.objects.get(key=key).state


def test_nothing_stale_is_said_when_hundreds_have_become_so(tea: cast.Tea, li: int) -> None:
    for number in range(250):
        order(tea, li, Say(group_id=tea.first, text="早"), f"s{number}")
    delivered(NOW + timedelta(hours=1))
    assert set(OutboxItem.objects.values_list("state", flat=True)) == {"expired"}


class Away:
    """A platform that cannot be reached until then, and does not say until when."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, until: datetime) -> None:
        self.until = until
        self.tried: list[datetime] = []
        monkeypatch.setattr(delivery, "find_carrier", lambda name: replace(SANDBOX, send=self.send))

    def send(self, parcel: Delivery, now: datetime) -> Answer:
        self.tried.append(now)
        return Answer(Outcome.LATER) if now < self.until else Answer(Outcome.DONE, ref=parcel.key)


def test_words_that_stay_good_for_hours_are_said_when_the_platform_was_away_for_one(
    tea: cast.Tea, li: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Away(monkeypatch, NOW + timedelta(hours=1))
    order(tea, li, Announce(group_id=tea.first, text="周会", expires_after=timedelta(hours=6)), "a")
    cast.passed(NOW, NOW + timedelta(hours=3))
    assert state("a") == "sent"


def test_words_have_a_last_chance_just_before_they_are_stale(
    tea: cast.Tea, li: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Away(monkeypatch, NOW + timedelta(days=1))
    order(tea, li, Say(group_id=tea.first, text="早"), "s")
    cast.passed(NOW, NOW + timedelta(hours=3))
    assert state("s") == "expired"
    assert away.tried[-1] == NOW + 30 * MINUTE - delivery.FIRST_RETRY
    assert OutboxItem.objects.get().finished_at == NOW + 30 * MINUTE


def test_pace_counts_the_last_minute_only_when_the_clock_was_set_back(tea: cast.Tea, li: int) -> None:
    for number in range(6):
        order(tea, li, Say(group_id=tea.first, text="早"), f"s{number}", NOW)
        delivered(NOW + number * 10 * timedelta(seconds=1))
    an_hour_ago = NOW - timedelta(hours=1)
    order(tea, li, Say(group_id=tea.first, text="晚"), "late", an_hour_ago)
    delivered(an_hour_ago)
    assert state("late") == "sent"


def test_one_account_rests_between_two_words_of_its_own_and_acts_do_not_wait(
    tea: cast.Tea, li: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = replace(SANDBOX, tempo=Tempo(rest=timedelta(seconds=2)))
    monkeypatch.setattr(pace, "find_carrier", lambda name: slow)
    an = Identity.objects.get(ref="an").pk
    for number, group in enumerate(tea.groups.values()):
        order(tea, li, Say(group_id=group, text="早"), f"s{number}")
    order(tea, li, Mute(group_id=tea.first, member=an, duration=MINUTE), "m")
    delivered(NOW)
    assert [state(key) for key in ("s0", "s1", "m")] == ["sent", "waiting", "sent"]
    delivered(NOW + timedelta(seconds=1.9))
    assert state("s1") == "waiting"
    again = OutboxItem.objects.get(key="s1").next_attempt_at
    assert again is not None
    assert timedelta(seconds=2) <= again - NOW < timedelta(seconds=4)
    delivered(again)
    assert state("s1") == "sent"


def test_every_account_has_a_budget_of_its_own(tea: cast.Tea, li: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "find_carrier", lambda name: replace(SANDBOX, tempo=Tempo(acts_a_minute=1)))
    second = do_know_account("sandbox", "10002", "二号", at=NOW)
    for number, group in enumerate([*tea.groups.values()][:2]):
        Group.objects.filter(pk=group).update(account_id=second if number else F("account_id"))
        for word in "ab":
            order(tea, li, Say(group_id=group, text=word), f"{number}{word}")
    delivered(NOW)
    assert [state(key) for key in ("0a", "0b", "1a", "1b")] == ["sent", "waiting", "sent", "waiting"]


def test_a_person_is_asked_where_no_account_of_ours_is_in_a_group_that_wants_one(
    tea: cast.Tea, li: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "find_carrier", lambda name: replace(SANDBOX, has_lines=True))
    first, second = list(tea.groups.values())[:2]
    Group.objects.filter(pk=first).update(account=None)
    for key, group in (("a", first), ("b", second)):
        order(tea, li, Say(group_id=group, text="早"), key)
    delivered(NOW)
    assert (state("a"), state("b")) == ("failed", "sent")
    assert Task.objects.get(kind="by_hand").group_id == first


def test_order_holds_when_an_older_word_is_being_paced(tea: cast.Tea, li: int) -> None:
    for number in range(6):
        order(tea, li, Say(group_id=tea.first, text="早"), f"s{number}", NOW)
        delivered(NOW)
    order(tea, li, Say(group_id=tea.first, text="七"), "seventh", NOW)
    soon = NOW + timedelta(seconds=55)
    delivered(soon)
    later = NOW + timedelta(seconds=61)
    order(tea, li, Say(group_id=tea.first, text="八"), "eighth", later)
    delivered(later)
    delivered(NOW + timedelta(seconds=70))
    delivered(NOW + timedelta(seconds=80))
    said = [item.payload["text"] for item in FeedItem.objects.order_by("id")]
    assert said[-2:] == ["七", "八"]


def test_what_names_a_member_is_cancelled_when_a_person_lets_their_removal_go(tea: cast.Tea, li: int) -> None:
    an = Identity.objects.get(ref="an").pk
    decide(tea, [Whisper(group_id=tea.first, member=an, text="你好")], key="w")
    decide(tea, [RemoveMember(group_id=tea.first, member=an)], EffectState.NEEDS_APPROVAL, key="r")
    do_approve(OutboxItem.objects.get(key="r/0").pk, user_id=li, at=NOW + MINUTE)
    assert (state("w/0"), state("r/0")) == ("cancelled", "waiting")


def test_what_was_proposed_together_is_decided_together_unless_somebody_softens_it(tea: cast.Tea, li: int) -> None:
    an = Identity.objects.get(ref="an").pk
    proposed: list[Outside] = [
        DeleteMessage(group_id=tea.first, member=an, message_key="m1"),
        Say(group_id=tea.first, member=an, text="请不要发广告", is_warning=True),
        Forfeit(group_id=tea.first, member=an),
    ]
    for key in ("a", "b", "c"):
        decide(tea, proposed, EffectState.NEEDS_APPROVAL, key=key)
    assert Case.objects.filter(state="open").count() == 3
    do_approve(OutboxItem.objects.get(key="a/1").pk, user_id=li, at=NOW + MINUTE)
    do_reject(OutboxItem.objects.get(key="b/0").pk, user_id=li, at=NOW + MINUTE)
    assert [state(f"a/{n}") for n in range(3)] == ["waiting"] * 3
    assert [state(f"b/{n}") for n in range(3)] == ["cancelled"] * 3
    do_approve(OutboxItem.objects.get(key="c/0").pk, user_id=li, at=NOW + MINUTE, alone=True)
    do_reject(OutboxItem.objects.get(key="c/2").pk, user_id=li, at=NOW + MINUTE, alone=True)
    assert [state(f"c/{n}") for n in range(3)] == ["waiting", "needs_approval", "cancelled"]
    assert list(Case.objects.order_by("id").values_list("state", flat=True)) == ["approved", "dismissed", "open"]


def test_a_case_stays_open_when_a_removal_cancels_only_a_part_of_what_was_proposed(tea: cast.Tea, li: int) -> None:
    an = Identity.objects.get(ref="an").pk
    warning = Say(group_id=tea.first, member=an, text="请不要发广告", is_warning=True)
    money, words = Forfeit(group_id=tea.first, member=an), DeleteMessage(group_id=tea.first, member=an, message_key="m")
    decide(tea, [warning, money, words], EffectState.NEEDS_APPROVAL, key="both")
    decide(tea, [warning], EffectState.NEEDS_APPROVAL, key="one")
    order(tea, li, RemoveMember(group_id=tea.first, member=an), "r")
    assert [state(f"both/{n}") for n in range(3)] == ["cancelled", "needs_approval", "needs_approval"]
    assert list(Case.objects.order_by("id").values_list("state", flat=True)) == ["open", "dismissed"]


def test_what_names_a_member_is_cancelled_when_a_person_orders_their_removal(tea: cast.Tea, li: int) -> None:
    an = Identity.objects.get(ref="an").pk
    decide(tea, [Whisper(group_id=tea.first, member=an, text="你好")], key="w")
    order(tea, li, RemoveMember(group_id=tea.first, member=an), "r")
    assert (state("w/0"), state("r")) == ("cancelled", "waiting")


def test_a_message_is_still_deleted_when_its_sender_is_removed_for_it(tea: cast.Tea) -> None:
    an = Identity.objects.get(ref="an").pk
    decide(
        tea,
        [
            DeleteMessage(group_id=tea.first, member=an, message_key="m1"),
            RemoveMember(group_id=tea.first, member=an),
        ],
    )
    assert (state("e/0"), state("e/1")) == ("waiting", "waiting")


def test_every_second_thought_is_in_the_journal_when_somebody_has_several(tea: cast.Tea, li: int) -> None:
    item = order(tea, li, Say(group_id=tea.first, text="早"), "s")
    for second in range(2):
        do_hold(item.pk, user_id=li, at=NOW + timedelta(seconds=2 * second))
        do_unhold(item.pk, user_id=li, at=NOW + timedelta(seconds=2 * second + 1))
    facts = Fact.objects.filter(name__in=["effect.held", "effect.approved"]).order_by("id")
    assert [fact.name for fact in facts] == ["effect.held", "effect.approved"] * 2


def welcome_texts() -> list[tuple[str, datetime | None]]:
    return [(item.state, item.finished_at) for item in OutboxItem.objects.order_by("id")]


MORNING = datetime(2024, 3, 6, 8, 0, tzinfo=cast.SHANGHAI)


def test_a_welcome_waits_for_morning_when_the_platform_comes_back_in_the_night(tea: cast.Tea) -> None:
    evening = NOW.replace(hour=22, minute=15)
    with cast.clock_stands(evening):
        cast.arrive([cast.join("j1", "chen")])
        room.do_go_down(evening + 20 * MINUTE)
    cast.passed(evening, MORNING - MINUTE)
    assert welcome_texts() == [("waiting", None)]
    cast.passed(MORNING - MINUTE, MORNING + MINUTE)
    assert welcome_texts() == [("sent", MORNING)]


def test_a_welcome_waits_for_morning_when_it_is_let_go_in_the_night(tea: cast.Tea, li: int) -> None:
    do_set_mode("onboarding", Mode.SUGGEST, community_id=tea.community_id, at=NOW, actor="system")
    cast.arrive([cast.join("j1", "chen")])
    night = NOW.replace(hour=23)
    cast.passed(NOW, night)
    with cast.clock_stands(night):
        do_approve(OutboxItem.objects.get().pk, user_id=li, at=night)
    cast.passed(night, MORNING - MINUTE)
    assert welcome_texts() == [("waiting", None)]
    cast.passed(MORNING - MINUTE, MORNING + MINUTE)
    assert welcome_texts() == [("sent", MORNING)]


def test_nothing_is_found_when_an_id_is_larger_than_any(db: None) -> None:
    assert list_by_id([10**30, -1]) == []


def test_nobody_is_woken_when_hundreds_are_greeted_where_it_is_day(tea: cast.Tea, li: int) -> None:
    night = cast.build_tea(name="夜班", groups=("n1",), timezone="America/New_York")
    for number in range(230):
        order(tea, li, Say(group_id=tea.first, text="早", by_day=True), f"d{number}")
    order(night, li, Say(group_id=night.first, text="早", by_day=True), "n")
    delivered(NOW)
    assert (state("d0"), state("n")) == ("sent", "waiting")


def farewell(tea: cast.Tea) -> list[Outside]:
    """What is said to 阿博 before he is removed, and the removal."""
    bo = Identity.objects.get(ref="bo").pk
    said = Whisper(group_id=tea.first, member=bo, text="你已被移出", is_farewell=True)
    return [said, RemoveMember(group_id=tea.first, member=bo)]


def test_who_is_removed_is_told_before_it_happens(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def send(told: Delivery, now: datetime) -> Answer:
        done.append(type(told.effect).__name__)
        return Answer(Outcome.DONE, ref=told.key)

    monkeypatch.setattr(delivery, "find_carrier", lambda name: replace(SANDBOX, send=send))
    decide(tea, farewell(tea))
    delivered(NOW)
    assert done == ["Whisper", "RemoveMember"]


def test_nobody_is_told_of_a_removal_that_waits_for_a_person(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brake, "LEAST", 0)
    monkeypatch.setattr(brake, "SHARE", 0)
    decide(tea, farewell(tea))
    delivered(NOW)
    assert set(OutboxItem.objects.values_list("state", flat=True)) == {"needs_approval"}

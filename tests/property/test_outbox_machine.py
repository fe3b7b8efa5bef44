"""The outbox under random crashes, outages and people: nothing is ever said twice, nothing final ever changes."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from qunying.carriers.base import Answer, Outcome
from qunying.carriers.sandbox import room
from qunying.carriers.sandbox.models import FeedItem
from qunying.kernel.effects import Announce, EffectState, Mute, Outside, RemoveMember, Say
from qunying.kernel.errors import BadUse
from qunying.outbox import delivery
from qunying.outbox.actions import do_hold, do_order, do_undo
from qunying.outbox.models import OutboxItem
from qunying.people.models import Identity
from tests import cast

FINAL = {EffectState.FAILED, EffectState.EXPIRED, EffectState.CANCELLED, EffectState.UNDONE, EffectState.SIMULATED}
ONCE = {"Say", "Announce"}


class DiedError(BaseException):
    """The sender was killed."""


class Outbox(RuleBasedStateMachine):
    """Orders, deliveries, deaths and second thoughts in any order."""

    patch: pytest.MonkeyPatch
    tea: cast.Tea
    user_id: int

    def __init__(self) -> None:
        super().__init__()
        OutboxItem.objects.all().delete()
        FeedItem.objects.all().delete()
        room.do_come_back()
        self.now = cast.TUESDAY
        self.number = 0
        self.final: dict[int, str] = {}

    def _order(self, effect: Outside) -> None:
        with cast.clock_stands(self.now):
            do_order(
                effect,
                community_id=self.tea.community_id,
                user_id=self.user_id,
                key=f"k{self.number}",
                at=self.now,
                carrier="sandbox",
            )

    @rule(group=st.sampled_from(["g1", "g2"]), kind=st.sampled_from([Say, Announce]))
    def say(self, group: str, kind: type[Say] | type[Announce]) -> None:
        self.number += 1
        self._order(kind(group_id=self.tea.groups[group], text=f"第{self.number}句"))

    @rule(kind=st.sampled_from(["mute", "remove"]), ref=st.sampled_from(["an", "bo"]))
    def act(self, kind: str, ref: str) -> None:
        self.number += 1
        member = Identity.objects.get(ref=ref).pk
        group_id = self.tea.first
        mute = Mute(group_id=group_id, member=member, duration=timedelta(minutes=1))
        self._order(mute if kind == "mute" else RemoveMember(group_id=group_id, member=member))

    @precondition(lambda self: self.number)
    @rule()
    def order_the_same_again(self) -> None:
        self._order(Say(group_id=self.tea.first, text=f"第{self.number}句"))

    @rule(seconds=st.sampled_from([0, 1, 5, 30, 121, 700, 4000]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def deliver(self) -> None:
        with cast.clock_stands(self.now):
            delivery.step(self.now)

    @rule(place=st.sampled_from(["_do_try", "_ask", "_do_note_answer"]), deliveries=st.integers(0, 2))
    def deliver_and_die(self, place: str, deliveries: int) -> None:
        """Dies at that place, after so many deliveries went well."""
        alive, left = getattr(delivery, place), [deliveries]

        def die(*given: object) -> object:
            if left[0]:
                left[0] -= 1
                return alive(*given)
            raise DiedError

        with self.patch.context() as dead, cast.clock_stands(self.now):
            dead.setattr(delivery, place, die)
            with contextlib.suppress(DiedError):
                delivery.step(self.now)

    @rule(outcome=st.sampled_from([Outcome.LATER, Outcome.UNKNOWN, Outcome.REFUSED]))
    def deliver_to_a_moody_platform(self, outcome: Outcome) -> None:
        def answer(*_: object) -> Answer:
            return Answer(outcome, words="…")

        with self.patch.context() as moody, cast.clock_stands(self.now):
            moody.setattr(delivery, "_ask", answer)
            delivery.step(self.now)

    @rule(minutes=st.integers(1, 90))
    def outage(self, minutes: int) -> None:
        room.do_go_down(self.now + timedelta(minutes=minutes))

    @rule(nth=st.integers(0, 5), second_thought=st.sampled_from([do_hold, do_undo]))
    def think_again(self, nth: int, second_thought: object) -> None:
        items = list(OutboxItem.objects.order_by("-id").values_list("pk", flat=True))
        if nth < len(items):
            with contextlib.suppress(BadUse):
                second_thought(items[nth], user_id=self.user_id, at=self.now)  # type: ignore[operator]

    @invariant()
    def nothing_is_said_twice(self) -> None:
        said = Counter(feed.payload["text"] for feed in FeedItem.objects.all() if feed.payload["type"] == "message")
        assert all(count == 1 for count in said.values()), said

    @invariant()
    def what_was_said_is_never_called_waiting(self) -> None:
        said = {feed.payload["text"] for feed in FeedItem.objects.all() if feed.payload["type"] == "message"}
        for item in OutboxItem.objects.filter(kind__in=ONCE, payload__text__in=said):
            assert item.state in {"sending", "sent", "unknown", "undone"}, item.state

    @invariant()
    def what_is_final_stays_so(self) -> None:
        states = dict(OutboxItem.objects.values_list("pk", "state"))
        assert {pk: states[pk] for pk in self.final} == self.final
        self.final |= {pk: state for pk, state in states.items() if state in FINAL}
        assert not OutboxItem.objects.filter(state__in=FINAL, next_attempt_at__isnull=False).exists()

    @invariant()
    def whatever_goes_on_has_a_next_moment(self) -> None:
        assert not OutboxItem.objects.filter(state__in=["waiting", "sending"], next_attempt_at=None).exists()

    def teardown(self) -> None:
        """Left alone for a day, everything comes to an end."""
        for _ in range(200):
            with cast.clock_stands(self.now):
                delivery.step(self.now)
            self.now += timedelta(minutes=11)
            if not OutboxItem.objects.filter(state__in=["waiting", "sending"]).exists():
                break
        assert not OutboxItem.objects.filter(state__in=["waiting", "sending"]).exists()
        self.nothing_is_said_twice()


def test_nothing_is_said_twice_whatever_happens(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    Outbox.patch, Outbox.tea = monkeypatch, tea
    Outbox.user_id = User.objects.create_user("drill").pk
    run_state_machine_as_test(
        Outbox,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

"""Deliveries whose workers die or meet: said at most once, harmless acts until they are done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from qunying.carriers.base import Answer, Outcome
from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.carriers.sandbox.models import FeedItem, Seat
from qunying.journal.models import Fact
from qunying.kernel.effects import Outside, RemoveMember, Say, undoing
from qunying.outbox import delivery
from qunying.outbox.actions import do_order
from qunying.outbox.models import OutboxItem
from qunying.outbox.queries import get_effect
from qunying.people.models import Identity
from qunying.talk.models import Message
from tests import cast
from tests.concurrency.threads import PATIENCE, together

NOW = cast.TUESDAY
MINUTE = timedelta(minutes=1)


class DiedError(BaseException):
    """The sender was killed."""


@pytest.fixture
def dies_before_noting(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The next delivery dies after the platform was asked and before the answer is written; call to bring it back to life."""

    def die(*_: object) -> None:
        raise DiedError

    alive = delivery._do_note_answer
    monkeypatch.setattr(delivery, "_do_note_answer", die)
    return lambda: monkeypatch.setattr(delivery, "_do_note_answer", alive)


def order(tea: cast.Tea, effect: Outside, key: str, at: datetime = NOW) -> None:
    do_order(effect, community_id=tea.community_id, user_id=None, key=key, at=at, carrier="sandbox")  # type: ignore[arg-type]


def say(tea: cast.Tea, text: str = "大家好", key: str = "say", at: datetime = NOW) -> None:
    order(tea, Say(group_id=tea.first, text=text), key, at)


def delivered(now: datetime) -> None:
    with cast.clock_stands(now):
        while delivery.step(now):
            pass


def test_words_are_unknown_and_not_said_again_when_the_sender_died_after_saying_them(
    tea: cast.Tea, dies_before_noting: Callable[[], None]
) -> None:
    say(tea)
    with pytest.raises(DiedError):
        delivery.step(NOW)
    dies_before_noting()
    for minutes in (1, 2, 5, 60):
        delivered(NOW + minutes * MINUTE)
    assert FeedItem.objects.count() == 1
    assert OutboxItem.objects.get().state == "unknown"
    assert Fact.objects.filter(name="effect.unknown").count() == 1


def test_a_removal_is_tried_again_and_done_when_the_sender_died_after_it(
    tea: cast.Tea, dies_before_noting: Callable[[], None]
) -> None:
    member = Identity.objects.get(ref="an").pk
    order(tea, RemoveMember(group_id=tea.first, member=member), "out")
    with pytest.raises(DiedError):
        delivery.step(NOW)
    dies_before_noting()
    delivered(NOW + 3 * MINUTE)
    assert not Seat.objects.get(group_ref="g1", user_ref="an").is_present
    assert [item.payload["type"] for item in FeedItem.objects.all()] == ["leave"]
    assert OutboxItem.objects.get().state == "sent"


def test_words_are_unknown_when_the_sender_died_before_asking(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise DiedError

    say(tea)
    with monkeypatch.context() as dead:
        dead.setattr(delivery, "_do_try", die)
        with pytest.raises(DiedError):
            delivery.step(NOW)
    delivered(NOW + 3 * MINUTE)
    assert FeedItem.objects.count() == 0
    assert OutboxItem.objects.get().state == "unknown", "nobody can know, so nobody says it twice"


def test_one_item_is_delivered_once_when_two_senders_try_at_once(shared_tea: cast.Tea) -> None:
    for minute in range(12):
        now = NOW + minute * MINUTE
        say(shared_tea, f"第{minute}次", f"say-{minute}", now)
        together(now, lambda: delivery.step(now), lambda: delivery.step(now))  # noqa: B023
    assert FeedItem.objects.count() == 12
    assert set(OutboxItem.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_words_to_one_group_keep_their_order_when_two_senders_share_them(shared_tea: cast.Tea) -> None:
    for minute in range(4):
        now = NOW + minute * MINUTE
        for number in range(4):
            say(shared_tea, f"{minute}{number}", f"say-{minute}-{number}", now)
        together(now, lambda: delivered(now), lambda: delivered(now))  # noqa: B023
        delivered(now)
    said = [item.payload["text"] for item in FeedItem.objects.order_by("id")]
    assert said == sorted(said)
    assert len(said) == 16


def test_later_words_wait_when_another_sender_claims_between_the_reads_of_a_claim(shared_tea: cast.Tea) -> None:
    """Whatever a claim asks first, a rival that starts right after it must not leave two words to one group going out."""
    say(shared_tea, "先", "first")
    say(shared_tea, "后", "second")
    claimed: list[str] = []

    def claim() -> None:
        claimed.extend(item.key for item in delivery._do_claim(NOW))

    def claim_and_close() -> None:
        try:
            claim()
        finally:
            connection.close()

    rival = threading.Thread(target=claim_and_close)

    def let_rival_in(execute: Callable[..., object], sql: str, *rest: object) -> object:
        answer = execute(sql, *rest)
        if rival.ident is None and "outbox_outboxitem" in sql:
            rival.start()
            rival.join(0.5)  # it ends, or it waits for what this claim holds
        return answer

    with connection.execute_wrapper(let_rival_in):
        claim()
    rival.join(PATIENCE)
    assert not rival.is_alive()
    assert claimed == ["first"]


def test_later_words_wait_when_earlier_words_to_the_group_could_not_be_sent_yet(
    tea: cast.Tea, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(tea, "先", "first")
    monkeypatch.setattr(delivery, "_ask", lambda *_: Answer(Outcome.LATER, words="太快了"))
    for seconds in (0, 5, 20):
        delivered(NOW + timedelta(seconds=seconds))
    monkeypatch.undo()
    say(tea, "后", "second", NOW + timedelta(seconds=21))
    delivered(NOW + timedelta(seconds=21))
    assert FeedItem.objects.count() == 0
    delivered(NOW + timedelta(seconds=40))
    assert [item.payload["text"] for item in FeedItem.objects.order_by("id")] == ["先", "后"]


def test_another_group_is_not_kept_waiting_when_one_group_has_hundreds_of_lines_waiting(tea: cast.Tea) -> None:
    for number in range(300):
        say(tea, f"第 {number} 句", key=f"say{number}")
    order(tea, Say(group_id=tea.groups["g2"], text="二群的"), "other")

    delivered_at_once = delivery.step(NOW)
    assert delivered_at_once == 2
    assert OutboxItem.objects.get(key="other").state == "sent"
    assert OutboxItem.objects.filter(state="sent", group_id=tea.first).get().key == "say0"


@pytest.mark.parametrize(("effect", "state"), [("say", "unknown"), ("remove", "sent")])
def test_only_what_is_harmless_is_tried_again_when_the_platforms_answer_was_unclear(
    tea: cast.Tea, monkeypatch: pytest.MonkeyPatch, effect: str, state: str
) -> None:
    def times_out(*_: object) -> Answer:
        raise TimeoutError("no answer")

    member = Identity.objects.get(ref="an").pk
    say_it = Say(group_id=tea.first, text="大家好")
    order(tea, say_it if effect == "say" else RemoveMember(group_id=tea.first, member=member), "it")
    with monkeypatch.context() as slow:
        slow.setattr("qunying.carriers.live.CARRIERS", (replace(SANDBOX, send=times_out),))
        delivery.step(NOW)
    delivered(NOW + 3 * MINUTE)
    assert OutboxItem.objects.get().state == state
    assert FeedItem.objects.count() == (0 if effect == "say" else 1)


def test_nothing_waits_behind_words_whose_fate_is_unknown(
    tea: cast.Tea, dies_before_noting: Callable[[], None]
) -> None:
    say(tea, "先", "first")
    with pytest.raises(DiedError):
        delivery.step(NOW)
    dies_before_noting()
    say(tea, "后", "second", NOW + 3 * MINUTE)
    delivered(NOW + 3 * MINUTE)
    assert dict(OutboxItem.objects.values_list("key", "state")) == {"first": "unknown", "second": "sent"}


def test_words_turn_out_to_be_said_and_can_be_taken_back_when_their_echo_is_heard(
    tea: cast.Tea, dies_before_noting: Callable[[], None]
) -> None:
    say(tea, "大家好", "one")
    with pytest.raises(DiedError):
        delivered(NOW)
    dies_before_noting()
    cast.passed(NOW, NOW + 5 * MINUTE)
    [item] = OutboxItem.objects.all()
    assert item.state == "sent"
    assert Message.objects.get(is_own=True).source_key == item.result_ref
    assert undoing(get_effect(item), key=item.key, result_ref=item.result_ref) is not None


def test_one_echo_is_the_echo_of_one_when_the_same_words_were_to_be_said_twice(
    tea: cast.Tea, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(tea, "大家好", "one")
    delivered(NOW)
    silent = replace(SANDBOX, send=lambda parcel, now: Answer(Outcome.UNKNOWN))
    monkeypatch.setattr(delivery, "find_carrier", lambda name: silent)
    say(tea, "大家好", "two", NOW + timedelta(seconds=20))
    cast.passed(NOW + timedelta(seconds=20), NOW + 5 * MINUTE)
    assert list(OutboxItem.objects.order_by("id").values_list("state", flat=True)) == ["sent", "unknown"]

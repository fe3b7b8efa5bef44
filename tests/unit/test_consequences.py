"""Forfeitures and refunds on their way through the outbox: as far as the mode lets them, once, there and back to the cent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from qunying.carriers.sandbox import room
from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.communities.actions import do_pause, do_resume, do_set_mode
from qunying.desk.models import Task
from qunying.journal.models import Fact
from qunying.kernel.effects import Forfeit, Mute, Outside, Refund, RemoveMember
from qunying.kernel.scene import Mode
from qunying.ledger.actions import Act, do_pay_deposit
from qunying.ledger.models import Entry
from qunying.ledger.queries import list_balances_of
from qunying.outbox import consequences, delivery
from qunying.outbox.actions import do_approve, do_hold, do_order, do_reject, do_undo
from qunying.outbox.models import OutboxItem
from qunying.outbox.pace import USUAL
from qunying.people.models import Identity
from tests import cast
from tests.fines import WITH_FINES

NOW = cast.TUESDAY
MINUTE = timedelta(minutes=1)
PAID = {"CNY": 990_100, "USD": 50_000}


@pytest.fixture
def li(db: None) -> int:
    return User.objects.create_user("li").pk


@pytest.fixture
def paid(tea: cast.Tea) -> cast.Tea:
    """安安 has paid 99.01 CNY and 5 USD, 阿博 7 CNY."""
    for ref, amount, currency in (("an", 990_100, "CNY"), ("an", 50_000, "USD"), ("bo", 70_000, "CNY")):
        act = Act(key=f"{ref}{currency}", community_id=tea.community_id, identity_id=who(ref), at=NOW)
        do_pay_deposit(act, amount, currency)
    return tea


def who(ref: str) -> int:
    return Identity.objects.get(ref=ref).pk


def left(tea: cast.Tea, ref: str = "an") -> dict[str, int]:
    return {one.currency: one.amount for one in list_balances_of([who(ref)], [tea.community_id])}


def offend(tea: cast.Tea, mode: Mode, ref: str = "m1") -> OutboxItem:
    """安安 advertises in a group where the rule against it goes that far."""
    do_set_mode("fines", mode, community_id=tea.community_id, at=NOW, actor="system")
    cast.arrive([cast.message(ref, "an", "广告：加我")])
    cast.told(NOW, WITH_FINES)
    return OutboxItem.objects.latest("id")


def order(tea: cast.Tea, effect: Outside, key: str) -> OutboxItem:
    do_order(effect, community_id=tea.community_id, user_id=None, key=key, at=NOW, carrier="sandbox")  # type: ignore[arg-type]
    return OutboxItem.objects.get(key=key)


def state(item: OutboxItem) -> str:
    return OutboxItem.objects.get(pk=item.pk).state


def delivered(minutes: int = 0) -> None:
    now = NOW + minutes * MINUTE
    with cast.clock_stands(now):
        while delivery.step(now):
            pass


def test_a_deposit_is_taken_and_undone_to_the_cent_when_a_rule_may_act(paid: cast.Tea, li: int) -> None:
    item = offend(paid, Mode.ACT)
    assert (item.state, item.kind) == ("sent", "Forfeit")
    assert left(paid) == {"CNY": 0, "USD": 0}
    do_undo(item.pk, user_id=li, at=NOW + MINUTE)
    assert left(paid) == {"CNY": 0, "USD": 0}, "it is only on its way"
    delivered(1)
    assert left(paid) == PAID
    assert left(paid, "bo") == {"CNY": 70_000}
    assert list(OutboxItem.objects.order_by("id").values_list("kind", "state")) == [
        ("Forfeit", "undone"),
        ("Refund", "sent"),
    ]
    again = offend(paid, Mode.ACT, "m2")
    assert (again.state, left(paid)) == ("sent", {"CNY": 0, "USD": 0})
    told = Fact.objects.filter(name__in=["deposit.forfeited", "deposit.refunded"]).order_by("id")
    assert [(fact.name, fact.actor) for fact in told][:3:2] == [
        ("deposit.forfeited", "system"),
        ("deposit.refunded", f"user:{li}"),
    ]


def test_a_deposit_is_taken_when_a_person_agrees_and_not_before(paid: cast.Tea, li: int) -> None:
    item = offend(paid, Mode.SUGGEST)
    delivered(1)
    assert (item.state, left(paid)) == ("needs_approval", PAID)
    do_approve(item.pk, user_id=li, at=NOW + MINUTE)
    delivered(1)
    assert (state(item), left(paid)) == ("sent", {"CNY": 0, "USD": 0})
    assert set(Entry.objects.filter(kind="forfeited").values_list("actor", flat=True)) == {f"user:{li}"}


def test_nothing_is_taken_when_a_person_disagrees(paid: cast.Tea, li: int) -> None:
    item = offend(paid, Mode.SUGGEST)
    do_reject(item.pk, user_id=li, at=NOW + MINUTE)
    delivered(2)
    assert (state(item), left(paid)) == ("cancelled", PAID)


def test_nothing_is_taken_when_a_rule_only_watches(paid: cast.Tea) -> None:
    item = offend(paid, Mode.OBSERVE)
    delivered(1)
    assert (state(item), left(paid)) == ("simulated", PAID)


def test_nothing_is_taken_when_somebody_holds_it_in_time(paid: cast.Tea, li: int) -> None:
    item = order(paid, Forfeit(group_id=paid.first, member=who("an")), "f")
    do_hold(item.pk, user_id=li, at=NOW)
    delivered(1)
    assert (state(item), left(paid)) == ("cancelled", PAID)


@pytest.mark.parametrize("is_everywhere", [False, True])
def test_a_forfeiture_waits_while_its_community_is_paused(paid: cast.Tea, li: int, *, is_everywhere: bool) -> None:
    where = None if is_everywhere else paid.community_id
    do_pause(where, user_id=li, at=NOW)
    item = offend(paid, Mode.ACT)
    delivered(60)
    assert (state(item), left(paid)) == ("waiting", PAID)
    do_resume(where, user_id=li, at=NOW + 60 * MINUTE)
    delivered(61)
    assert (state(item), left(paid)) == ("sent", {"CNY": 0, "USD": 0})


def test_money_needs_no_platform_when_that_is_down_or_cannot(paid: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    room.do_go_down(NOW + timedelta(hours=1))
    monkeypatch.setattr(delivery, "find_carrier", lambda name: replace(SANDBOX, does=frozenset()))
    assert offend(paid, Mode.ACT).state == "sent"
    assert not Task.objects.exists()


def test_money_takes_nobodys_turn_when_a_platform_is_at_its_limit(paid: cast.Tea) -> None:
    for number in range(USUAL.acts_a_minute):
        order(paid, Forfeit(group_id=paid.first, member=who("bo")), f"f{number}")
    delivered()
    removal = order(paid, RemoveMember(group_id=paid.first, member=who("bo")), "out")
    delivered()
    assert state(removal) == "sent"
    for number in range(USUAL.acts_a_minute):
        order(paid, Mute(group_id=paid.first, member=who("bo"), duration=MINUTE), f"m{number}")
    delivered()
    late = order(paid, Forfeit(group_id=paid.first, member=who("an")), "late")
    delivered()
    assert OutboxItem.objects.filter(state="waiting").exists(), "the platform is at its limit"
    assert (state(late), left(paid)) == ("sent", {"CNY": 0, "USD": 0})


@pytest.mark.parametrize(
    "effect",
    [
        lambda tea: Forfeit(group_id=tea.first, member=who("x")),
        lambda tea: Refund(group_id=tea.first, member=who("bo"), of="f"),
    ],
)
def test_it_fails_with_words_when_it_is_about_the_wrong_person(
    paid: cast.Tea, effect: Callable[[cast.Tea], Outside]
) -> None:
    Identity.objects.create(carrier="sandbox", ref="x", name="生人", created_at=NOW)
    order(paid, Forfeit(group_id=paid.first, member=who("an")), "f")
    delivered()
    wrong = order(paid, effect(paid), "wrong")
    delivered()
    wrong.refresh_from_db()
    assert wrong.state == "failed"
    assert "成员" in wrong.error or "阿博" in wrong.error
    assert left(paid) == {"CNY": 0, "USD": 0}
    assert Fact.objects.filter(name="effect.failed").count() == 1


class DiedError(BaseException):
    """The worker was killed."""


@pytest.mark.parametrize("place", ["do_carry_out", "_do_note_answer", "do_note"])
def test_nothing_is_taken_when_the_worker_died_and_once_when_it_is_tried_again(
    paid: cast.Tea, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def die(*_: object, **__: object) -> None:
        raise DiedError

    item = order(paid, Forfeit(group_id=paid.first, member=who("an")), "f")
    with monkeypatch.context() as dead:
        dead.setattr(delivery, place, die)
        with pytest.raises(DiedError):
            delivery.step(NOW)
    assert (state(item), left(paid)) == ("sending", PAID)
    delivered(3)
    assert (state(item), left(paid)) == ("sent", {"CNY": 0, "USD": 0})
    assert Entry.objects.filter(kind="forfeited").count() == 2


def test_it_is_tried_again_later_when_the_book_could_not_be_written(
    paid: cast.Tea, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TimeoutError("locked")

    item = order(paid, Forfeit(group_id=paid.first, member=who("an")), "f")
    say = order(paid, RemoveMember(group_id=paid.first, member=who("bo")), "out")
    with monkeypatch.context() as broken:
        broken.setattr(consequences, "do_forfeit", fail)
        delivery.step(NOW)
    assert (state(item), state(say), left(paid)) == ("waiting", "sent", PAID)
    delivered(1)
    assert (state(item), left(paid)) == ("sent", {"CNY": 0, "USD": 0})


def test_nothing_is_taken_when_a_slow_worker_comes_back_after_it_was_stopped(paid: cast.Tea, li: int) -> None:
    item = order(paid, Forfeit(group_id=paid.first, member=who("an")), "f")
    [slow] = delivery._do_claim(NOW)
    delivery._do_doubt(NOW + 3 * MINUTE)
    do_hold(item.pk, user_id=li, at=NOW + 3 * MINUTE)
    delivery._do_try(slow, None, NOW + 3 * MINUTE)
    assert (state(item), left(paid)) == ("cancelled", PAID)


def test_a_refund_gives_back_once_when_it_is_ordered_twice(paid: cast.Tea) -> None:
    order(paid, Forfeit(group_id=paid.first, member=who("an")), "f")
    delivered()
    for key in ("r1", "r2"):
        order(paid, Refund(group_id=paid.first, member=who("an"), of="f"), key)
    delivered()
    assert left(paid) == PAID
    assert set(OutboxItem.objects.values_list("state", flat=True)) == {"sent"}

"""Whoever takes the same money at the same moment: one of them gets it, and nothing is lost or made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qunying.kernel.effects import Forfeit
from qunying.kernel.errors import BadUse
from qunying.ledger.actions import Act, do_forfeit, do_pay_deposit, do_refund
from qunying.ledger.models import Entry
from qunying.ledger.queries import list_balances_of
from qunying.outbox import delivery
from qunying.outbox.actions import do_order
from qunying.outbox.models import OutboxItem
from qunying.people.models import Identity
from tests import cast
from tests.concurrency.threads import together

NOW = cast.TUESDAY
ROUNDS = 8
YUAN = 10_000


def act(tea: cast.Tea, key: str) -> Act:
    an = Identity.objects.get(ref="an").pk
    return Act(key=key, community_id=tea.community_id, identity_id=an, at=NOW)


def left(tea: cast.Tea) -> int:
    [balance] = list_balances_of([act(tea, "").identity_id], [tea.community_id])
    return balance.amount


def amounts(answers: list[object]) -> list[int]:
    """What each got, least first."""
    return sorted(sum(answer.values()) for answer in answers if isinstance(answer, dict))


def test_one_gets_all_when_two_forfeit_at_once(shared_tea: cast.Tea) -> None:
    for number in range(ROUNDS):
        do_pay_deposit(act(shared_tea, f"p{number}"), 99 * YUAN, "CNY")
        one, other = act(shared_tea, f"one{number}"), act(shared_tea, f"other{number}")
        taken = together(NOW, lambda: do_forfeit(one), lambda: do_forfeit(other))  # noqa: B023
        assert amounts(taken) == [0, 99 * YUAN]
        assert left(shared_tea) == 0


@pytest.mark.parametrize("what", ["pay", "forfeit", "refund"])
def test_it_is_booked_once_when_the_same_act_comes_twice_at_once(shared_tea: cast.Tea, what: str) -> None:
    do: dict[str, Callable[[Act], object]] = {
        "pay": lambda one: do_pay_deposit(one, 99 * YUAN, "CNY", ref=one.key),
        "forfeit": do_forfeit,
        "refund": lambda one: do_refund(one, of=f"of:{one.key}"),
    }
    for number in range(ROUNDS):
        same = act(shared_tea, f"same{number}")
        do_pay_deposit(act(shared_tea, f"p{number}"), 3 * YUAN, "CNY")
        if what == "refund":
            do_forfeit(act(shared_tea, f"of:{same.key}"))
        before = Entry.objects.count()
        together(NOW, lambda: do[what](same), lambda: do[what](same))  # noqa: B023
        assert Entry.objects.count() == before + 1


def test_what_was_taken_comes_back_once_when_two_refund_it_at_once(shared_tea: cast.Tea) -> None:
    for number in range(ROUNDS):
        do_pay_deposit(act(shared_tea, f"p{number}"), 5 * YUAN, "CNY")
        do_forfeit(act(shared_tea, f"f{number}"))
        one, other = act(shared_tea, f"one{number}"), act(shared_tea, f"other{number}")
        given = together(
            NOW,
            lambda: do_refund(one, of=f"f{number}"),  # noqa: B023
            lambda: do_refund(other, of=f"f{number}"),  # noqa: B023
        )
        assert amounts(given)[0] == 0
        assert left(shared_tea) == amounts(given)[1] == 5 * (number + 1) * YUAN


def test_one_payment_is_booked_once_when_two_tell_of_it_under_other_keys_at_once(shared_tea: cast.Tea) -> None:
    def pay(key: str, ref: str) -> bool:
        try:
            return do_pay_deposit(act(shared_tea, key), YUAN, "CNY", ref=ref)
        except BadUse:
            return False

    for number in range(ROUNDS):
        booked = together(
            NOW,
            lambda: pay(f"one{number}", f"pay-{number}"),  # noqa: B023
            lambda: pay(f"other{number}", f"pay-{number}"),  # noqa: B023
        )
        assert sorted(map(bool, booked)) == [False, True]
    assert left(shared_tea) == ROUNDS * YUAN


def test_a_forfeiture_is_carried_out_once_when_two_senders_try_it_at_once(shared_tea: cast.Tea) -> None:
    """Both hold the same claim, as where one was taken for dead."""
    for number in range(ROUNDS):
        do_pay_deposit(act(shared_tea, f"p{number}"), 99 * YUAN, "CNY")
        effect = Forfeit(group_id=shared_tea.first, member=act(shared_tea, "").identity_id)
        do_order(
            effect, community_id=shared_tea.community_id, user_id=None, key=f"f{number}", at=NOW, carrier="sandbox"
        )  # type: ignore[arg-type]
        [item] = delivery._do_claim(NOW)
        together(NOW, lambda: delivery._do_try(item, None, NOW), lambda: delivery._do_try(item, None, NOW))  # noqa: B023
        assert left(shared_tea) == 0
    assert set(OutboxItem.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert Entry.objects.filter(kind="forfeited").count() == ROUNDS

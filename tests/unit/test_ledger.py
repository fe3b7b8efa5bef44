"""The book of deposits: what is paid, taken and given back, each once and to the cent, and what is refused with words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qunying.journal.models import Fact
from qunying.kernel.errors import BadUse
from qunying.kernel.money import MOST_PARTS, PARTS
from qunying.ledger import actions
from qunying.ledger.actions import Act, do_forfeit, do_forget_ledger, do_pay_deposit, do_refund
from qunying.ledger.amounts import read_payment
from qunying.ledger.models import Entry
from qunying.ledger.queries import list_balances_of, list_entries_of
from qunying.people.models import Identity
from tests import cast

YUAN = PARTS


def who(ref: str) -> int:
    return Identity.objects.get(ref=ref).pk


def act(tea: cast.Tea, key: str, ref: str = "an") -> Act:
    return Act(key=key, community_id=tea.community_id, identity_id=who(ref), at=cast.TUESDAY)


def pay(
    tea: cast.Tea, key: str, amount: int = 99 * YUAN, currency: str = "CNY", who: str = "an", ref: str = ""
) -> bool:
    return do_pay_deposit(act(tea, key, who), amount, currency, ref=ref)


def balances(tea: cast.Tea, ref: str = "an") -> dict[str, int]:
    return {one.currency: one.amount for one in list_balances_of([who(ref)], [tea.community_id])}


def facts() -> list[tuple[str, int, str]]:
    found = Fact.objects.filter(name__startswith="deposit.").order_by("id")
    return [(one.name, one.words["amount"], one.words["currency"]) for one in found]


def test_each_currency_stands_for_itself_when_somebody_pays_in_several(tea: cast.Tea) -> None:
    pay(tea, "a", 99 * YUAN + 100)
    pay(tea, "b", YUAN)
    pay(tea, "c", 5 * YUAN, "USD")
    pay(tea, "d", 7 * YUAN, who="bo")
    assert balances(tea) == {"CNY": 100 * YUAN + 100, "USD": 5 * YUAN}
    assert balances(tea, "bo") == {"CNY": 7 * YUAN}


def test_a_payment_is_booked_once_when_it_is_told_again(tea: cast.Tea) -> None:
    assert [pay(tea, "a", ref="pay-1"), pay(tea, "a", ref="pay-1")] == [True, False]
    assert balances(tea) == {"CNY": 99 * YUAN}
    assert facts() == [("deposit.paid", 99 * YUAN, "CNY")]


@pytest.mark.parametrize(
    ("otherwise", "words"),
    [
        (lambda tea: pay(tea, "a", 88 * YUAN, ref="pay-1"), "「安安：交押金、88.00 CNY pay-1」"),
        (lambda tea: pay(tea, "a", currency="USD", ref="pay-1"), "「安安：交押金、99.00 USD pay-1」"),
        (lambda tea: pay(tea, "a", ref="pay-2"), "「安安：交押金、99.00 CNY pay-2」"),
        (lambda tea: pay(tea, "a", ref="pay-1", who="bo"), "「阿博：交押金、99.00 CNY pay-1」"),
        (lambda tea: do_forfeit(act(tea, "a")), "「安安：没收押金」"),
        (lambda tea: do_refund(act(tea, "a"), of="x"), "「安安：退回没收的押金」"),
    ],
)
def test_both_are_named_when_one_key_tells_of_two_things(
    tea: cast.Tea, otherwise: Callable[[cast.Tea], object], words: str
) -> None:
    pay(tea, "a", ref="pay-1")
    with pytest.raises(BadUse) as refused:
        otherwise(tea)
    assert "「a」" in str(refused.value)
    assert "「安安：交押金、99.00 CNY pay-1」" in str(refused.value)
    assert words in str(refused.value)
    assert balances(tea) == {"CNY": 99 * YUAN}


def test_nothing_of_another_community_is_named_when_it_has_that_key(tea: cast.Tea) -> None:
    other = cast.build_tea(name="邻居", groups=("n1",))
    pay(tea, "a")
    with pytest.raises(BadUse, match="另一个社群") as refused:
        pay(other, "a")
    assert "99" not in str(refused.value)


def test_a_payment_is_refused_when_its_number_is_booked_under_another_key(tea: cast.Tea) -> None:
    pay(tea, "a", ref="pay-1")
    with pytest.raises(BadUse, match="pay-1"):
        pay(tea, "b", ref="pay-1", who="bo")
    pay(cast.build_tea(name="邻居", groups=("n1",)), "c", ref="pay-1")
    pay(tea, "d")
    pay(tea, "e")
    assert balances(tea) == {"CNY": 3 * 99 * YUAN}


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (-YUAN, "CNY", "-1.00"),
        (0, "CNY", "大于零"),
        (99 * YUAN, "XYZ", "XYZ"),
        (99 * YUAN, "cny", "cny"),
        (99 * YUAN, "", "货币"),
        (1, "CNY", "2 位小数"),
        (YUAN // 2, "JPY", "0 位小数"),
        (MOST_PARTS, "CNY", "大得"),
    ],
)
def test_it_says_why_when_nobody_can_pay_that(tea: cast.Tea, amount: int, currency: str, words: str) -> None:
    with pytest.raises(BadUse, match=words):
        pay(tea, "a", amount, currency)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("amount", "currency", "parts"),
    [("99.00", "CNY", 990_000), ("￥1,299.5", "CNY", 12_995_000), ("500", "JPY", 5_000_000), ("1.234", "KWD", 12_340)],
)
def test_a_written_amount_is_read_when_it_can_be_paid(amount: str, currency: str, parts: int) -> None:
    assert read_payment(amount, currency) == parts


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("", "CNY"),
        ("免费", "CNY"),
        ("99.001", "CNY"),
        ("99.00001", "CNY"),
        ("-1", "CNY"),
        ("USD 9", "CNY"),
        ("9", "元"),
    ],
)
def test_a_written_amount_is_refused_when_it_cannot_be_paid(amount: str, currency: str) -> None:
    with pytest.raises(BadUse):
        read_payment(amount, currency)


def test_somebody_who_never_was_there_cannot_pay_lose_or_get_back(tea: cast.Tea) -> None:
    other = cast.build_tea(name="邻居", groups=("n1",))
    stranger = Identity.objects.create(carrier="sandbox", ref="x", name="生人", created_at=cast.TUESDAY).pk
    at_tea = Act(key="a", community_id=tea.community_id, identity_id=stranger, at=cast.TUESDAY)
    for do in (
        lambda: do_pay_deposit(at_tea, YUAN, "CNY"),
        lambda: do_forfeit(at_tea),
        lambda: do_refund(at_tea, of="x"),
        lambda: do_forfeit(Act(key="b", community_id=other.community_id, identity_id=10**9, at=cast.TUESDAY)),
    ):
        with pytest.raises(BadUse, match="不是这个社群的成员"):
            do()
    assert not Entry.objects.exists()


def test_all_of_it_is_taken_in_every_currency_and_once(tea: cast.Tea) -> None:
    pay(tea, "a", 99 * YUAN + 7700)
    pay(tea, "b", 5 * YUAN, "USD")
    pay(tea, "c", who="bo")
    assert do_forfeit(act(tea, "f")) == {"CNY": 99 * YUAN + 7700, "USD": 5 * YUAN}
    assert balances(tea) == {"CNY": 0, "USD": 0}
    assert balances(tea, "bo") == {"CNY": 99 * YUAN}
    pay(tea, "d", 10 * YUAN)
    assert do_forfeit(act(tea, "f")) == {}
    assert balances(tea) == {"CNY": 10 * YUAN, "USD": 0}
    assert facts()[3:5] == [("deposit.forfeited", -99 * YUAN - 7700, "CNY"), ("deposit.forfeited", -5 * YUAN, "USD")]


def test_who_has_nothing_loses_nothing_not_even_later(tea: cast.Tea) -> None:
    assert do_forfeit(act(tea, "f")) == {}
    pay(tea, "a")
    assert do_forfeit(act(tea, "f")) == {}
    assert balances(tea) == {"CNY": 99 * YUAN}
    assert [name for name, *_ in facts()] == ["deposit.paid"]
    assert [line.kind for line in list_entries_of([who("an")], None, limit=9)] == ["paid"]


def test_exactly_what_one_act_took_is_given_back_once(tea: cast.Tea) -> None:
    pay(tea, "a", 99 * YUAN + 100)
    do_forfeit(act(tea, "f"))
    pay(tea, "b", 3 * YUAN)
    pay(tea, "c", 5 * YUAN, "USD")
    do_forfeit(act(tea, "g"))
    assert do_refund(act(tea, "r"), of="f") == {"CNY": 99 * YUAN + 100}
    assert do_refund(act(tea, "r"), of="f") == {}
    assert do_refund(act(tea, "s"), of="f") == {}
    assert balances(tea) == {"CNY": 99 * YUAN + 100, "USD": 0}
    assert do_refund(act(tea, "t"), of="g") == {"CNY": 3 * YUAN, "USD": 5 * YUAN}
    assert balances(tea) == {"CNY": 102 * YUAN + 100, "USD": 5 * YUAN}


def test_nothing_is_given_back_when_nothing_was_taken(tea: cast.Tea) -> None:
    pay(tea, "a")
    assert do_refund(act(tea, "r"), of="never") == {}
    do_forfeit(act(tea, "f", "bo"))
    assert do_refund(act(tea, "s", "bo"), of="f") == {}
    assert [name for name, *_ in facts()] == ["deposit.paid"]


def test_only_a_forfeiture_of_the_same_person_is_given_back(tea: cast.Tea) -> None:
    pay(tea, "a")
    do_forfeit(act(tea, "f"))
    with pytest.raises(BadUse, match="不是「阿博」的押金"):
        do_refund(act(tea, "r", "bo"), of="f")
    do_refund(act(tea, "r"), of="f")
    for of in ("a", "r"):
        with pytest.raises(BadUse, match="只有没收的能退回"):
            do_refund(act(tea, "s"), of=of)
    do_forfeit(act(tea, "g"))
    with pytest.raises(BadUse, match="对不上"):
        do_refund(act(tea, "r"), of="g")
    assert balances(tea) == {"CNY": 0}


def test_no_more_leaves_an_account_than_is_in_it(tea: cast.Tea) -> None:
    pay(tea, "a")
    with pytest.raises(BadUse, match=r"只剩 99\.00 CNY"):
        actions._do_book(act(tea, "x"), [actions._Move("forfeited", -100 * YUAN, "CNY")])
    assert balances(tea) == {"CNY": 99 * YUAN}


def test_the_latest_movements_come_first_and_only_of_the_communities_asked_for(tea: cast.Tea) -> None:
    other = cast.build_tea(name="邻居", groups=("n1",))
    pay(tea, "a", ref="pay-1")
    pay(other, "b", 3 * YUAN)
    do_forfeit(act(tea, "f"))
    lines = list_entries_of([who("an")], [tea.community_id], limit=5)
    assert [(line.kind, line.amount, line.ref) for line in lines] == [
        ("forfeited", -99 * YUAN, ""),
        ("paid", 99 * YUAN, "pay-1"),
    ]
    assert [line.act for line in list_entries_of([who("an")], None, limit=2)] == ["f", "b"]


def test_a_long_key_is_still_the_same_act(tea: cast.Tea) -> None:
    pay(tea, "a")
    do_forfeit(act(tea, "f" * 400))
    pay(tea, "b")
    assert do_forfeit(act(tea, "f" * 400)) == {}
    assert do_refund(act(tea, "r" * 400), of="f" * 400) == {"CNY": 99 * YUAN}


def test_the_book_of_a_community_goes_with_it_and_no_other(tea: cast.Tea) -> None:
    other = cast.build_tea(name="邻居", groups=("n1",))
    pay(tea, "a")
    do_forfeit(act(tea, "f"))
    do_refund(act(tea, "r"), of="f")
    pay(other, "b")
    removed = [do_forget_ledger([tea.community_id], 2) for _ in range(3)]
    assert removed == [2, 1, 0]
    assert [entry.act for entry in Entry.objects.all()] == ["b"]

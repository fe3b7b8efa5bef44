"""Deposits on a person's page, in their course and in the journal: what is left, every movement, and why."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from qunying.kernel import clock
from qunying.kernel.effects import Forfeit
from qunying.ledger.actions import Act, do_pay_deposit
from qunying.outbox import delivery
from qunying.outbox.actions import do_order, do_undo
from qunying.outbox.queries import list_items
from qunying.people.queries import ids_of_accounts
from tests import cast
from tests.screens.conftest import signed_in_as


def account(ref: str) -> int:
    return ids_of_accounts([("sandbox", ref)])[("sandbox", ref)]


def pay(tea: cast.Tea, key: str, amount: int, currency: str = "CNY", ref: str = "an") -> None:
    act = Act(key=key, community_id=tea.community_id, identity_id=account(ref), at=clock.now())
    do_pay_deposit(act, amount, currency, ref=key)


def forfeit(tea: cast.Tea, key: str, user_id: int) -> None:
    effect = Forfeit(group_id=tea.first, member=account("an"))
    do_order(effect, community_id=tea.community_id, user_id=user_id, key=key, at=clock.now(), carrier="sandbox")
    delivery.step(clock.now())


def beside(client: Client, ref: str = "an", language: str = "zh-hans") -> str:
    page = client.get(reverse("console:person-beside", args=[account(ref)]), headers={"Accept-Language": language})
    assert page.status_code == 200
    return page.content.decode()


def lines(html: str) -> list[str]:
    """The words of each movement on the page."""
    panel = html[html.index('id="deposits"') :].partition("</ul>")[0]
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in panel.split("<li>")[1:]]


@pytest.fixture
def li(db: None) -> int:
    return User.objects.create_user("li", last_name="小李").pk


def test_what_is_left_and_every_movement_with_its_reason_is_shown(tea: cast.Tea, owner: Client, li: int) -> None:
    pay(tea, "pay-1", 12_990_100)
    pay(tea, "pay-2", 50_000, "USD")
    forfeit(tea, "f", li)
    do_undo(list_items(tea.community_id)[0].pk, user_id=li, at=clock.now())
    delivery.step(clock.now())
    forfeit(tea, "g", li)
    pay(tea, "pay-3", 2_500)
    html = beside(owner)
    assert re.findall(r"还剩 [\d.,]+ [A-Z]+", html) == ["还剩 0.25 CNY", "还剩 0.00 USD"]
    told = lines(html)
    assert told[0].startswith("交了押金 +0.25 CNY 付款单号 pay-3")
    assert told[1].startswith("没收了押金 −5.00 USD 值班的人让做的 小李")
    assert told[2].startswith("没收了押金 −1,299.01 CNY 值班的人让做的 小李")
    assert told[3].startswith("退回了没收的押金 +5.00 USD 值班的人让做的 小李")
    assert told[8].startswith("交了押金 +1,299.01 CNY 付款单号 pay-1")
    assert len(told) == 9


def test_there_is_no_panel_when_nobody_ever_paid(tea: cast.Tea, owner: Client) -> None:
    pay(tea, "pay-1", 990_000)
    assert 'id="deposits"' not in beside(owner, "bo")


def test_nothing_is_told_of_deposits_in_a_community_outside_reach(tea: cast.Tea, owner: Client) -> None:
    other = cast.build_tea(name="邻居", groups=("n1",))
    pay(tea, "pay-1", 990_000)
    pay(other, "pay-9", 770_000)
    html = beside(owner)
    assert re.findall(r"<bdi>(\w+)</bdi> 还剩 ([\d.]+)", html) == [("茶友会", "99.00"), ("邻居", "77.00")]
    assert lines(html)[0].startswith("交了押金 +77.00 CNY 付款单号 pay-9 邻居")
    for role in ("analyst", "operator"):
        html = beside(signed_in_as(role, role, tea.community_id))
        assert "99.00" in html
        assert "邻居" not in html
        assert "77.00" not in html
        assert "pay-9" not in html
    outside = signed_in_as("far", "owner", other.community_id)
    assert "99.00" not in beside(outside)


def test_a_payments_number_is_escaped_when_it_is_markup(tea: cast.Tea, owner: Client) -> None:
    pay(tea, "<script>alert(1)</script>", 990_000)
    assert "<script>alert(1)" not in beside(owner)


def test_the_page_says_so_when_there_are_more_movements_than_it_lists(
    tea: cast.Tea, owner: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    pay(tea, "pay-0", 990_000)
    beside(owner)
    with django_assert_max_num_queries(60) as first:
        html = beside(owner)
    assert "更早的" not in html
    for number in range(1, 30):
        pay(tea, f"pay-{number}", 990_000)
    with django_assert_num_queries(len(first)):
        html = beside(owner)
    assert len(lines(html)) == 20
    assert "只列了最近 20 笔" in html
    assert "还剩 2,970.00 CNY" in html


@pytest.mark.parametrize(
    ("language", "course", "journal"),
    [
        ("zh-hans", ["没收了押金 99.00 CNY", "交了押金 99.00 CNY"], "「安安」 99.00 CNY"),
        ("en", ["Forfeited a deposit 99.00 CNY", "Paid a deposit 99.00 CNY"], "“安安” 99.00 CNY"),
    ],
)
def test_the_course_and_the_journal_tell_how_much_it_was(
    tea: cast.Tea, owner: Client, li: int, language: str, course: list[str], journal: str
) -> None:
    pay(tea, "pay-1", 990_000)
    forfeit(tea, "f", li)
    headers = {"Accept-Language": language}
    page = owner.get(reverse("console:person", args=[account("an")]), headers=headers).content.decode()
    assert [words for words in course if words not in page] == []
    assert journal in owner.get(reverse("console:journal"), headers=headers).content.decode()

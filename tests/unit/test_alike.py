"""Accounts that may be one person: found by what cards share, forgotten when they do not, never by a name alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from qunying.kernel import clock
from qunying.people.actions import Account, Enrolled, NewCard, Seat, do_change_cards, do_enrol, do_know
from qunying.people.alike import do_compare_new
from qunying.people.cards import do_read_new
from qunying.people.correcting import do_correct_card, do_uncorrect_card
from qunying.people.maybe_same import count_maybe_same, do_lay_aside, list_maybe_same
from qunying.people.merging import Evidence, do_declare_apart, do_merge_persons, do_undo_merge
from qunying.people.models import Alike, Membership, Trait
from tests import cast

HU = "上海-珩某网络-CTO-胡建国"


def enrol(tea: cast.Tea, group: str, **cards: str) -> None:
    """Members of a group by their accounts, with these cards, read and compared."""
    members = [Enrolled(ref, f"昵称{ref}", card) for ref, card in cards.items()]
    do_enrol("sandbox", tea.community_id, tea.groups[group], members, clock.now())
    compared()


def compared() -> None:
    do_read_new()
    do_compare_new(clock.now())


def account(ref: str) -> int:
    key = Account("sandbox", ref)
    return do_know({key: ""}, clock.now())[key].id


def asked() -> list[tuple[str, ...]]:
    """The pairs somebody is asked about, by their accounts, with the reason."""
    names = {account(ref): ref for ref in ("hu", "hu2", "hu3", "hu4", "hu5", "may", "may2")}
    return [
        (*sorted((names[pair.one_id], names[pair.other_id])), pair.code)
        for pair in list_maybe_same(None, clock.now(), limit=50)
    ]


def test_two_are_asked_about_when_employer_job_and_name_are_the_same_in_other_words(tea: cast.Tea) -> None:
    enrol(tea, "g1", hu=HU)
    enrol(tea, "g2", hu2="沪｜珩某网络｜首席技术官｜胡建国")
    assert asked() == [("hu", "hu2", "card")]
    assert Alike.objects.get().shared == "珩某网络 · cto · 胡建国"


@pytest.mark.parametrize(
    "other", ["胡建国", "上海-胡建国", "上海-CTO-胡建国", "上海-别家公司-CTO-胡建国", "上海-珩某网络-运营-胡建国", ""]
)
def test_nobody_is_asked_when_the_name_is_all_they_share(tea: cast.Tea, other: str) -> None:
    enrol(tea, "g1", hu=HU)
    enrol(tea, "g2", hu2=other)
    assert asked() == []


def test_nobody_is_asked_about_two_with_one_card_when_both_sit_in_one_group(tea: cast.Tea) -> None:
    enrol(tea, "g1", hu=HU, hu2=HU)
    assert asked() == []


def test_two_are_asked_about_when_both_cards_have_one_phone_or_address(tea: cast.Tea) -> None:
    enrol(tea, "g1", hu="老胡 138 0013 8000", may="May may@example.com")
    enrol(tea, "g2", hu2="建国+86 13800138000", may2="阿May｜MAY@Example.com")
    assert sorted(asked()) == [("hu", "hu2", "phone"), ("may", "may2", "email")]


def test_nobody_is_asked_when_many_share_it(tea: cast.Tea) -> None:
    enrol(tea, "g1", hu=HU)
    enrol(tea, "g2", hu2=HU)
    assert len(asked()) == 1
    for number in (3, 4, 5):
        group = "g1" if number % 2 else "g2"
        enrol(tea, group, **{f"hu{number}": HU})
    assert asked() == []


def test_it_is_asked_no_more_when_the_card_says_something_else_now(tea: cast.Tea) -> None:
    enrol(tea, "g1", hu=HU)
    enrol(tea, "g2", hu2=HU)
    do_change_cards([(Seat(tea.groups["g2"], account("hu2")), NewCard("北京-别家-运营-张三"))])
    compared()
    assert asked() == []
    assert Trait.objects.filter(identity=account("hu2"), value__contains="胡建国").count() == 0


def test_what_one_of_us_corrected_counts_until_it_is_taken_back(tea: cast.Tea) -> None:
    user = User.objects.create_user("小李").pk
    enrol(tea, "g1", hu=HU)
    enrol(tea, "g2", hu2="上海-珩某网络-CTO-老胡")
    assert asked() == []
    seat = Membership.objects.values_list("pk", flat=True).get(identity=account("hu2"))
    do_correct_card([seat], "name", "胡建国", user_id=user, at=clock.now())
    compared()
    assert asked() == [("hu", "hu2", "card")]
    do_uncorrect_card([seat], "name", user_id=user, at=clock.now())
    compared()
    assert asked() == []


def test_what_somebody_decided_is_not_asked_again_until_it_is_taken_back(tea: cast.Tea) -> None:
    user = User.objects.create_user("小李").pk
    enrol(tea, "g1", hu=HU, hu3="杭州-茶厂-销售-胡三")
    enrol(tea, "g2", hu2=HU)
    made = do_merge_persons(account("hu"), account("hu2"), Evidence("card"), by=user, at=clock.now())
    assert asked() == []
    do_undo_merge(made, by=user, at=clock.now())
    assert len(asked()) == 1
    do_merge_persons(account("hu"), account("hu3"), Evidence("hand"), by=user, at=clock.now())
    do_declare_apart(account("hu3"), account("hu2"), by=user, at=clock.now())
    assert asked() == []  # who is hu is not hu2 either
    assert count_maybe_same(None, clock.now(), at_most=100) == 0


def test_a_pair_comes_back_when_its_time_is_over(tea: cast.Tea) -> None:
    enrol(tea, "g1", hu=HU)
    enrol(tea, "g2", hu2=HU)
    do_lay_aside(Alike.objects.get().pk, clock.now() + timedelta(days=7))
    assert asked() == []
    with cast.clock_stands(clock.now() + timedelta(days=8)):
        assert len(asked()) == 1


def test_nobody_outside_somebodys_reach_is_asked_about(tea: cast.Tea) -> None:
    enrol(tea, "g1", hu=HU)
    enrol(tea, "g2", hu2=HU)
    assert count_maybe_same([tea.community_id], clock.now(), at_most=9) == 1
    assert count_maybe_same([tea.community_id + 1], clock.now(), at_most=9) == 0
    assert count_maybe_same([], clock.now(), at_most=9) == 0

"""Accounts that become one person: by evidence, against nobody's word, and taken back without a trace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.actions import (
    Account,
    Enrolled,
    Seat,
    Spoke,
    do_count_talk,
    do_enrol,
    do_forget_people_of,
    do_know,
    do_rename,
)
from qunying.people.finding import Where, search_people
from qunying.people.merging import (
    Contradiction,
    Doubtful,
    Evidence,
    do_declare_apart,
    do_merge_persons,
    do_undo_merge,
)
from qunying.people.models import Identity, Membership, Merge, Person, Trait
from qunying.people.queries import count_persons_present
from qunying.people.roll import find_person_name
from tests import cast

UNION = Evidence("union")


@pytest.fixture
def colleague() -> int:
    return User.objects.create_user("小李", first_name="李文").pk


def account(ref: str, name: str = "") -> int:
    key = Account("sandbox", ref)
    return do_know({key: name}, clock.now())[key].id


def merge(one: str, other: str, by: int | None = None, *, is_confirmed: bool = False) -> int:
    return do_merge_persons(account(one), account(other), UNION, by=by, at=clock.now(), is_confirmed=is_confirmed)


def person(ref: str) -> int | None:
    return Identity.objects.values_list("person_id", flat=True).get(ref=ref)


def speak(tea: cast.Tea, ref: str, group: str, first: int, last: int) -> None:
    """Somebody's first and last words there, in days before now."""
    seat = Seat(tea.groups[group], account(ref))
    do_count_talk({seat: Spoke(2, clock.now() - timedelta(days=first), clock.now() - timedelta(days=last))})


def test_two_are_one_everywhere_and_two_again_when_taken_back(tea: cast.Tea, colleague: int) -> None:
    do_enrol("sandbox", tea.community_id, tea.groups["g1"], [Enrolled("an2", "安安小号")], clock.now())
    before = count_persons_present([tea.community_id])
    made = merge("an2", "an", colleague)
    assert person("an2") == person("an") == account("an")
    assert count_persons_present([tea.community_id]) == before - 1
    (found,) = search_people("安安", Where(), limit=5)
    assert {seat.identity_id for seat in found.seats} == {account("an"), account("an2")}
    assert do_undo_merge(made, by=colleague, at=clock.now())
    assert not do_undo_merge(made, by=colleague, at=clock.now())
    assert count_persons_present([tea.community_id]) == before
    assert len(search_people("安安", Where(), limit=5)) == 2
    assert list(Fact.objects.filter(name__startswith="people.").order_by("pk").values_list("name", "actor")) == [
        ("people.merged", f"user:{colleague}"),
        ("people.unmerged", f"user:{colleague}"),
    ]


def test_facts_hold_ids_and_codes_only(tea: cast.Tea) -> None:
    why = Evidence("phone", 0.97, "13800138000", "客户.csv")
    made = do_merge_persons(account("an"), account("bo"), why, by=None, at=clock.now())
    fact = Fact.objects.get(name="people.merged")
    assert (fact.community_id, fact.identity_id) == (tea.community_id, account("an"))
    ends = sorted([account("an"), account("bo")])
    assert fact.words == {"accounts": ends, "id": made, "code": "phone", "score": 0.97, "confirmed": False}


def test_what_came_later_stays_when_the_first_merge_is_taken_back(tea: cast.Tea) -> None:
    first, second = merge("an", "bo"), merge("bo", "cai")
    do_undo_merge(first, by=None, at=clock.now())
    assert person("an") == account("an")
    assert person("bo") == person("cai") == min(account("bo"), account("cai"))
    do_undo_merge(second, by=None, at=clock.now())
    assert [person(ref) for ref in ("an", "bo", "cai")] == [account(ref) for ref in ("an", "bo", "cai")]


def test_it_counts_once_when_it_is_said_twice(tea: cast.Tea) -> None:
    assert merge("an", "bo") == merge("bo", "an")
    assert Merge.objects.count() == Fact.objects.filter(name="people.merged").count() == 1


def test_nothing_changes_when_somebody_said_they_are_two(tea: cast.Tea, colleague: int) -> None:
    do_declare_apart(account("an"), account("cai"), by=colleague, at=clock.now())
    merge("an", "bo")
    with pytest.raises(Contradiction) as refused:
        merge("bo", "cai", is_confirmed=True)
    assert all(word in str(refused.value) for word in ("李文", "安安", "cai"))
    assert refused.value.pair == tuple(sorted((account("an"), account("cai"))))
    assert person("cai") == account("cai")
    assert Merge.objects.count() == 1


def test_one_person_is_not_said_to_be_two_before_the_merge_is_taken_back(tea: cast.Tea) -> None:
    merge("an", "bo")
    with pytest.raises(Contradiction):
        do_declare_apart(account("bo"), account("an"), by=None, at=clock.now())


def test_somebody_must_insist_when_both_spoke_in_one_group_meanwhile(tea: cast.Tea) -> None:
    speak(tea, "an", "g1", 20, 10)
    speak(tea, "bo", "g1", 12, 1)
    with pytest.raises(Doubtful) as refused:
        merge("an", "bo")
    assert refused.value.groups == (tea.groups["g1"],)
    merge("an", "bo", is_confirmed=True)
    assert person("an") == person("bo")
    assert Merge.objects.get().is_confirmed


def test_nobody_must_insist_when_one_fell_silent_before_the_other_began(tea: cast.Tea) -> None:
    speak(tea, "an", "g1", 20, 10)
    speak(tea, "bo", "g1", 9, 1)
    speak(tea, "bo", "g2", 15, 14)
    merge("an", "bo")


def test_it_is_refused_with_a_reason_when_the_accounts_cannot_be_one(tea: cast.Tea) -> None:
    do_know({Account("sandbox", "robot"): "播报"}, clock.now(), are_bots=True)
    for pair in (("an", "an"), ("an", "robot")):
        with pytest.raises(BadUse):
            merge(*pair)
    with pytest.raises(BadUse):
        do_merge_persons(account("an"), 10**9, UNION, by=None, at=clock.now())
    assert not Merge.objects.exists()


def test_each_keeps_their_own_name_when_one_is_renamed_meanwhile(tea: cast.Tea) -> None:
    first = account("twin1", "同名")
    second = account("twin2", "同名")
    made = merge("twin1", "twin2")
    do_rename({second: "改了名"})
    assert find_person_name(first) == "同名"
    do_undo_merge(made, by=None, at=clock.now())
    assert (find_person_name(first), find_person_name(second)) == ("同名", "改了名")


def test_the_others_are_whole_when_a_community_takes_one_of_them_along(tea: cast.Tea) -> None:
    outside = [account(ref) for ref in ("x", "y")]
    merge("an", "x")
    merge("x", "y")
    do_forget_people_of([tea.community_id], 100)
    assert not Identity.objects.filter(ref="an").exists()
    assert [person(ref) for ref in ("x", "y")] == [min(outside)] * 2
    assert set(Person.objects.values_list("pk", flat=True)) == set(outside)


def test_what_only_a_community_that_goes_showed_falls_apart(tea: cast.Tea) -> None:
    outside = [account(ref) for ref in ("x", "y")]
    merge("an", "x")
    merge("an", "y")
    do_forget_people_of([tea.community_id], 100)
    assert [person(ref) for ref in ("x", "y")] == outside
    assert not Merge.objects.exists()


@pytest.mark.parametrize("last", ["an", "bo"])
def test_somebodys_word_stays_when_the_account_it_went_over_is_forgotten(
    tea: cast.Tea, colleague: int, last: str
) -> None:
    for seat in Membership.objects.filter(identity=account(last)):
        seat.delete()
        seat.pk = None
        seat.save()  # the youngest seat is the last to go
    outside = [account(ref) for ref in ("x", "y", "z")]
    merge("an", "x", by=colleague)
    merge("an", "bo", by=colleague)
    confirmed = do_merge_persons(
        account("bo"), account("y"), Evidence("phone", shared="138"), by=None, at=clock.now(), is_confirmed=True
    )
    merge("bo", "z")  # a table said so
    assert confirmed
    do_forget_people_of([tea.community_id], 1)  # piece by piece, as it is done
    while do_forget_people_of([tea.community_id], 1):
        pass
    assert [person(ref) for ref in ("x", "y", "z")] == [outside[0], outside[0], outside[2]]
    (kept,) = Merge.objects.all()
    assert (kept.code, kept.shared, kept.by_id, kept.is_confirmed) == ("hand", "", colleague, True)
    assert do_undo_merge(kept.pk, by=colleague, at=clock.now())
    assert [person(ref) for ref in ("x", "y", "z")] == outside


def test_what_is_vouched_for_of_both_needs_no_third_one(tea: cast.Tea) -> None:
    outside = [account(ref) for ref in ("x", "y", "z")]
    for ref, union in (("an", "u1"), ("x", "u1"), ("y", "u1"), ("an", "u2"), ("z", "u2")):
        traits = {"kind": "union", "value": union, "source": "表", "at": clock.now()}
        Trait.objects.create(identity_id=account(ref), **traits)
    for ref in ("x", "y", "z"):
        merge("an", ref)
    do_forget_people_of([tea.community_id], 100)
    assert [person(ref) for ref in ("x", "y", "z")] == [outside[0], outside[0], outside[2]]
    (kept,) = Merge.objects.all()
    assert (kept.code, kept.source, kept.by_id) == ("union", "表", None)

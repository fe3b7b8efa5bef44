"""Chains, numbers from outside, targets and stages as they are kept: whole or not at all, once, and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from unittest.mock import patch

import pytest

from qunying.communities import actions_chain
from qunying.communities.actions_chain import (
    do_add_link,
    do_change_link,
    do_lay_chain,
    do_move_link,
    do_remove_link,
    do_take_back_chain,
)
from qunying.communities.actions_numbers import (
    Changed,
    NewTally,
    do_drop_token,
    do_keep_numbers,
    do_keep_told,
    do_make_token,
)
from qunying.communities.actions_stage import (
    do_confirm_stage,
    do_set_target,
    do_take_back_stage,
    do_take_back_target,
    do_tick,
)
from qunying.communities.chains import READY, Link, LinkDraft, LinkKind
from qunying.communities.models import HookToken, Tally
from qunying.communities.queries_chain import (
    find_community_of_token,
    find_stage,
    find_version_of_chain,
    list_links,
    list_numbers,
    list_sums_of_numbers,
    list_targets,
    list_ticks,
)
from qunying.journal.models import Fact, PersonalPart
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from tests import cast

MONDAY = date(2024, 3, 4)


def links(tea: cast.Tea) -> tuple[Link, ...]:
    return list_links(tea.community_id)


def names(tea: cast.Tea) -> list[str]:
    return [link.name or link.kind.value for link in links(tea)]


def lay(tea: cast.Tea, purpose: str = "convert") -> None:
    do_lay_chain(tea.community_id, purpose, at=clock.now(), actor="user:1")


def back(tea: cast.Tea) -> bool:
    version = find_version_of_chain(tea.community_id) or 0
    return do_take_back_chain(tea.community_id, version, at=clock.now(), actor="user:1")


def facts(name: str) -> list[dict[str, object]]:
    return list(Fact.objects.filter(name=name).order_by("pk").values_list("words", flat=True))


def test_the_four_ready_chains_stand_with_the_community_in_one_place(tea: cast.Tea) -> None:
    assert [one.purpose for one in READY] == ["acquire", "activate", "retain", "convert"]
    for ready in READY:
        lay(tea, ready.purpose)
        assert sum(link.is_ours for link in links(tea)) == 1
        assert len(links(tea)) == len(ready.links)
    with pytest.raises(BadUse):
        lay(tea, "world domination")


def test_every_change_can_be_taken_back_one_after_the_other(tea: cast.Tea) -> None:
    lay(tea)
    first = links(tea)[0]
    states = [links(tea)]
    at = clock.now()
    do_add_link(tea.community_id, LinkDraft(LinkKind.REPURCHASE, "again:order"), at=at, actor="user:1")
    states.append(links(tea))
    do_change_link(
        tea.community_id, first.id, LinkDraft(LinkKind.ADVERT, "numbers", "times", "抖音"), at=at, actor="user:1"
    )
    states.append(links(tea))
    do_move_link(tea.community_id, first.id, 1, at=at, actor="user:1")
    states.append(links(tea))
    do_remove_link(tea.community_id, first.id, at=at, actor="user:1")
    states.append(links(tea))
    assert all(one != other for one, other in pairwise(states))
    for state in reversed(states[:-1]):
        assert back(tea)
        assert links(tea) == state
    assert back(tea)
    assert links(tea) == ()
    assert not back(tea)
    assert [fact["what"] for fact in facts("chain.changed")] == ["laid", "added", "changed", "moved", "removed"]
    assert len(facts("chain.restored")) == 5


def test_numbers_of_a_link_come_back_with_it_when_its_removal_is_taken_back(tea: cast.Tea) -> None:
    lay(tea)
    first = links(tea)[0]
    do_keep_numbers(tea.community_id, [NewTally(first.series, MONDAY, 7)], at=clock.now(), actor="user:1")
    do_remove_link(tea.community_id, first.id, at=clock.now(), actor="user:1")
    assert back(tea)
    assert links(tea)[0].series == first.series
    assert list_sums_of_numbers(tea.community_id, MONDAY, MONDAY) == {first.series: 7}


def test_a_change_is_not_taken_back_when_somebody_changed_the_chain_since(tea: cast.Tea) -> None:
    lay(tea)
    version = find_version_of_chain(tea.community_id) or 0
    do_add_link(tea.community_id, LinkDraft(LinkKind.REPURCHASE), at=clock.now(), actor="user:2")
    assert not do_take_back_chain(tea.community_id, version, at=clock.now(), actor="user:1")
    assert len(links(tea)) == 5


def test_the_community_stands_in_one_place_when_another_link_is_said_to_be_it(tea: cast.Tea) -> None:
    lay(tea)
    consult = links(tea)[2]
    draft = LinkDraft(consult.kind, consult.count_by, consult.unit, consult.name, is_ours=True)
    do_change_link(tea.community_id, consult.id, draft, at=clock.now(), actor="user:1")
    assert [link.is_ours for link in links(tea)] == [False, False, True, False]
    do_add_link(tea.community_id, LinkDraft(LinkKind.OTHER, is_ours=True), at=clock.now(), actor="user:1")
    assert [link.is_ours for link in links(tea)] == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (LinkDraft(LinkKind.PAY, name="长" * 41), "最多 40 个字"),
        (LinkDraft(LinkKind.PAY, "magic"), "不知道「magic」这种数法"),
        (LinkDraft(LinkKind.PAY, "deed:"), "不知道「deed:」这种数法"),
        (LinkDraft(LinkKind.PAY, unit="kilo"), "不知道「kilo」这个单位"),
    ],
)
def test_nothing_is_changed_when_a_link_cannot_be_one(tea: cast.Tea, draft: LinkDraft, why: str) -> None:
    lay(tea)
    before, first = links(tea), links(tea)[0]
    with pytest.raises(BadUse, match=why):
        do_add_link(tea.community_id, draft, at=clock.now(), actor="user:1")
    with pytest.raises(BadUse, match=why):
        do_change_link(tea.community_id, first.id, draft, at=clock.now(), actor="user:1")
    assert links(tea) == before
    assert len(facts("chain.changed")) == 1


def test_a_thirteenth_link_is_refused(tea: cast.Tea) -> None:
    for number in range(12):
        do_add_link(tea.community_id, LinkDraft(LinkKind.OTHER, name=f"第{number}步"), at=clock.now(), actor="user:1")
    with pytest.raises(BadUse, match="最多 12 个环节"):
        do_add_link(tea.community_id, LinkDraft(LinkKind.OTHER), at=clock.now(), actor="user:1")
    assert len(links(tea)) == 12


def test_a_unit_is_what_can_be_counted(tea: cast.Tea) -> None:
    for count_by, wish, unit in (
        ("joined", "times", "people"),
        ("opened", "people", "groups"),
        ("numbers", "times", "times"),
    ):
        do_add_link(tea.community_id, LinkDraft(LinkKind.OTHER, count_by, wish), at=clock.now(), actor="user:1")
        assert links(tea)[-1].unit == unit


def test_nothing_is_half_changed_when_a_change_fails_on_its_way(tea: cast.Tea) -> None:
    lay(tea)
    before = links(tea)
    with patch.object(actions_chain, "do_record_facts", side_effect=RuntimeError), pytest.raises(RuntimeError):
        do_move_link(tea.community_id, before[0].id, 2, at=clock.now(), actor="user:1")
    assert links(tea) == before


def test_names_of_links_are_kept_apart_from_what_stays_for_ever(tea: cast.Tea) -> None:
    do_add_link(tea.community_id, LinkDraft(LinkKind.OTHER, name="王小明的店"), at=clock.now(), actor="user:1")
    fact = Fact.objects.get(name="chain.changed")
    assert "王小明" not in str(fact.words)
    assert "王小明" in str(PersonalPart.objects.get(pk=fact.pk).words)


def test_a_file_told_twice_counts_once_and_its_latest_word_holds(tea: cast.Tea) -> None:
    numbers = [NewTally("link:1", MONDAY, 5), NewTally("link:1", MONDAY + timedelta(days=1), 6)]
    first = do_keep_numbers(tea.community_id, numbers, at=clock.now(), actor="user:1")
    again = do_keep_numbers(tea.community_id, numbers, at=clock.now() + timedelta(hours=1), actor="user:1")
    assert ((first.new, first.known), (again.new, again.known, again.changed)) == ((2, 0), (0, 2, ()))
    new = NewTally("link:1", MONDAY, 9)
    mended = do_keep_numbers(tea.community_id, [new], at=clock.now() + timedelta(hours=2), actor="user:1")
    assert mended.changed == (Changed(new, 5),)
    assert list_numbers(tea.community_id, MONDAY, MONDAY) == [("link:1", MONDAY, 9)]
    assert len(facts("numbers.imported")) == 2


def test_a_program_that_tells_twice_under_one_key_counts_once(tea: cast.Tea) -> None:
    tally = NewTally("link:1", MONDAY, 3)
    assert do_keep_told(tea.community_id, tally, "order-1", at=clock.now())
    assert not do_keep_told(tea.community_id, tally, "order-1", at=clock.now())
    assert do_keep_told(tea.community_id, tally, "order-2", at=clock.now())
    with pytest.raises(BadUse, match="已经报过另一个数"):
        do_keep_told(tea.community_id, NewTally("link:1", MONDAY, 4), "order-1", at=clock.now())
    assert list_sums_of_numbers(tea.community_id, MONDAY, MONDAY) == {"link:1": 6}
    do_keep_numbers(tea.community_id, [NewTally("link:1", MONDAY, 1)], at=clock.now(), actor="user:1")
    assert list_sums_of_numbers(tea.community_id, MONDAY, MONDAY) == {"link:1": 7}
    assert Tally.objects.count() == 3


def test_a_token_is_kept_as_a_digest_and_the_old_one_is_worth_nothing(tea: cast.Tea) -> None:
    old = do_make_token(tea.community_id, at=clock.now(), actor="user:1")
    new = do_make_token(tea.community_id, at=clock.now() + timedelta(hours=1), actor="user:1")
    assert new not in str(list(HookToken.objects.values()))
    assert find_community_of_token(tea.community_id, old) is None
    assert find_community_of_token(tea.community_id + 1, new) is None
    found = find_community_of_token(tea.community_id, new)
    assert found is not None
    assert found.pk == tea.community_id
    assert do_drop_token(tea.community_id, at=clock.now(), actor="user:1")
    assert find_community_of_token(tea.community_id, new) is None
    assert find_community_of_token(tea.community_id, "") is None


def test_a_target_is_set_changed_and_taken_back(tea: cast.Tea) -> None:
    def aim(value: Decimal | None, hours: int) -> bool:
        at = clock.now() + timedelta(hours=hours)
        return do_set_target(tea.community_id, "joins", 7, value, unit="人", at=at, actor="user:1")

    assert aim(Decimal(20), 0)
    assert not aim(Decimal("20.0"), 1)
    assert aim(Decimal(30), 2)
    assert list_targets(tea.community_id)["joins", 7].value == 30
    later = clock.now() + timedelta(hours=3)
    assert do_take_back_target(tea.community_id, "joins", 7, unit="人", at=later, actor="user:1")
    assert list_targets(tea.community_id)["joins", 7].value == 20
    assert [(fact["before"], fact["after"]) for fact in facts("target.set")] == [
        (None, "20"),
        ("20", "30"),
        ("30", "20"),
    ]
    assert not do_take_back_target(tea.community_id, "orders", 7, unit="单", at=later, actor="user:1")


def test_a_stage_is_confirmed_changed_and_taken_back(tea: cast.Tea, django_user_model: type) -> None:
    user = django_user_model.objects.create(username="lin")

    def confirm(stage: str) -> bool:
        return do_confirm_stage(tea.community_id, stage, proposed="quiet", user_id=user.pk, at=clock.now())

    assert confirm("growing")
    assert not confirm("growing")
    assert confirm("late")
    said = find_stage(tea.community_id)
    assert said is not None
    assert (said.stage, said.proposed, said.by) == ("late", "quiet", user.pk)
    assert do_take_back_stage(tea.community_id, user_id=user.pk, at=clock.now())
    before = find_stage(tea.community_id)
    assert before is not None
    assert before.stage == "growing"
    assert do_take_back_stage(tea.community_id, user_id=user.pk, at=clock.now())
    assert find_stage(tea.community_id) is None
    assert not do_take_back_stage(tea.community_id, user_id=user.pk, at=clock.now())


def test_an_item_is_ticked_and_unticked(tea: cast.Tea, django_user_model: type) -> None:
    user = django_user_model.objects.create(username="lin")

    def tick(*, is_done: bool) -> bool:
        return do_tick(tea.community_id, "late", "kol", is_done=is_done, user_id=user.pk, at=clock.now())

    assert tick(is_done=True)
    assert not tick(is_done=True)
    assert list_ticks(tea.community_id) == {("late", "kol")}
    assert tick(is_done=False)
    assert list_ticks(tea.community_id) == set()

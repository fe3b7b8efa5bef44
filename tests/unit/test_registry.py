"""What is noted about groups: one at a time, many at once with one way back, and histories that go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from qunying.carriers.capacities import capacity_of
from qunying.communities.actions import NewGroup, NewStaff, do_enter_staff, do_found_community, do_register_group
from qunying.communities.bulk import BulkChange, do_change_groups, do_undo_bulk, plan_bulk
from qunying.communities.lineage import (
    LinkKind,
    do_link_groups,
    do_unlink_groups,
    find_forebears,
    list_with_forebears,
)
from qunying.communities.models import CapabilityChoice, Group, GroupLink
from qunying.communities.noting import (
    BadNote,
    GroupNotes,
    Importance,
    Keepers,
    do_note_group,
    find_keepers,
    names_of_owners,
    notes_of,
    read_tags,
)
from qunying.journal.models import Fact, PersonalPart
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from tests import cast

NOW = cast.TUESDAY
DAY = timedelta(days=1)
PLAIN = GroupNotes(remark="", city="", industry="", weight=50, capacity=500, is_folded=False)


def note(group_id: int, **more: Any) -> bool:
    """Notes about a group, the rest as new groups have it."""
    return do_note_group(group_id, replace(PLAIN, **more), present=3, at=clock.now(), actor="user:7")


def noted(group_id: int) -> GroupNotes:
    return notes_of(Group.objects.get(pk=group_id))


def bulk(ids: list[int], change: BulkChange) -> int:
    """Does what a plan of this moment says."""
    edit, _plan = do_change_groups(ids, change, agreed=plan_bulk(ids, change).digest, at=NOW, user_id=user())
    return edit


def user() -> int:
    from django.contrib.auth.models import User

    return User.objects.get_or_create(username="lin")[0].pk


def facts(name: str) -> list[Mapping[str, Any]]:
    return list(Fact.objects.filter(name=name).order_by("id").values_list("words", flat=True))


def test_everything_noted_is_kept_when_it_is_right(tea: cast.Tea) -> None:
    wanted = replace(
        PLAIN,
        remark="上海-互联网-03",
        company="阿里",
        noted_on=date(2024, 3, 5),
        note="群主是老周",
        tags=("体验课", "付费"),
        importance=Importance.CORE,
        rule_set="轻食群规",
    )
    assert do_note_group(tea.first, wanted, present=3, at=NOW, actor="user:7")
    assert noted(tea.first) == wanted
    assert not do_note_group(tea.first, wanted, present=3, at=NOW, actor="user:7"), "nothing was new"
    (words,) = facts("group.changed")
    assert set(words["fields"]) == {"remark", "company", "noted_on", "note", "tags", "importance", "rule_set"}
    personal = PersonalPart.objects.get(fact__name="group.changed").words
    assert personal["noted_on"] == {"before": None, "after": "2024-03-05"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"capacity": 2}, "capacity"),
        ({"capacity": 0}, "capacity"),
        ({"weight": 101}, "weight"),
        ({"weight": -1}, "weight"),
        ({"importance": 3}, "importance"),
        ({"tags": ("长" * 21,)}, "tags"),
        ({"tags": tuple(f"标签{n}" for n in range(13))}, "tags"),
        ({"company": "长" * 81}, "company"),
    ],
)
def test_nothing_is_saved_when_one_note_cannot_be_right(tea: cast.Tea, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(BadNote) as refused:
        note(tea.first, remark="新的", **wrong)
    assert refused.value.field == field
    assert noted(tea.first) == PLAIN
    assert facts("group.changed") == []


def test_tags_are_cut_however_they_are_typed() -> None:
    assert read_tags(" 体验课，付费 #重点、体验课;a ") == ("体验课", "付费", "重点", "a")


def test_an_owner_and_deputies_are_kept_when_they_are_on_the_roster(tea: cast.Tea) -> None:
    wang, zhao = (
        do_enter_staff(tea.community_id, NewStaff("sandbox", ref, ref, "teacher"), at=NOW, actor="user:7")
        for ref in ("wang", "zhao")
    )
    keepers = Keepers(wang, (zhao, wang))
    assert do_note_group(tea.first, PLAIN, present=3, at=NOW, actor="user:7", keepers=keepers)
    assert find_keepers(tea.first) == Keepers(wang, (zhao,)), "whoever owns it is no deputy"
    assert names_of_owners([tea.first]) == {tea.first: "wang"}
    assert not do_note_group(tea.first, PLAIN, present=3, at=NOW, actor="user:7", keepers=Keepers(wang, (zhao,)))
    assert do_note_group(tea.first, PLAIN, present=3, at=NOW + DAY, actor="user:7", keepers=Keepers(zhao))
    assert find_keepers(tea.first) == Keepers(zhao)
    assert [words["fields"] for words in facts("group.changed")] == [["owner"], ["owner"]]


def test_a_stranger_is_no_owner_when_only_another_community_knows_them(tea: cast.Tea) -> None:
    other = do_found_community(name="书友会", at=NOW)
    stranger = do_enter_staff(other, NewStaff("sandbox", "x", "路人", "teacher"), at=NOW, actor="user:7")
    with pytest.raises(BadNote):
        do_note_group(
            tea.first, replace(PLAIN, remark="新"), present=3, at=NOW, actor="user:7", keepers=Keepers(stranger)
        )
    assert noted(tea.first) == PLAIN, "the notes are not half saved either"


def test_a_second_group_of_one_carrier_reference_is_refused_with_the_name_of_the_first(tea: cast.Tea) -> None:
    with pytest.raises(BadUse, match="茶友会1群"):
        do_register_group(tea.community_id, NewGroup(carrier="sandbox", ref="g1", carrier_name="新群"), at=NOW)
    assert Group.objects.filter(ref="g1").count() == 1


def test_an_unknown_time_zone_is_refused_with_an_example() -> None:
    with pytest.raises(BadUse, match="Asia/Shanghai"):
        do_found_community(name="火星会", at=NOW, timezone="Mars/Olympus")


def test_an_edit_of_many_groups_does_what_its_plan_says_and_is_taken_back_as_one(tea: cast.Tea) -> None:
    first, second = tea.groups.values()
    note(first, tags=("体验课", "旧"), weight=80)
    change = BulkChange(
        add_tags=("重点",),
        remove_tags=("旧",),
        is_folded=True,
        weight=80,
        rule_set="通用",
        modes={"onboarding": "observe"},
    )
    plan = plan_bulk([first, second], change)
    assert [(one.group_id, one.field, one.before, one.after) for one in plan.changes] == [
        (first, "tags", ["体验课", "旧"], ["体验课", "重点"]),
        (first, "is_folded", False, True),
        (first, "rule_set", "", "通用"),
        (first, "mode:onboarding", "", "observe"),
        (second, "tags", [], ["重点"]),
        (second, "is_folded", False, True),
        (second, "weight", 50, 80),
        (second, "rule_set", "", "通用"),
        (second, "mode:onboarding", "", "observe"),
    ]
    before = {pk: noted(pk) for pk in (first, second)}
    edit = bulk([first, second], change)
    assert noted(first) == replace(PLAIN, tags=("体验课", "重点"), weight=80, is_folded=True, rule_set="通用")
    assert noted(second).weight == 80
    assert {words["bulk"] for words in facts("group.changed")[1:]} == {edit}
    assert do_undo_bulk(edit, at=NOW + DAY, user_id=user()).left == ()
    assert {pk: noted(pk) for pk in (first, second)} == before
    assert set(CapabilityChoice.objects.filter(group__in=[first, second]).values_list("mode", flat=True)) == {""}
    with pytest.raises(BadUse, match="早已撤回"):
        do_undo_bulk(edit, at=NOW + DAY, user_id=user())


def test_what_was_changed_since_is_left_alone_when_an_edit_is_taken_back(tea: cast.Tea) -> None:
    first, second = tea.groups.values()
    edit = bulk([first, second], BulkChange(add_tags=("重点",), weight=90))
    note(first, tags=("重点", "后来加的"), weight=90)
    undone = do_undo_bulk(edit, at=NOW + DAY, user_id=user())
    assert [(one.group_id, one.field) for one in undone.left] == [(first, "tags")]
    assert str(undone.left[0].why)
    assert (noted(first).tags, noted(first).weight) == (("重点", "后来加的"), 50)
    assert noted(second) == PLAIN


def test_nothing_is_done_when_a_group_changed_after_somebody_looked(tea: cast.Tea) -> None:
    ids, change = list(tea.groups.values()), BulkChange(weight=90)
    agreed = plan_bulk(ids, change).digest
    note(ids[0], weight=10)
    with pytest.raises(BadUse, match="没有动任何群"):
        do_change_groups(ids, change, agreed=agreed, at=NOW, user_id=user())
    assert [noted(pk).weight for pk in ids] == [10, 50]


def test_a_group_that_cannot_take_another_tag_is_left_with_the_reason(tea: cast.Tea) -> None:
    first, second = tea.groups.values()
    note(first, tags=tuple(f"标签{n}" for n in range(12)))
    plan = plan_bulk([first, second], BulkChange(add_tags=("重点",)))
    assert plan.group_ids == (second,)
    assert [(one.group_id, one.field) for one in plan.left] == [(first, "tags")]


@pytest.mark.parametrize(
    "change",
    [
        BulkChange(add_tags=("一",), remove_tags=("一",)),
        BulkChange(weight=101),
        BulkChange(importance=7),
        BulkChange(modes={"onboarding": "maybe"}),
        BulkChange(rule_set="长" * 61),
    ],
)
def test_an_edit_that_no_group_can_take_is_refused(tea: cast.Tea, change: BulkChange) -> None:
    with pytest.raises(BadUse):
        plan_bulk([tea.first], change)


def link(before: int, after: int, kind: LinkKind = LinkKind.REPLACED, days: int = 0) -> int:
    return do_link_groups(before, after, kind, since=NOW - days * DAY, at=NOW, actor="user:7")


@pytest.fixture
def four(tea: cast.Tea) -> list[int]:
    """Four groups of one community."""
    more = [
        do_register_group(tea.community_id, NewGroup(carrier="sandbox", ref=ref, carrier_name=f"{ref}群"), at=NOW)
        for ref in ("g3", "g4")
    ]
    return [*tea.groups.values(), *more]


def test_history_goes_on_through_all_forebears_up_to_the_day_each_was_followed(four: list[int]) -> None:
    a, b, c, _d = four
    link(a, b, days=30)
    link(b, c, days=10)
    assert find_forebears(c) == {b: NOW - 10 * DAY, a: NOW - 30 * DAY}
    assert find_forebears(a) == {}
    assert [(one.id, one.until) for one in list_with_forebears(c)] == [
        (c, None),
        (a, NOW - 30 * DAY),
        (b, NOW - 10 * DAY),
    ]


def test_a_group_split_and_merged_again_counts_once_as_far_as_its_longest_way(four: list[int]) -> None:
    a, b, c, d = four
    link(a, b, LinkKind.SPLIT, 30)
    link(a, c, LinkKind.SPLIT, 20)
    link(b, d, LinkKind.MERGED, 5)
    link(c, d, LinkKind.MERGED, 5)
    assert find_forebears(d) == {b: NOW - 5 * DAY, c: NOW - 5 * DAY, a: NOW - 20 * DAY}


def test_a_link_is_taken_back_without_a_trace_but_facts(four: list[int]) -> None:
    a, b, *_ = four
    one = link(a, b)
    assert do_unlink_groups(one, group_id=a, at=NOW, actor="user:7")
    assert not do_unlink_groups(one, group_id=a, at=NOW, actor="user:7")
    assert find_forebears(b) == {}
    assert [words["before"] for words in (*facts("group.linked"), *facts("group.unlinked"))] == [a, a]


def test_circles_and_contradictions_are_refused_with_a_sentence(four: list[int]) -> None:
    a, b, c, d = four
    link(a, b)
    link(b, c)
    for before, after, kind, said in (
        (a, a, LinkKind.REPLACED, "自己的前身"),
        (a, b, LinkKind.REFILLED, "已经是"),
        (c, a, LinkKind.REPLACED, "绕成一圈"),
        (a, d, LinkKind.REPLACED, "已经由"),
        (a, d, LinkKind.SPLIT, "已经由"),
        (d, b, LinkKind.MERGED, "已经有前身"),
        (d, 10**9, LinkKind.MERGED, "没有这个群"),
    ):
        with pytest.raises(BadUse, match=said):
            link(before, after, kind)
    with pytest.raises(BadUse, match="将来"):
        link(c, d, days=-1)
    assert GroupLink.objects.count() == 2


def test_groups_of_two_communities_are_not_linked(four: list[int]) -> None:
    other = do_found_community(name="书友会", at=NOW)
    far = do_register_group(other, NewGroup(carrier="sandbox", ref="far", carrier_name="远"), at=NOW)
    with pytest.raises(BadUse, match="不在同一个社群"):
        link(four[0], far)


def test_a_group_that_a_carrier_tells_of_holds_what_its_platform_allows(tea: cast.Tea) -> None:
    assert (capacity_of("wechat"), capacity_of("telegram"), capacity_of("file")) == (500, 200_000, 500)
    cast.arrive([cast.message("m1", "an", "新群")], "new")
    assert Group.objects.get(ref="new").capacity == capacity_of("sandbox")

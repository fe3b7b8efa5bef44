"""Tags: given once, for as long as they say, taken back, never counted when they are over, never forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from qunying.journal.models import Fact
from qunying.kernel.errors import BadUse
from qunying.people.listed import read_people
from qunying.people.merging import Evidence, do_merge_persons, do_undo_merge
from qunying.people.models import Identity, Membership
from qunying.people.segments import do_freeze_segment, do_save_segment, list_frozen_people
from qunying.people.tags import (
    NewTag,
    count_members_by_tag,
    do_change_tag,
    do_forget_tags,
    do_make_tag,
    do_retire_tag,
    do_tag_people,
    do_untag_batch,
    do_untag_people,
    find_tag,
    list_people_tagged,
    list_tags,
    list_tags_of_person,
    tags_of_people,
)
from tests import cast

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def tea() -> cast.Tea:
    """The tea friends; 安安 and 阿博 are their members."""
    return cast.build_tea()


@pytest.fixture
def lin() -> int:
    """Who gives the tags."""
    return User.objects.create_user("lin").pk


def person(ref: str) -> int:
    found = Identity.objects.get(ref=ref).person_id
    assert found is not None
    return found


def make(tea: cast.Tea, lin: int, **more: object) -> int:
    return do_make_tag(tea.community_id, NewTag(name="新手", **more), at=AT, user_id=lin)  # type: ignore[arg-type]


def give(tag: int, people: list[int], at: datetime = AT) -> tuple[int, int]:
    given = do_tag_people(tag, people, how="hand", at=at, user_id=None)
    return given.new, given.known


def test_a_tag_is_given_once_and_one_fact_tells_of_all_in_one_go(tea: cast.Tea, lin: int) -> None:
    tag, an, bo = make(tea, lin), person("an"), person("bo")
    assert give(tag, [an, bo, an]) == (2, 0)
    assert give(tag, [an]) == (0, 1)
    assert list_people_tagged([tag], [tea.community_id], AT) == sorted([an, bo])
    told = Fact.objects.get(name="people.tagged")
    assert (told.words["people"], told.identity_id) == (2, None)
    assert do_untag_people(tag, [an], at=AT, user_id=lin) == 1
    assert Fact.objects.get(name="people.untagged").identity_id == an


def test_what_was_given_in_one_go_is_taken_back_in_one_go(tea: cast.Tea, lin: int) -> None:
    tag, an, bo = make(tea, lin), person("an"), person("bo")
    give(tag, [an])
    given = do_tag_people(tag, [an, bo], how="segment", at=AT, user_id=lin)
    assert do_untag_batch(given.batch, at=AT, user_id=lin) == 1
    assert do_untag_batch(given.batch, at=AT, user_id=lin) == 0
    assert do_untag_batch("unknown", at=AT, user_id=lin) == 0
    assert list_people_tagged([tag], [tea.community_id], AT) == [an]


def test_an_expired_tag_counts_no_more_and_stays_in_the_history(tea: cast.Tea, lin: int) -> None:
    tag, an = make(tea, lin, days=7), person("an")
    give(tag, [an])
    before, after = AT + 7 * DAY - DAY / 24, AT + 7 * DAY
    counted = [count_members_by_tag(tea.community_id, at).get(tag, 0) for at in (before, after)]
    assert counted == [1, 0]
    assert [find_tag(tag, at).people for at in (before, after)] == [1, 0]  # type: ignore[union-attr]
    assert tags_of_people([an], None, before) == {an: [(tag, "新手")]}
    assert tags_of_people([an], None, after) == {}
    (kept,) = list_tags_of_person(an, None)
    assert (kept.holds(before), kept.holds(after)) == (True, False)
    assert give(tag, [an], after) == (1, 0)  # again, for another seven days
    assert [one.holds(after) for one in list_tags_of_person(an, None)] == [True, False]
    assert do_untag_people(tag, [an], at=after + 8 * DAY, user_id=lin) == 0


def test_a_tag_ends_with_its_last_day_on_the_communitys_clocks(tea: cast.Tea, lin: int) -> None:
    tag, an = make(tea, lin, ends_on=date(2026, 3, 4), days=30), person("an")
    give(tag, [an])
    ends = datetime(2026, 3, 4, 16, tzinfo=UTC)  # midnight in Shanghai
    assert list_people_tagged([tag], [tea.community_id], ends - DAY / 24) == [an]
    assert list_people_tagged([tag], [tea.community_id], ends) == []
    with pytest.raises(BadUse, match="停用或过期"):
        give(tag, [an], ends)


def test_who_sits_there_no_more_is_not_counted_in_the_portrait(tea: cast.Tea, lin: int) -> None:
    tag = make(tea, lin)
    give(tag, [person("an"), person("bo")])
    Membership.objects.filter(identity__ref="bo").update(is_present=False)
    assert count_members_by_tag(tea.community_id, AT) == {tag: 1}
    assert count_members_by_tag(tea.community_id + 1, AT) == {}


def test_a_retired_tag_is_given_to_nobody_and_its_name_is_free(tea: cast.Tea, lin: int) -> None:
    tag = make(tea, lin)
    give(tag, [person("an")])
    with pytest.raises(BadUse, match="已经有一个"):
        make(tea, lin)
    assert do_retire_tag(tag, at=AT, user_id=lin)
    assert not do_retire_tag(tag, at=AT, user_id=lin)
    assert list_tags([tea.community_id], AT) == []
    assert list_people_tagged([tag], [tea.community_id], AT) == []
    with pytest.raises(BadUse):
        give(tag, [person("bo")])
    assert make(tea, lin) != tag


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (NewTag(name="  "), "要有名字"),
        (NewTag(name="长" * 41), "最多 40"),
        (NewTag(name="好", purpose="长" * 201), "最多 200"),
        (NewTag(name="好", days=0), "1 到"),
        (NewTag(name="好", days=9999), "1 到"),
    ],
)
def test_a_tag_that_cannot_be_is_refused(tea: cast.Tea, lin: int, new: NewTag, why: str) -> None:
    with pytest.raises(BadUse, match=why):
        do_make_tag(tea.community_id, new, at=AT, user_id=lin)
    assert list_tags(None, AT) == []


def test_a_changed_tag_leaves_what_was_given_as_it_was(tea: cast.Tea, lin: int) -> None:
    tag, an = make(tea, lin, days=7), person("an")
    give(tag, [an])
    assert do_change_tag(tag, NewTag(name="新人", days=30), at=AT, user_id=lin)
    assert not do_change_tag(tag, NewTag(name="新人", days=30), at=AT, user_id=lin)
    assert list_tags_of_person(an, None)[0].expires_at == AT + 7 * DAY
    assert Fact.objects.get(name="tag.changed").words["fields"] == ["days", "name"]


def test_tags_of_other_communities_are_not_told(tea: cast.Tea, lin: int) -> None:
    tag, an = make(tea, lin), person("an")
    give(tag, [an])
    assert list_tags_of_person(an, [tea.community_id + 1]) == []
    assert list_people_tagged([tag], [tea.community_id + 1], AT) == []
    assert [one.name for one in list_tags([tea.community_id + 1], AT)] == []
    assert do_forget_tags([tea.community_id], 9) == 1


def test_people_are_read_from_a_file_and_lines_that_fit_nobody_are_told(tea: cast.Tea) -> None:
    an, bo = person("an"), person("bo")
    text = f"编号,账号,平台,名字\n{an},,,\n,bo,sandbox,\n,,,安安\n,,,没有这个人\n999999,,,\n,bo,qq,\n\n,,,\n"
    listed = read_people(text.encode(), [tea.community_id])
    assert list(listed.person_ids) == [an, bo]
    assert [(one.line, str(one.why)) for one in listed.wrong] == [
        (4, "和第 2 行是同一个人"),
        (5, "没有名字是「没有这个人」的成员"),
        (6, "没有编号是「999999」的成员"),
        (7, "没有账号是「bo」的成员"),
    ]


def test_a_name_that_two_people_have_is_not_guessed(tea: cast.Tea) -> None:
    Identity.objects.filter(ref="bo").update(name="安安")
    listed = read_people("名字\n安安\n".encode("gb18030"), [tea.community_id])
    assert (list(listed.person_ids), "2 个人" in str(listed.wrong[0].why)) == ([], True)


def test_people_of_other_communities_are_nobody(tea: cast.Tea) -> None:
    listed = read_people(f"id\n{person('an')}\n".encode(), [tea.community_id + 1])
    assert (list(listed.person_ids), len(listed.wrong)) == ([], 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "第 1 行"),
        ("电话,城市\n1,2\n".encode(), "电话 | 城市"),
        (b"\xff\xfe\x00\x01\x81", "另存为 .xlsx 或 CSV"),
        (b"id\n" + b"1\n" * 200_001, "最多 200000 行"),
    ],
)
def test_a_file_that_lists_nobody_is_refused_whole(tea: cast.Tea, content: bytes, why: str) -> None:
    with pytest.raises(BadUse) as error:
        read_people(content, [tea.community_id])
    assert why in str(error.value)


def test_tags_and_frozen_segments_follow_somebody_who_is_joined_and_come_apart_again(tea: cast.Tea, lin: int) -> None:
    tag, an, bo = make(tea, lin), person("an"), person("bo")
    give(tag, [bo, an])
    rule = {"did": "messages", "at_least": 1}
    kept = do_save_segment(tea.community_id, "常客", "", rule, at=AT, user_id=lin)
    do_freeze_segment(kept, [an, bo], at=AT, user_id=lin)
    merge = do_merge_persons(an, bo, Evidence("union"), by=lin, at=AT, is_confirmed=True)
    one = min(an, bo)
    assert (list_people_tagged([tag], [tea.community_id], AT), list_frozen_people(kept)) == ([one], [one])
    assert {line.people for line in list_tags([tea.community_id], AT)} == {1}
    assert count_members_by_tag(tea.community_id, AT) == {tag: 1}
    assert tags_of_people([one], None, AT) == {one: [(tag, "新手")]}
    assert len(list_tags_of_person(one, None)) == 2
    assert give(tag, [one]) == (0, 1)
    do_undo_merge(merge, by=lin, at=AT)
    assert list_people_tagged([tag], [tea.community_id], AT) == list_frozen_people(kept) == sorted([an, bo])
    assert count_members_by_tag(tea.community_id, AT) == {tag: 2}


def test_a_tag_is_taken_from_somebody_who_was_joined_since(tea: cast.Tea, lin: int) -> None:
    tag, an, bo = make(tea, lin), person("an"), person("bo")
    give(tag, [max(an, bo)])
    do_merge_persons(an, bo, Evidence("union"), by=lin, at=AT, is_confirmed=True)
    assert do_untag_people(tag, [min(an, bo)], at=AT, user_id=lin) == 1
    assert list_people_tagged([tag], [tea.community_id], AT) == []

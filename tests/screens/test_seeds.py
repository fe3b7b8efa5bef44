"""Who carries a community, on its pages: the ranking, lists and what is made of them, the ladder, the weights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunying.communities.actions import do_found_community
from qunying.desk.models import Task
from qunying.insights.seeds.counting import step
from qunying.kernel import clock
from qunying.kernel.readings import UNREAD, Reading, Verdict, mask_of
from qunying.outbox.models import OutboxItem
from qunying.people.ladder import find_ladder
from qunying.people.models import Identity, Ladder, Shortlist
from qunying.people.shortlists import do_make_shortlist, list_shortlisted, list_shortlists
from qunying.people.standings import list_standings
from qunying.talk.models import Message
from qunying.talk.placing import do_place_new
from qunying.talk.readings import do_keep_readings
from tests import cast
from tests.screens.conftest import signed_in_as

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


def person(ref: str) -> int:
    """The person behind an account of the sandbox."""
    return Identity.objects.get(ref=ref, carrier="sandbox").person_id or 0


def counted() -> None:
    """The keeper comes by."""
    do_place_new()
    while step(clock.now()):
        pass


@pytest.fixture
def carried(tea: cast.Tea) -> cast.Tea:
    """For a week 安安 asks, 阿博 answers and is thanked, every day; counted the next day."""
    carry(7)
    with cast.later(7 * DAY):
        counted()
    return tea


def carry(days: int) -> None:
    for day in range(days):
        with cast.later(day * DAY):
            said = [
                cast.message(f"q{day}", "an", f"第 {day} 泡老茶怎么洗"),
                cast.message(f"a{day}", "bo", "沸水快出两次", reply_to=f"q{day}"),
                cast.message(f"t{day}", "an", "谢谢阿博", reply_to=f"a{day}"),
            ]
            cast.arrive(said)
            cast.told()
            asked = Message.objects.get(source_key__contains=f"q{day}")
            do_keep_readings([(asked.pk, Reading(UNREAD.scores, mask_of(Verdict.QUESTION), "test"))])


def page(client: Client, name: str, /, *args: object, status: int = 200, **query: object) -> str:
    """A page a week later, when everything was counted."""
    with cast.later(7 * DAY):
        response = client.get(reverse(f"console:{name}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, name: str, /, *args: object, status: int = 302, **said: object) -> str:
    with cast.later(7 * DAY):
        response = client.post(reverse(f"console:{name}", args=args), said)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_the_ranking_names_who_carries_the_community_and_why(carried: cast.Tea, owner: Client) -> None:
    html = page(owner, "seeds-community", carried.community_id)
    assert "「阿博」、「安安」最像种子用户" in html
    assert "30 天里来了 7 天，1 个人回过，帮人答了 7 问，被谢 7 次。" in html
    assert "没有平台数据，那一项不算。" in html
    assert html == page(owner, "seeds") or "最像种子用户" in page(owner, "seeds")


def test_it_is_said_that_it_is_being_counted_until_the_keeper_came(tea: cast.Tea, owner: Client) -> None:
    carry(1)
    html = page(owner, "seeds-community", tea.community_id)
    assert "正在数谁撑着这个社群" in html
    assert 'hx-trigger="load delay:4s"' in html
    with cast.later(7 * DAY):
        counted()
    html = page(owner, "seeds-community", tea.community_id)
    assert "hx-trigger" not in html.split('id="seeds-answer"')[1].split(">")[0]


@pytest.mark.parametrize("name", ["seeds-community", "seeds-lists", "seeds-ladder", "seeds-weights"])
def test_a_page_is_not_there_when_somebody_may_not_see_the_community(
    tea: cast.Tea, stranger: Client, name: str
) -> None:
    other = do_found_community(name="别家", at=clock.now())
    page(stranger, name, tea.community_id, status=404)
    page(signed_in_as("one", "lead", other), name, tea.community_id, status=404)


@pytest.mark.parametrize("name", ["seeds-count", "seeds-make"])
def test_nothing_is_changed_by_somebody_who_may_only_read(carried: cast.Tea, analyst: Client, name: str) -> None:
    post(analyst, name, carried.community_id, status=404, top="1", name="名单")
    pk = listed(carried)
    for act in ("seeds-list-change", "seeds-plan", "seeds-invite"):
        post(analyst, act, carried.community_id, pk, status=404, act="drop")
    assert "列成名单" not in page(analyst, "seeds-community", carried.community_id)
    assert "存下门槛" not in page(analyst, "seeds-ladder", carried.community_id)
    post(analyst, "seeds-weights", carried.community_id, status=200, days="0")
    assert find_ladder(carried.community_id).weights == {}


def listed(tea: cast.Tea, *refs: str) -> int:
    with cast.later(7 * DAY):
        people = [person(ref) for ref in refs or ("an", "bo")]
        return do_make_shortlist(tea.community_id, "第一批", people, user_id=0, at=clock.now())


def test_who_carries_stands_on_the_pages_of_the_group_and_its_report(carried: cast.Tea, owner: Client) -> None:
    over = {"from": "2024-03-05", "to": "2024-03-10"}
    for html in (
        page(owner, "group-carried", carried.first),
        page(owner, "group-kept", carried.first, hangs="1"),
        page(owner, "group-report", carried.first, **over),
    ):
        assert "最像种子用户" in html
        assert "阿博" in html


def test_one_click_makes_a_list_of_the_first_and_it_can_be_undone(carried: cast.Tea, owner: Client) -> None:
    post(owner, "seeds-make", carried.community_id, top="1", name="三月的种子")
    (made,) = list_shortlists(carried.community_id)
    assert (made.name, made.people) == ("三月的种子", 2)
    html = page(owner, "seeds-list", carried.community_id, made.id)
    assert "2 人，今天才放进名单" in html
    assert "?act=drop" in html
    post(owner, "seeds-list-change", carried.community_id, made.id, act="drop")
    assert list_shortlists(carried.community_id) == []
    post(owner, "seeds-list-change", carried.community_id, made.id, act="back")
    assert len(list_shortlists(carried.community_id)) == 1


def test_the_form_says_what_is_wrong_when_nobody_is_ticked_or_it_has_no_name(carried: cast.Tea, owner: Client) -> None:
    html = post(owner, "seeds-make", carried.community_id, status=422, name="名单", person=["x", ""])
    assert "先勾上要放进名单的人" in html
    html = post(owner, "seeds-make", carried.community_id, status=422, name=" ", top="1")
    assert "给名单起个名字" in html
    post(owner, "seeds-make", carried.community_id, status=422, name="名单", person=[999_999_999])
    assert not Shortlist.objects.exists()


def test_a_list_is_renamed_and_somebody_taken_off_and_put_back(carried: cast.Tea, owner: Client) -> None:
    pk, home = listed(carried), carried.community_id
    post(owner, "seeds-list-change", home, pk, act="rename", name="<script>坏</script>")
    assert "<script>坏" not in page(owner, "seeds-list", home, pk)
    assert "太长了" in post(owner, "seeds-list-change", home, pk, status=422, act="rename", name="长" * 61)
    post(owner, "seeds-list-change", home, pk, act="off", person=person("an"))
    assert [one.name for one in list_shortlisted(pk)] == ["阿博"]
    post(owner, "seeds-list-change", home, pk, act="on", person=person("an"))
    assert len(list_shortlisted(pk)) == 2


def test_the_plan_shows_what_it_will_open_and_opens_just_that_once(carried: cast.Tea, owner: Client) -> None:
    pk, home = listed(carried), carried.community_id
    html = page(owner, "seeds-plan", home, pk)
    assert "会开 2 件私聊的待办" in html
    assert "你好！我是「茶友会」的运营" in html
    assert not Task.objects.exists()
    day = (clock.now() + 8 * DAY).date().isoformat()
    said = {"assigned": ["小李"], "first_day": day, "a_day": "1"}
    for _ in range(2):
        post(owner, "seeds-plan", home, pk, **said)
    assert list(Task.objects.values_list("kind", "assigned")) == [("private_talk", "小李")] * 2
    assert "小李 去聊" in page(owner, "seeds-list", home, pk)
    html = post(owner, "seeds-plan", home, pk, status=422, assigned=["小李"], first_day="2024-01-01", a_day="1")
    assert "从今天到 90 天以内的一天开始" in html
    post(owner, "seeds-plan", home, pk, status=422, assigned=["陌生人"], first_day=day, a_day="0")


def test_an_invitation_waits_in_the_outbox_for_a_nod(carried: cast.Tea, owner: Client) -> None:
    pk, home = listed(carried), carried.community_id
    group = carried.groups["g2"]
    assert "已经在群里" in page(owner, "seeds-invite", home, pk, group=group)
    post(owner, "seeds-invite", home, pk, group=group)  # both sit there
    assert not OutboxItem.objects.filter(kind="Invite").exists()
    cast.arrive([cast.message("c1", "chen", "也来喝茶")])
    cast.told()
    other = listed(carried, "chen")
    for _ in range(2):
        post(owner, "seeds-invite", home, other, group=group)
    assert [one.state for one in OutboxItem.objects.filter(kind="Invite")] == ["needs_approval"]
    assert "列进了种子用户名单" in page(owner, "outbox", state="needs_approval")
    post(owner, "seeds-invite", home, other, status=422, group="999999")


def test_the_ladder_tells_who_stands_where_and_what_is_missing(carried: cast.Tea, owner: Client) -> None:
    html = page(owner, "seeds-ladder", carried.community_id)
    assert "活跃成员" in html
    with cast.later(7 * DAY):
        standings = list_standings(carried.community_id)
    assert {standings[pk].rung for pk in standings} <= {"active", "core"}
    assert "每一级的门槛" in html


def rungs_said(**more: object) -> dict[str, object]:
    needs = {"days": 1, "openings": 0, "answerers": 0, "helped": 0, "thanked": 0, "messages": 0}
    said = {f"{code}_{name}": value for code in ("active", "core", "leader") for name, value in needs.items()}
    names = {"active_name": "茶友", "core_name": "茶博士", "leader_name": "馆主"}
    return {**said, **names, "core_days": 5, "leader_days": 20, **more}


def test_rungs_are_changed_and_decided_anew_and_wrong_ones_come_back(carried: cast.Tea, owner: Client) -> None:
    home = carried.community_id
    assert "至少要有一项门槛" in post(owner, "seeds-ladder", home, status=422, **rungs_said(core_days=0))
    post(owner, "seeds-ladder", home, status=422, **rungs_said(core_days=-1))
    assert find_ladder(home).rungs == []
    post(owner, "seeds-ladder", home, **rungs_said())
    with cast.later(7 * DAY):
        counted()
    assert {one.rung for one in list_standings(home).values()} == {"core"}
    assert "2 人站在「茶博士」以上" in page(owner, "seeds-ladder", home)


def test_weights_and_the_founding_are_changed_and_wrong_ones_come_back(carried: cast.Tea, owner: Client) -> None:
    home, said = (
        carried.community_id,
        dict.fromkeys(("openings", "answerers", "helped", "thanked", "platform", "notes"), "10"),
    )
    html = post(owner, "seeds-weights", home, status=422, days="1", messages="2", **said)
    assert "一个吵闹的日子就能赢" in html
    html = post(owner, "seeds-weights", home, status=422, days="9", messages="2", founded_on="2999-01-01", **said)
    assert "成立的日子还没到" in html
    assert not Ladder.objects.exclude(weights={}).exists()
    post(owner, "seeds-weights", home, days="9", messages="2", founded_on="2024-01-01", **said)
    assert find_ladder(home).weights["days"] == 9
    assert "正在重新数" in page(owner, "seeds-community", home)


def queries(client: Client, addresses: Sequence[str]) -> list[int]:
    found = []
    for address in addresses:
        client.get(address)
        cache.clear()
        with CaptureQueriesContext(connection) as captured, cast.later(7 * DAY):
            assert client.get(address).status_code == 200
        found.append(len(captured))
    return found


def test_pages_of_a_list_need_as_many_queries_when_ten_times_as_many_are_on_it(tea: cast.Tea, owner: Client) -> None:
    def asked(people: int) -> list[int]:
        refs = [f"m{people}-{n}" for n in range(people)]
        cast.arrive([cast.message(f"x{ref}", ref, "早") for ref in refs])
        cast.told()
        pk = listed(tea, *refs)
        pages = [reverse(f"console:seeds-{name}", args=[tea.community_id, pk]) for name in ("list", "plan", "invite")]
        return queries(owner, [*pages, f"{pages[2]}?group={tea.groups['g2']}"])

    few, many = asked(3), asked(30)
    assert few == many
    assert max(many) <= 30


def test_the_silent_are_touched_gently_and_a_touch_is_a_task_once_a_week(tea: cast.Tea, owner: Client) -> None:
    assert "先轻轻碰一下" not in page(owner, "group-members", tea.first)
    assert "先轻轻碰一下" not in page(owner, "group-members", tea.first, layer="follower")
    assert "问一句一个字就能答的" in page(owner, "group-members", tea.first, layer="dormant")
    for _ in range(2):
        post(owner, "group-touch", tea.first, touch="small_question", layer="dormant")
    post(owner, "group-touch", tea.first, touch="kick", layer="dormant")
    task = Task.objects.get()
    assert (task.kind, task.group_id) == ("touch", tea.first)
    assert "回一个数字就行" in task.details
    assert "这周记过了" in page(owner, "group-members", tea.first, layer="dormant")
    assert "先轻轻碰一下" not in page(owner, "group-members", tea.first, layer="lurker")  # nobody is one
    assert not OutboxItem.objects.exists()


def test_the_journal_tells_who_moved_and_which_list_changed(carried: cast.Tea, owner: Client) -> None:
    pk = listed(carried)
    post(owner, "seeds-list-change", carried.community_id, pk, act="off", person=person("an"))
    post(owner, "seeds-ladder", carried.community_id, **rungs_said())
    with cast.later(8 * DAY):  # on the first day nobody rises: that is where they start
        counted()
    html = page(owner, "journal")
    assert "「安安」从「活跃成员」到「核心成员」" in html or "「安安」从「普通成员」到「核心成员」" in html
    assert "拿下了人" in html
    assert "每一级的门槛" in html


def test_the_group_page_says_whom_it_hangs_on(carried: cast.Tea, owner: Client) -> None:
    address = reverse("console:group-talks", args=[carried.first])
    with cast.later(7 * DAY):
        assert "说得最多的三位占了" not in owner.get(address, headers=HTMX).content.decode()  # two people only
    cache.clear()
    with cast.later(6 * DAY + timedelta(hours=9)):
        said = [cast.message(f"z{n}", ref, f"我也说一句 {n}") for n, ref in enumerate(("chen", "fang", "man"))]
        cast.arrive(said)
        cast.told()
        do_place_new()
    with cast.later(7 * DAY):
        html = owner.get(address, headers=HTMX).content.decode()
    assert "说得最多的三位占了" in html
    assert "没有 TA 剩" in html


@pytest.mark.parametrize("part", ["community-carried", "group-carried"])
def test_who_carries_is_told_on_the_community_and_in_the_group_in_few_queries(
    carried: cast.Tea, owner: Client, part: str
) -> None:
    made = listed(carried)
    post(owner, "seeds-plan", carried.community_id, made, assigned=["小李"], first_day="2024-03-13", a_day="1")
    with cast.later(8 * DAY):  # the ladder begins on its first day, the second one decides
        counted()
        where = carried.community_id if part == "community-carried" else carried.first
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            html = owner.get(reverse(f"console:{part}", args=[where]), HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in html
    assert "「阿博」、「安安」最像种子用户" in html
    assert "安排了私聊" in html
    assert "帮人答了 7 问" in html
    assert ("整条阶梯" in html) is (part == "community-carried")
    assert len(asked) <= 26


def test_the_pages_wait_for_who_carries(carried: cast.Tea, owner: Client) -> None:
    home, group = carried.community_id, carried.first
    assert reverse("console:community-carried", args=[home]) in page(owner, "community", home)
    assert reverse("console:group-carried", args=[group]) in page(owner, "group", group)
    assert "最像种子用户" in page(owner, "group-kept", group, hangs="1")

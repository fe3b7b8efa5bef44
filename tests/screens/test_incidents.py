"""The incident desk: what is open and who leads, one incident with its course, and what people do about it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from qunying.capabilities.incidents.actions import do_write_note
from qunying.capabilities.incidents.course import SAID_AT_MOST
from qunying.capabilities.incidents.models import Incident, Moment
from qunying.communities.actions import NewStaff, do_forget_communities, do_found_community, do_name_staff
from qunying.console.today.needs import rank_needs
from qunying.desk.models import Task
from qunying.journal.models import Fact, PersonalPart
from qunying.kernel import clock
from qunying.kernel.effects import Mute
from qunying.kernel.errors import BadUse
from qunying.outbox.actions import do_order
from qunying.outbox.models import OutboxItem
from qunying.people.models import Identity
from tests import cast
from tests.incidents.found import found
from tests.screens.conftest import signed_in_as

MINUTE = timedelta(minutes=1)
HOSTILE = '"><img src=x onerror=alert(1)> ‮吵架'


@pytest.fixture
def quarrel(tea: cast.Tea) -> int:
    """安安 and 阿博 quarrelled just now in the first group; 小李 leads."""
    cast.arrive([cast.message("m1", "an", "你懂什么茶"), cast.message("m2", "bo", "你才不懂")])
    cast.told()
    return found(tea.community_id, "quarrel", group_id=tea.first, refs=("an", "bo"), messages=("m1", "m2"))


def page(client: Client, incident: int | None = None, status: int = 200) -> str:
    """The desk, or one incident."""
    name = "incidents:desk" if incident is None else "incidents:incident"
    response = client.get(reverse(name, args=[] if incident is None else [incident]))
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, name: str, *args: object, status: int = 302, query: str = "", **said: str) -> str:
    """Presses a button; answers the page that comes of it."""
    address = reverse(f"incidents:{name}", args=args) + query
    response = client.post(address, said)
    assert response.status_code == status, response.content.decode()
    return response.content.decode() if status != 302 else client.get(response["Location"]).content.decode()


def course(html: str) -> list[str]:
    """The lines of its course as read, newest first."""
    rows = re.search(r'<ol class="line-of">(.*?)</ol>', html, re.DOTALL)
    assert rows
    lines = re.findall(r"<li>.*?<div>(.*?)</div>", rows[1], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def test_the_desk_says_what_will_stand_there_when_nothing_happened(tea: cast.Tea, owner: Client) -> None:
    html = page(owner)
    assert "现在没有事件" in html
    assert "还没有结束过的事件" in html


def test_an_open_incident_shows_what_where_how_long_who_and_what_next(
    tea: cast.Tea, quarrel: int, owner: Client
) -> None:
    with cast.later(12 * MINUTE):
        html = page(owner)
    for words in ("成员吵起来了", "茶友会1群", "开了 12 分钟", "小李", "下一步：私下和「安安」聊聊", "马上处理"):
        assert words in html


def test_the_most_serious_comes_first_when_several_are_open(tea: cast.Tea, owner: Client) -> None:
    for number, kind in enumerate(("silent_group", "off_topic_storm", "mass_leaving")):
        with cast.later(number * MINUTE):
            found(tea.community_id, kind, group_id=tea.first)
    html = page(owner)
    assert html.index("很多人一起退群") < html.index("跑题刷屏") < html.index("群静下来了")


def test_nobody_is_said_to_lead_when_the_roster_is_empty(db: None, owner: Client) -> None:
    with cast.clock_stands(cast.TUESDAY):
        home = do_found_community(name="没人管", at=clock.now())
        incident = found(home, "mass_leaving")
        desk, html = page(owner), page(owner, incident)
    assert "没人负责" in desk
    assert "先定谁来负责" in desk
    assert "先定谁来负责" in html
    assert "没人管" in html


def test_one_incident_shows_people_tasks_and_how_to_do_them(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    html = page(owner, quarrel)
    assert html.count("小李 去聊") == 2
    assert "还剩 30 分钟" in html
    assert "先听，不评谁对谁错" in html
    assert re.search(rf'<a href="/groups/{tea.first}/messages/\d+/">第 1 条消息</a>', html)
    for ref in ("an", "bo"):
        assert f"/people/{Identity.objects.get(ref=ref).person_id}/" in html
    with cast.later(31 * MINUTE):
        assert "过了 1 分" in page(owner, quarrel)


def test_the_course_fills_by_itself_when_things_go_on(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    an = Identity.objects.get(ref="an").pk
    with cast.later(MINUTE):
        cast.arrive([cast.message("m3", "an", "我退了"), cast.message("m4", "li", "都消消气")])
        cast.arrive([cast.message("m5", "an", "别的群里说的")], "g2")
        cast.told()
    with cast.later(2 * MINUTE) as at:
        mute, user = Mute(group_id=tea.first, member=an, duration=timedelta(minutes=10)), User.objects.get().pk
        do_order(mute, community_id=tea.community_id, user_id=user, key="mute", at=at, carrier="sandbox")
    with cast.later(3 * MINUTE):
        send(owner, "finish", quarrel, Task.objects.get(identity_id=an).pk)
    with cast.later(4 * MINUTE):
        html = send(owner, "note", quarrel, words="安安愿意回来")
    assert course(html) == [
        "lin同学记下 安安愿意回来",
        "lin同学做完了：私下和「安安」聊聊",
        "禁言「安安」，等着发",
        "安安 我退了",
        "牵涉「阿博」",
        "牵涉「安安」",
        "立了这件事",
        "阿博 你才不懂",
        "安安 你懂什么茶",
    ]
    assert "聊过了" in html


def test_the_latest_are_shown_and_the_rest_is_said_to_be_there_when_much_was_said(
    tea: cast.Tea, quarrel: int, owner: Client
) -> None:
    assert "只列最近的" not in page(owner, quarrel)
    with cast.later(MINUTE):
        cast.arrive([cast.message(f"more{n}", "an", f"第{n}句") for n in range(SAID_AT_MOST + 5)])
        cast.told()
        html = page(owner, quarrel)
    assert "只列最近的" in html
    assert len([line for line in course(html) if "句" in line]) == SAID_AT_MOST
    assert "立了这件事" in course(html)


def test_a_message_is_marked_as_withdrawn_when_it_was(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    cast.arrive([cast.recall("r1", "m2")])
    cast.told()
    assert "阿博 已撤回 你才不懂" in course(page(owner, quarrel))


def test_nothing_said_after_the_end_is_shown_when_it_is_over(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    with cast.later(MINUTE):
        send(owner, "close", quarrel)
    with cast.later(5 * MINUTE):
        cast.arrive([cast.message("m9", "an", "今天天气好")])
        cast.told()
        assert "今天天气好" not in page(owner, quarrel)
        send(owner, "reopen", quarrel)
        assert "今天天气好" in page(owner, quarrel)


def test_work_goes_along_when_somebody_else_leads(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    do_name_staff(tea.community_id, [NewStaff("sandbox", "wang", "王老师", "teacher")])
    send(owner, "finish", quarrel, Task.objects.order_by("id")[0].pk)
    html = send(owner, "owner", quarrel, owner="sandbox/wang")
    assert "lin同学定了由「王老师」负责" in html
    assert list(Task.objects.order_by("id").values_list("assigned", flat=True)) == ["小李", "王老师"]
    fact = Fact.objects.get(name="incident.owner_changed")
    assert fact.words == {"incident": quarrel, "kind": "quarrel"}
    assert PersonalPart.objects.get(fact=fact.pk).words == {"from": "小李", "to": "王老师"}
    with cast.later(MINUTE):
        assert "把负责人空了出来" in send(owner, "owner", quarrel, owner="")
    assert Incident.objects.get().owner_name == ""


def test_nothing_happens_when_the_same_person_is_chosen_again(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    send(owner, "owner", quarrel, owner="sandbox/li")
    assert not Fact.objects.filter(name="incident.owner_changed").exists()
    assert not Moment.objects.filter(kind="owner").exists()


def test_the_reason_is_said_when_somebody_is_not_on_the_roster(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    assert "名册上没有这个人了" in send(owner, "owner", quarrel, owner="sandbox/an", status=422)
    assert Incident.objects.get().owner_name == "小李"


def test_closing_says_how_many_tasks_stay_open_and_keeps_the_words(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    with cast.later(90 * MINUTE):
        html = send(owner, "close", quarrel, words="都道了歉")
        desk = page(owner)
    assert "还有 2 件待办开着" in html
    assert "结束了，用了 1 小时 30 分" in html
    assert "都道了歉" in html
    assert "都道了歉" in desk
    assert "现在没有事件" in desk
    assert set(Task.objects.values_list("state", flat=True)) == {"open"}
    assert Fact.objects.get(name="incident.closed").words["left"] == 2


def test_it_is_not_closed_twice_when_two_press_at_once(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    send(owner, "close", quarrel, words="一")
    html = send(owner, "close", quarrel, words="二", status=422)
    assert "这件事已经结束了" in html
    assert Incident.objects.get().closing_words == "一"
    assert "这件事已经结束了" in send(owner, "owner", quarrel, owner="", status=422)


def test_it_can_go_on_when_it_was_closed_too_early(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    send(owner, "close", quarrel, words="好了")
    with cast.later(MINUTE):
        html = send(owner, "reopen", quarrel)
    assert "又开了这件事" in html
    assert "结束这件事" in html
    assert Incident.objects.get().closed_at is None
    assert Fact.objects.filter(name="incident.reopened").count() == 1
    assert "它本来就开着" in send(owner, "reopen", quarrel, status=422)


def test_the_other_one_is_named_when_the_same_was_opened_anew(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    send(owner, "close", quarrel)
    with cast.later(MINUTE):
        again = found(tea.community_id, "quarrel", group_id=tea.first, refs=("an",))
        assert again != quarrel
        assert "同一件事已经另开了一件" in send(owner, "reopen", quarrel, status=422)


def test_closing_is_proposed_when_all_tasks_are_done(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    one, two = Task.objects.order_by("id").values_list("pk", flat=True)
    assert "群里平静了，就可以结束" not in send(owner, "finish", quarrel, one)
    assert "群里平静了，就可以结束" in send(owner, "finish", quarrel, two)
    assert "待办都做完了，可以结束" in page(owner)
    assert "群里平静了，就可以结束" not in send(owner, "finish", quarrel, two, query="?undo=1")
    assert list(Task.objects.order_by("id").values_list("state", flat=True)) == ["done", "open"]


def test_the_reason_is_said_when_somebody_else_was_faster(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    one = Task.objects.order_by("id")[0].pk
    send(owner, "finish", quarrel, one)
    assert "别人已经做完了" in send(owner, "finish", quarrel, one, status=422)
    send(owner, "finish", quarrel, one, query="?undo=1")
    assert "它本来就开着" in send(owner, "finish", quarrel, one, query="?undo=1", status=422)


def test_a_task_of_something_else_is_not_done_here_when_named(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    with cast.later(MINUTE):
        found(tea.community_id, "competitor_wave", group_id=tea.first)
    other = Task.objects.filter(kind="check_groups").values_list("pk", flat=True)[0]
    send(owner, "finish", quarrel, other, status=404)
    assert Task.objects.get(pk=other).state == "open"


def test_nothing_is_noted_when_nothing_was_written(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    assert "写几个字再记下" in send(owner, "note", quarrel, words="  ", status=422)
    assert not Moment.objects.filter(kind="note").exists()


def test_a_note_is_kept_once_when_it_is_sent_twice_at_once(tea: cast.Tea, quarrel: int) -> None:
    user = User.objects.create_user("lin").pk
    for _ in range(2):
        do_write_note(quarrel, "看过了", user_id=user, at=clock.now())
    assert Moment.objects.filter(kind="note").count() == 1


def test_hostile_words_stay_words_when_shown(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    html = send(owner, "note", quarrel, words=HOSTILE) + send(owner, "close", quarrel, words=HOSTILE) + page(owner)
    assert "<img src=x" not in html
    assert html.count("&lt;img src=x") >= 3


def test_whoever_may_only_read_has_nothing_to_press(tea: cast.Tea, quarrel: int, analyst: Client) -> None:
    html = page(analyst, quarrel)
    assert "成员吵起来了" in html
    assert 'action="/incidents/' not in html
    assert "<b><bdi>小李</bdi></b>" in html
    send(analyst, "note", quarrel, words="看看", status=404)


def test_another_communitys_incident_is_not_there_for_a_neighbour(tea: cast.Tea, quarrel: int) -> None:
    other = do_found_community(name="别家", at=clock.now())
    neighbour = signed_in_as("neighbour", "owner", other)
    page(neighbour, quarrel, status=404)
    assert "成员吵起来了" not in page(neighbour)


def test_open_incidents_come_first_today_when_other_work_is_late(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    with cast.later(timedelta(hours=3)) as now:
        ranked = rank_needs({tea.community_id: "茶友会"}, (), now)
        html = owner.get("/").content.decode()
    assert next(one.key for one in ranked) == "incidents0"
    assert len(ranked) == 3
    assert html.index("成员吵起来了") < html.index("私下和「安安」聊聊")
    assert f'<a class="btn small primary" href="/incidents/{quarrel}/">去处理</a>' in html


def test_the_navigation_counts_open_incidents_within_reach(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    html = page(owner)
    (item,) = re.findall(
        r'<a class="nav"[^>]*href="/incidents/"[^>]*>.*?</a>', html[: html.index('id="more"')], re.DOTALL
    )
    assert 'aria-current="page"' in item
    assert re.search(r'class="count act">\s*1\s*<', item)
    send(owner, "close", quarrel)
    html = page(owner)
    (item,) = re.findall(
        r'<a class="nav"[^>]*href="/incidents/"[^>]*>.*?</a>', html[: html.index('id="more"')], re.DOTALL
    )
    assert "count" not in item


def test_the_journal_tells_of_incidents(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    send(owner, "owner", quarrel, owner="")
    send(owner, "close", quarrel)
    html = owner.get("/journal/?kind=incident.closed").content.decode()
    assert "结束了一件事件" in html
    assert "成员吵起来了，还有 2 件待办开着" in html


def test_everything_goes_when_the_community_is_removed(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    send(owner, "note", quarrel, words="记一笔")
    Task.objects.all().delete()
    do_forget_communities([tea.community_id])
    assert not Incident.objects.exists()
    assert not Moment.objects.exists()


def test_what_is_noted_about_a_member_goes_when_they_are_forgotten(tea: cast.Tea, quarrel: int, owner: Client) -> None:
    Identity.objects.filter(ref="an").delete()
    assert Moment.objects.filter(kind="member").count() == 1
    assert "牵涉「安安」" not in course(page(owner, quarrel))


def test_nothing_is_done_when_an_incident_is_gone(db: None) -> None:
    with pytest.raises(BadUse):
        do_write_note(1, "在吗", user_id=1, at=clock.now())


@pytest.fixture
def wave(tea: cast.Tea) -> int:
    """Twelve newcomers in the first group, one of them in the second too, were a wave; so was, by mistake, 小李."""
    members = [f"x{number}" for number in range(12)]
    cast.arrive([cast.join(f"j{ref}", ref, f"资料助理{ref}") for ref in members])
    cast.arrive([cast.join("again", "x0", "资料助理x0")], "g2")
    cast.arrive([cast.message("m1", "x0", "领资料"), cast.message("m2", "li", "大家别加")])
    cast.worked()
    refs = (*members, "li")
    return found(tea.community_id, "competitor_wave", group_id=tea.first, refs=refs, messages=("m1",))


def removals() -> list[tuple[int | None, int | None]]:
    return list(OutboxItem.objects.filter(kind="RemoveMember").values_list("group_id", "member_id").order_by("pk"))


def seats_of(html: str) -> list[str]:
    return re.findall(r'name="seat" value="([^"]+)"', html)


def test_a_wave_is_taken_out_of_every_group_once_somebody_has_typed_how_many(owner: Client, wave: int) -> None:
    address = reverse("incidents:everywhere", args=[wave])
    shown = owner.get(address).content.decode()
    seats = seats_of(shown)
    assert len(seats) == 13
    assert "小李" in shown.partition("同事和管理员不动")[2]
    for typed in ("", "12"):
        refused = owner.post(address, {"seat": seats, "count": typed})
        assert refused.status_code == 422
    assert removals() == []
    for _ in range(2):  # pressed twice
        assert owner.post(address, {"seat": seats, "count": "13"}).status_code == 302
    assert len(removals()) == 13
    li = Identity.objects.get(ref="li").pk
    assert li not in {member for _, member in removals()}


def test_only_those_that_are_ticked_are_removed_and_nobody_from_outside(owner: Client, wave: int) -> None:
    address = reverse("incidents:everywhere", args=[wave])
    seats = seats_of(owner.get(address).content.decode())
    an = Identity.objects.get(ref="an").pk
    group = seats[0].partition(":")[0]
    assert owner.post(address, {"seat": [seats[0], f"{group}:{an}"]}).status_code == 302
    assert [f"{group}:{member}" for group, member in removals()] == seats[:1]
    assert owner.post(address, {}).status_code == 422

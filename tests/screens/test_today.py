"""Today: what needs a person, what runs by itself, what happened since yesterday."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import do_pause, do_set_mode
from qunying.console.today.needs import rank_needs, tell_needs
from qunying.desk.actions import do_open_task
from qunying.desk.queries import list_cases, list_tasks
from qunying.insights.queries import Weeks
from qunying.intake.queries import list_timers_until
from qunying.kernel import clock
from qunying.kernel.effects import OpenTask, Say
from qunying.kernel.scene import Mode
from qunying.kernel.texts import Sentence
from qunying.outbox.actions import do_order
from qunying.outbox.queries import list_items
from tests import cast
from tests.screens.conftest import counted, signed_in_as

Counted = Callable[[int], AbstractContextManager[object]]
HOSTILE = "<b onclick=x>回访</b>‮「安安」\u200b👩‍🚀" + "长" * 200


def today(client: Client, query: str = "") -> str:
    """The page."""
    response = client.get(reverse("console:today") + query)
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, name: str, *args: object) -> str:
    """Presses a button; answers the page after it."""
    return client.post(reverse(f"console:{name}", args=args), follow=True).content.decode()


def open_task(tea: cast.Tea, key: str, title: str, due: timedelta | None = None) -> int:
    """A task of the community, due that long from now; answers its id."""
    at = clock.now()
    task = OpenTask(key=key, kind="call", title=title, group_id=tea.first, due_at=at + due if due else None)
    do_open_task(task, community_id=tea.community_id, at=at)
    return next(one.pk for one in list_tasks([tea.community_id]) if one.key == key)


def test_the_way_to_a_first_group_is_shown_when_there_is_none(owner: Client, analyst: Client) -> None:
    assert "先看看你自己的群" in today(owner)
    assert 'type="file"' in today(owner)
    assert "你的账号不能导入" in today(analyst)


def test_nothing_to_do_is_said_when_nothing_waits(tea: cast.Tea, owner: Client) -> None:
    html = today(owner)

    assert "现在没有要你做的" in html
    assert "接下来 12 小时没有排着的事" in html
    assert "昨天没人说话" in html
    assert "没有群静下来" in html


def test_the_sign_in_page_comes_when_nobody_is_signed_in(client: Client) -> None:
    assert client.get(reverse("console:today")).status_code == 302


def test_nothing_of_others_is_seen_when_the_role_is_for_one_community(tea: cast.Tea) -> None:
    other = cast.build_tea(name="别家", groups=("x1",))
    task = open_task(tea, "a", "茶友会的事")
    watcher = signed_in_as("wat", "watcher", other.community_id)

    assert "茶友会的事" not in today(watcher)
    assert "没有这一件" in post(watcher, "today-done", task)
    assert [one.pk for one in list_tasks([tea.community_id])] == [task]


def test_a_late_task_goes_first_when_others_have_time(tea: cast.Tea, owner: Client) -> None:
    open_task(tea, "a", "不急的事")
    open_task(tea, "b", "今晚的事", timedelta(hours=3))
    open_task(tea, "c", "过期的事", timedelta(minutes=-5))

    html = today(owner)

    places = [html.index(title) for title in ("过期的事", "今晚的事", "不急的事")]
    assert places == sorted(places)
    assert "3 件，大约 9 分钟" in html
    assert "过了 5 分" in html
    assert "还剩 3 小时" in html


def test_a_task_comes_back_when_done_was_a_mistake(tea: cast.Tea, owner: Client) -> None:
    task = open_task(tea, "a", "回访安安")

    html = post(owner, "today-done", task)
    assert "做完了：回访安安" in html
    assert "今天已完成 1 件" in html
    assert "别人已经做完了" in post(owner, "today-done", task)

    assert "放回来了：回访安安" in post(owner, "today-undone", task)
    assert [one.pk for one in list_tasks([tea.community_id])] == [task]
    assert "它本来就开着" in post(owner, "today-undone", task)


def test_what_a_platform_would_not_let_us_do_is_shown_with_its_words_and_the_way(
    tea: cast.Tea, owner: Client, analyst: Client
) -> None:
    title = Sentence("请到「%(where)s」说这段话", {"where": "茶友会1群"}).to_text()
    way = "https://matrix.to/#/%21a"
    task = OpenTask(
        key="by_hand:7",
        kind="by_hand",
        title=title,
        group_id=tea.first,
        assigned="小李",
        details=f"大家早\n{HOSTILE}\n{way}",
    )
    do_open_task(task, community_id=tea.community_id, at=clock.now())
    html = today(owner)
    assert "请到「茶友会1群」说这段话" in html
    assert "<span><bdi>小李</bdi></span>" in html
    assert f'href="{way}"' in html
    assert "大家早<br>&lt;b onclick=x&gt;" in html
    assert "做完了" not in today(analyst)


def test_a_task_stays_done_when_the_same_work_was_opened_anew(tea: cast.Tea, owner: Client) -> None:
    task = open_task(tea, "a", "回访安安")
    post(owner, "today-done", task)
    open_task(tea, "a", "回访安安")

    assert "同一件事已经重新开了一件" in post(owner, "today-undone", task)


def test_buttons_are_not_there_when_somebody_may_only_read(tea: cast.Tea, analyst: Client) -> None:
    task = open_task(tea, "a", "回访安安")

    assert reverse("console:today-done", args=[task]) not in today(analyst)
    assert analyst.post(reverse("console:today-done", args=[task])).status_code == 404
    assert analyst.get(reverse("console:today-done", args=[task])).status_code == 405


def test_approvals_are_one_line_when_several_wait(tea: cast.Tea, owner: Client) -> None:
    do_set_mode("onboarding", Mode.SUGGEST, community_id=tea.community_id, at=clock.now(), actor="system")
    for group in tea.groups:
        cast.arrive([cast.join(f"j{group}", f"new{group}")], group)
    cast.passed(clock.now(), clock.now() + timedelta(minutes=5))

    with cast.later(timedelta(minutes=5)):
        html = today(owner)

    assert len(list_cases([tea.community_id])) == 2
    assert "2 条等你点头：在群里说话" in html
    assert "2 个群" in html
    assert "去点头" in html


def test_a_failed_envelope_is_told_again_when_somebody_asks(
    tea: cast.Tea, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("qunying.pipeline.inbound.do_keep", lambda *_: 1 / 0)
        cast.arrive([cast.message("m1", "an", "早")])
        cast.worked()

    assert "1 条没能处理" in today(owner)
    assert 'class="count act"' in today(owner)
    elsewhere = signed_in_as("wat", "watcher", cast.build_tea(name="别家", groups=("x1",)).community_id)
    assert 'class="count act"' not in today(elsewhere)
    assert "1 条重新排上了" in post(owner, "today-retry", tea.community_id)

    cast.told()
    assert "1 条没能处理" not in today(owner)


def test_what_waits_to_be_said_is_held_and_let_go_when_somebody_says_so(tea: cast.Tea, owner: Client) -> None:
    at = clock.now()
    effect = Say(group_id=tea.first, text="今晚八点茶桌见", not_before=at + timedelta(hours=2))
    do_order(effect, community_id=tea.community_id, user_id=1, key="k", at=at, carrier="sandbox")
    item = list_items(tea.community_id)[0]
    html = today(owner)
    assert "16:00" in html
    assert "在群里说话「今晚八点茶桌见」" in html

    assert "先不发了" in post(owner, "today-hold-item", item.pk)
    assert list_items(tea.community_id)[0].state == "cancelled"

    assert "照原来的发" in post(owner, "today-release-item", item.pk)
    released = list_items(tea.community_id)[0]
    assert (released.state, released.next_attempt_at) == ("waiting", cast.utc(at + timedelta(hours=2)))
    assert "没有被拦下" in post(owner, "today-release-item", item.pk)


def test_a_stale_effect_stays_held_when_its_hour_is_over(tea: cast.Tea, owner: Client) -> None:
    at = clock.now()
    do_order(
        Say(group_id=tea.first, text="早"), community_id=tea.community_id, user_id=1, key="k", at=at, carrier="sandbox"
    )
    item = list_items(tea.community_id)[0]
    post(owner, "today-hold-item", item.pk)

    with cast.later(timedelta(hours=1)):
        assert "过了时候" in post(owner, "today-release-item", item.pk)


def test_a_timer_is_forgotten_and_set_again_when_somebody_says_so(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "man")])
    cast.told()
    timer = list_timers_until([tea.community_id], clock.now() + timedelta(hours=1), 9)[0]
    assert "一起欢迎新人" in today(owner)

    html = post(owner, "today-hold-timer", timer.pk)
    undo = html.split('action="/today/timers/release/')[1].split('"')[0]
    assert list_timers_until([tea.community_id], clock.now() + timedelta(days=1), 9) == []
    assert "拦不住" in post(owner, "today-hold-timer", timer.pk)

    assert "到点照办" in owner.post(f"/today/timers/release/{undo}", follow=True).content.decode()
    again = list_timers_until([tea.community_id], clock.now() + timedelta(days=1), 9)
    assert [(one.capability, one.key, one.at) for one in again] == [(timer.capability, timer.key, timer.at)]
    assert "重新排上了" in owner.post(f"/today/timers/release/{undo}", follow=True).content.decode()

    cast.passed(clock.now(), clock.now() + timedelta(minutes=5))
    assert "小满" in list_items(tea.community_id)[0].payload["text"]


def test_a_forged_note_sets_no_timer_when_somebody_makes_one_up(tea: cast.Tea, owner: Client) -> None:
    html = owner.post("/today/timers/release/e30:forged:note/", follow=True).content.decode()

    assert "这个链接不对" in html


def test_a_pause_is_said_where_it_stops_something_when_it_is_on(tea: cast.Tea, owner: Client) -> None:
    at = clock.now()
    effect = Say(group_id=tea.first, text="茶桌见", not_before=at + timedelta(hours=2))
    do_order(effect, community_id=tea.community_id, user_id=1, key="k", at=at, carrier="sandbox")
    do_pause(tea.community_id, user_id=1, at=at)

    assert "暂停着，到点不会发" in today(owner)


def test_polling_is_quiet_when_nothing_has_changed(tea: cast.Tea, owner: Client) -> None:
    seen = today(owner).split("?polling=")[1].split('"')[0]
    address = reverse("console:today")

    assert owner.get(address, {"polling": seen}).status_code == 204

    open_task(tea, "a", "新的事")
    part = owner.get(address, {"polling": seen}).content.decode()
    assert "新的事" in part
    assert part.strip().startswith('<div class="stackv" id="today-work"')


def test_yesterday_is_told_when_people_came_and_spoke(tea: cast.Tea, owner: Client) -> None:
    with cast.clock_stands(cast.TUESDAY - timedelta(days=1)):
        cast.arrive([cast.message(f"m{n}", "an", "茶") for n in range(3)])
        cast.arrive([cast.join("j1", "man"), cast.join("j2", "chen"), cast.leave("l1", "bo")])
        cast.told()
    assert "还没数过" in today(owner)
    counted()

    html = today(owner)

    assert "2 个群" in html
    assert "走了 1，净增 1" in html
    assert "最热闹，占全天 100%" in html
    assert "前四个周一平均" not in html
    assert "还没数过" not in html


def test_the_quietest_group_is_a_line_when_groups_went_quiet(tea: cast.Tea) -> None:
    quiet = [
        Weeks(tea.first, "茶友会1群", (9, 9, 9, 9, 9, 9, 100, 40)),
        Weeks(tea.groups["g2"], "二", (0,) * 6 + (50, 30)),
    ]

    needs = tell_needs(rank_needs({tea.community_id: "茶友会"}, quiet, clock.now()))

    assert [need.what for need in needs] == ["一周安静了 60%"]
    assert needs[0].where == ("到昨天的 7 天 40 条，之前 7 天 100 条", "另外 1 个群也静下来了")


def test_many_tasks_are_turned_page_by_page_when_they_do_not_fit(tea: cast.Tea, owner: Client) -> None:
    for n in range(15):
        open_task(tea, f"t{n}", f"第{n}件")

    first, second = today(owner), today(owner, "?page=2")
    titles = {f"<bdi>第{n}件</bdi>" for n in range(15)}
    assert sum(title in first for title in titles) == 12
    assert {title for title in titles if title not in first} == {title for title in titles if title in second}
    assert "件</bdi>" in today(owner, "?page=999&polling=old")


def test_a_hostile_title_is_shown_as_text_when_a_task_has_one(tea: cast.Tea, owner: Client) -> None:
    open_task(tea, "a", HOSTILE[:300])

    html = today(owner)

    assert "<b onclick" not in html
    assert "&lt;b onclick=x&gt;" in html


def test_the_queries_stay_the_same_when_there_is_ten_times_as_much(
    tea: cast.Tea, owner: Client, django_assert_max_num_queries: Counted
) -> None:
    def fill(start: int, end: int) -> None:
        for n in range(start, end):
            open_task(tea, f"t{n}", f"第{n}件")
            cast.arrive([cast.join(f"j{n}", f"new{n}")], f"g{n % 2 + 1}")
        cast.told()

    fill(0, 3)
    today(owner)
    with django_assert_max_num_queries(34):
        today(owner)
    fill(3, 33)
    with django_assert_max_num_queries(34):
        today(owner, "?coming=all")


def test_phones_have_the_sections_of_the_day_in_their_bar(tea: cast.Tea, owner: Client) -> None:
    html = today(owner)
    rail, more = html.split('id="more"')[0], html.split('id="more"')[1]
    in_bar = re.findall(r'<a class="nav" href="[^"]*" data-bar.*?<span>(.*?)</span>', rail)
    assert in_bar == ["今日", "群", "秩序"]
    assert "<span>演练场</span>" in more.split('id="me"')[0]
    assert "<span>秩序</span>" not in more


@pytest.mark.parametrize("path", ["/review/", "/rehearse/", "/order/lists/"])
def test_the_section_of_order_is_marked_on_all_its_pages(tea: cast.Tea, owner: Client, path: str) -> None:
    html = owner.get(path).content.decode()
    marked = re.findall(r'<a class="nav"[^>]*aria-current="page".*?<span>(.*?)</span>', html)
    assert set(marked) == {"秩序"}

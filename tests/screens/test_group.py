"""The pages of one group: overview and stream, members, older talk, settings; saying something there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import NewGroup, do_register_group, do_set_mode
from qunying.communities.queries import layers_of_group
from qunying.console.group.messages import read_day
from qunying.console.group.saying import mentioned
from qunying.console.group.stream import Position, read_position
from qunying.console.group.words import marked
from qunying.kernel import clock
from qunying.kernel.readings import Reading, Verdict, mask_of
from qunying.kernel.scene import Mode
from qunying.outbox.queries import list_items
from qunying.people.actions import Enrolled, do_enrol
from qunying.talk.models import Message
from qunying.talk.readings import do_forget_readings, do_keep_readings
from tests import cast
from tests.screens.conftest import signed_in_as

Counted = Callable[[int], AbstractContextManager[object]]
PAGES = ("group", "group-members", "group-messages", "group-settings")
HOSTILE = '"><img src=x onerror=alert(1)> ‮‮ 👩‍👩‍👧‍👦 ' + "名" * 40


def get(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    """That page of the console, which answers so."""
    response = client.get(reverse(f"console:{name}", args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def say(client: Client, group_id: int, text: str, token: str = "t1", **headers: str) -> tuple[int, str]:
    """Says something in a group by hand; answers status and words."""
    address = reverse("console:group-say", args=[group_id])
    response = client.post(address, {"text": text, "token": token}, headers=headers)
    return response.status_code, response.content.decode()


def test_the_overview_tells_the_week_when_people_spoke(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message(f"a{n}", "an", "白毫银针用多少度的水") for n in range(6)])
    cast.arrive([cast.message(f"b{n}", "bo", "80 到 85 度") for n in range(2)])
    cast.told()

    with cast.later(timedelta(hours=1)):
        html = get(owner, "group", tea.first)

    assert "上周没人说话，没法比" in html
    assert "安安、阿博 说了 100%" in html
    assert "6 条 · 75%" in html
    assert "周二（3 月 5 日）说得最多，8 条" in html
    assert "周二 14 点最活跃，平均 8 条" in html
    assert "白毫银针用多少度的水" in html


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_group_is_not_there_when_somebody_may_not_see_it(
    tea: cast.Tea, stranger: Client, client: Client, name: str
) -> None:
    get(stranger, name, tea.first, status=404)
    get(client, name, tea.first, status=302)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_no_group_is_not_there_when_the_number_is_made_up(tea: cast.Tea, owner: Client, name: str) -> None:
    get(owner, name, 987654, status=404)


def test_settings_are_not_there_when_somebody_may_only_read(tea: cast.Tea, analyst: Client) -> None:
    html = get(analyst, "group", tea.first)

    assert "替小助手说一句" not in html
    assert reverse("console:group-settings", args=[tea.first]) not in html
    get(analyst, "group-settings", tea.first, status=404)
    assert say(analyst, tea.first, "我来说")[0] == 404


def test_another_community_is_not_seen_when_the_role_is_for_one(tea: cast.Tea) -> None:
    other = cast.build_tea(name="别家", groups=("x1",))
    watcher = signed_in_as("wat", "watcher", other.community_id)

    get(watcher, "group", tea.first, status=404)
    get(watcher, "group", other.first)


def test_the_reason_stands_beside_a_newcomer_when_the_welcome_thought_about_them(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "man", via="qr")])
    cast.told()

    html = get(owner, "group", tea.first)

    assert "进群了，扫码" in html
    assert "「小满」刚进群，等 3 分钟，和后面来的一起欢迎" in html
    assert "为什么？" in html


def test_our_own_words_say_why_when_the_welcome_was_sent(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "man")])
    cast.passed(clock.now(), clock.now() + timedelta(minutes=5))

    with cast.later(timedelta(minutes=5)):
        html = get(owner, "group", tea.first)

    assert html.count("欢迎 小满 来到「茶友会1群」") == 1
    assert "等够了，一起欢迎 1 位" in html
    assert "已送达" in html


@pytest.mark.parametrize(
    ("mode", "words"), [(Mode.OBSERVE, "只看不动，没有做"), (Mode.SUGGEST, "等人点头"), (Mode.ACT, "已送达")]
)
def test_what_would_be_said_is_shown_when_the_mode_holds_it_back(
    tea: cast.Tea, owner: Client, mode: Mode, words: str
) -> None:
    do_set_mode("onboarding", mode, community_id=tea.community_id, at=clock.now(), actor="system")
    cast.arrive([cast.join("j1", "man")])
    cast.passed(clock.now(), clock.now() + timedelta(minutes=5))

    with cast.later(timedelta(minutes=5)):
        html = get(owner, "group", tea.first)

    assert "欢迎 小满 来到「茶友会1群」" in html
    assert words in html


def test_only_what_is_new_comes_when_the_stream_is_asked_again(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("m1", "an", "早上好")])
    cast.told()
    page = get(owner, "group", tea.first)
    seen = page.split('data-key="')[-1].split('"')[0]

    assert owner.get(reverse("console:group-stream", args=[tea.first]), {"after": seen}).status_code == 204

    cast.arrive([cast.message("m2", "bo", "早早早"), cast.join("j1", "man")])
    cast.told()
    fresh = owner.get(reverse("console:group-stream", args=[tea.first]), {"after": seen}).content.decode()

    assert "早早早" in fresh
    assert "进群了" in fresh
    assert "早上好" not in fresh
    assert fresh.strip().startswith("<li")


@pytest.mark.parametrize(
    "text", ["", "x", "message1@", "message1@a-b-c", "m@1", "m@-1-2-3", "@" * 50, "m@９-9-9", f"m@{'9' * 40}-1-2"]
)
def test_a_stream_begins_anew_when_the_position_is_junk(text: str) -> None:
    assert read_position(text).message_id in {0, 9}
    assert str(read_position("message7@12-34-20240305")) == str(Position(12, 34, "20240305"))


def test_words_are_queued_with_a_way_back_when_somebody_speaks(tea: cast.Tea, owner: Client) -> None:
    status, html = say(owner, tea.first, "今晚八点茶桌见，@安安 带壶", **{"HX-Request": "true"})
    say(owner, tea.first, "今晚八点茶桌见，@安安 带壶", **{"HX-Request": "true"})

    items = list_items(tea.community_id)
    assert status == 200
    assert "排上了，马上发到「茶友会1群」" in html
    assert [item.payload["text"] for item in items] == ["今晚八点茶桌见，@安安 带壶"]
    assert len(items[0].payload["mentions"]) == 1

    cast.told()
    assert "「lin同学」替小助手说的" in get(owner, "group", tea.first)


def test_words_are_held_or_withdrawn_when_somebody_takes_them_back(tea: cast.Tea, owner: Client) -> None:
    say(owner, tea.first, "发早了", "one")
    first = list_items(tea.community_id)[0]
    owner.post(reverse("console:group-unsay", args=[tea.first, first.pk]))
    assert list_items(tea.community_id)[0].state == "cancelled"

    say(owner, tea.first, "发错了", "two")
    cast.told()
    second = list_items(tea.community_id)[1]
    owner.post(reverse("console:group-unsay", args=[tea.first, second.pk]))
    assert [item.kind for item in list_items(tea.community_id)] == ["Say", "Say", "DeleteMessage"]

    other = reverse("console:group-unsay", args=[tea.groups["g2"], second.pk])
    assert "没有这一条" in owner.post(other, follow=True).content.decode()


@pytest.mark.parametrize(
    ("text", "words"), [("", "还没写字。"), ("   ", "还没写字。"), ("长" * 2001, "太长了，最多 2000 字")]
)
def test_the_form_comes_back_when_the_words_are_wrong(tea: cast.Tea, owner: Client, text: str, words: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        status, html = say(owner, tea.first, text, **headers)
        assert status == 422
        assert words in html
    assert list_items(tea.community_id) == []


def test_nobody_can_speak_when_the_group_was_only_imported(tea: cast.Tea, owner: Client) -> None:
    new = NewGroup(carrier="import", ref="old", carrier_name="旧群")
    group = do_register_group(tea.community_id, new, at=clock.now())

    assert "在这里说不了话" in get(owner, "group", group)
    status, html = say(owner, group, "有人吗")
    assert status == 422
    assert "这个群没有接账号，说不了话。" in html


def test_the_longest_name_is_meant_when_names_begin_alike(tea: cast.Tea) -> None:
    members = [Enrolled("l", "安"), Enrolled("e", "🫖 茶"), Enrolled("s", "老 王")]
    do_enrol("sandbox", tea.community_id, tea.first, members, clock.now())

    assert len(mentioned(tea.first, "@安安 在吗 ＠阿博")) == 2
    assert len(mentioned(tea.first, "@安 在吗")) == 1
    assert len(mentioned(tea.first, "@🫖 茶，@老 王！")) == 2
    assert mentioned(tea.first, "a@b.com @没有这个人 @") == ()


def test_an_old_record_is_told_from_its_end_when_it_ended_long_ago(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message(f"m{n}", "an", "旧话") for n in range(4)])
    cast.told()

    with cast.later(timedelta(days=400)):
        html = get(owner, "group", tea.first)

    assert "这份记录到 2024-03-05 为止" in html
    assert "周二（3 月 5 日）说得最多，4 条" in html


def test_an_empty_group_teaches_what_will_be_there_when_nobody_spoke(tea: cast.Tea, owner: Client) -> None:
    html = get(owner, "group", tea.first)

    assert "近八周没人说话" in html
    assert "还没有消息" in html
    assert "还没有消息" in get(owner, "group-messages", tea.first)


def test_hostile_words_are_shown_as_text_when_somebody_sends_them(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("m1", "x", HOSTILE, user={"ref": "x", "name": HOSTILE})])
    cast.arrive([cast.message("m2", "an", "\u200b\u202e👍🏽", reply_to="m1")])
    cast.told()

    for name in ("group", "group-members", "group-messages"):
        html = get(owner, name, tea.first)
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


def test_withdrawn_and_edited_words_are_marked_when_somebody_changed_them(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("m1", "an", "说错了"), cast.message("m2", "bo", "八十度")])
    cast.arrive([cast.recall("r1", "m1"), cast.edit("e1", "bo", "m2", "八十五度")])
    cast.arrive([cast.message("m3", "an", "", kind="image", media=[{"kind": "image", "name": "壶.jpg"}])])
    cast.told()

    html = get(owner, "group", tea.first)

    assert "msg gone" in html
    assert "改过" in html
    assert "八十五度" in html
    assert "图片 壶.jpg" in html


def test_members_are_found_and_ordered_when_somebody_asks(tea: cast.Tea, owner: Client) -> None:
    members = [Enrolled("q", "千帆", "上海-设计-千帆"), Enrolled("k", "𝓚𝓪𝔂", "", "member", clock.now())]
    do_enrol("sandbox", tea.community_id, tea.first, members, clock.now())
    cast.arrive([cast.message("m1", "bo", "早"), cast.leave("l1", "an")])
    cast.told()

    html = get(owner, "group-members", tea.first)
    assert "阿博" in html
    assert "<bdi>安安</bdi>" not in html
    assert "管理员" in html
    assert "<bdi>安安</bdi>" in get(owner, "group-members", tea.first, query="?state=left")
    assert "<bdi>阿博</bdi>" not in get(owner, "group-members", tea.first, query="?q=上海 设计")
    assert "千帆" in get(owner, "group-members", tea.first, query="?q=上海 设计&order=joined")
    assert "没有找到这样的成员" in get(owner, "group-members", tea.first, query="?q=没这人&state=silent")
    assert "𝓚𝓪𝔂" in get(owner, "group-members", tea.first, query="?state=junk&order=junk&page=99999")


def test_older_talk_is_turned_page_by_page_when_there_is_much(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message(f"m{n}", "an", f"第{n}句") for n in range(70)])
    cast.told()

    first = get(owner, "group-messages", tea.first)
    older = first.split('href="?before=')[1].split('"')[0]
    second = get(owner, "group-messages", tea.first, query=f"?before={older}")

    assert "第69句" in first
    assert "第9句" not in first
    assert "第9句" in second
    assert "第10句" not in second
    assert "回到最新" in second


def test_words_are_marked_where_they_stand_when_somebody_searches(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("m1", "an", "白毫银针 <b>多少度</b>"), cast.message("m2", "bo", "随便聊聊")])
    cast.told()

    html = get(owner, "group-messages", tea.first, query="?q=银针")
    assert "白毫<mark>银针</mark> &lt;b&gt;" in html
    assert "随便聊聊" not in html
    assert "看前后" in html
    assert "这个群里没人说过" in get(owner, "group-messages", tea.first, query="?q=咖啡")


def message_id(key: str) -> int:
    """Of the message the platform calls so."""
    return Message.objects.values_list("pk", flat=True).get(source_key=key)


def test_a_message_shows_nine_verdicts_with_the_words_behind_them(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("q1", "an", "请问课程表在哪里看"), cast.message("q2", "bo", "置顶里有")])
    cast.told()

    stream = get(owner, "group", tea.first)
    html = get(owner, "group-message", tea.first, message_id("q1"))

    address = reverse("console:group-message", args=[tea.first, message_id("q1")])
    assert f'href="{address}"' in stream
    assert '<span class="chip plain">问题</span>' in stream
    assert html.count("起才算") == 9
    assert '<span class="name">问题</span>' in html
    assert "不算广告" in html
    assert "<mark>" in html
    assert "置顶里有" in html, "what was said around it"
    assert "旧版本" not in html
    assert "还没轮到" not in html


def test_a_message_is_not_there_when_it_is_of_another_group(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("q1", "an", "请问课程表在哪里看")])
    cast.told()
    get(owner, "group-message", tea.groups["g2"], message_id("q1"), status=404)
    get(owner, "group-message", tea.first, 987654, status=404)


def test_a_message_says_so_when_other_judges_read_it_or_none(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("q1", "an", "请问课程表在哪里看")])
    cast.told()
    one = message_id("q1")
    do_keep_readings([(one, Reading(bytes(9), mask_of(Verdict.AD), "judges-of-old"))])
    assert "存下的是旧版本（judges-of-old）的判断：广告" in get(owner, "group-message", tea.first, one)
    do_forget_readings([one])
    assert "这条还没轮到判读" in get(owner, "group-message", tea.first, one)


def test_a_day_is_shown_when_somebody_jumps_to_it(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("m1", "an", "昨天的话")], at=clock.now() - timedelta(days=1))
    cast.arrive([cast.message("m2", "an", "今天的话")])
    cast.told()

    html = get(owner, "group-messages", tea.first, query="?day=2024-03-04")
    assert "昨天的话" in html
    assert "今天的话" not in html
    assert "后一天" in html
    assert "这一天没人说话" in get(owner, "group-messages", tea.first, query="?day=2024-02-01")


@pytest.mark.parametrize("day", ["昨天", "2024-02-30", "2024-3-5", "'; DROP", "٢٠٢٤-٠٣-٠٥"])
def test_a_day_that_is_none_is_said_so_when_somebody_types_it(tea: cast.Tea, owner: Client, day: str) -> None:
    assert read_day(day) is None
    assert "看不懂这个日期" in get(owner, "group-messages", tea.first, query=f"?day={day}", status=422)


def test_the_ends_of_time_do_no_harm_when_somebody_jumps_there(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("m1", "an", "早")])
    cast.told()

    assert "这一天没人说话" in get(owner, "group-messages", tea.first, query="?day=9999-12-31")
    assert "这一天没人说话" in get(owner, "group-messages", tea.first, query="?day=0001-01-01")


def test_notes_are_saved_when_they_are_right(tea: cast.Tea, owner: Client) -> None:
    notes = {"remark": "杭州-茶友-03", "city": "杭州", "industry": "茶", "weight": "80", "capacity": "500"}
    response = owner.post(reverse("console:group-notes", args=[tea.first]), notes, follow=True)

    html = response.content.decode()
    assert "记下了" in html
    assert "杭州-茶友-03" in html
    again = owner.post(reverse("console:group-notes", args=[tea.first]), notes, follow=True)
    assert "没有改动" in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"capacity": "2"}, "群里已经有 3 人"),
        ({"weight": "101"}, "100"),
        ({"weight": "很"}, ""),
        ({"capacity": ""}, ""),
    ],
)
def test_notes_come_back_with_a_reason_when_they_are_wrong(
    tea: cast.Tea, owner: Client, wrong: dict[str, str], words: str
) -> None:
    notes = {"remark": "", "city": "", "industry": "", "weight": "80", "capacity": "500", **wrong}
    response = owner.post(reverse("console:group-notes", args=[tea.first]), notes)

    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert words in response.content.decode()


def test_a_group_goes_its_own_way_and_back_when_its_mode_is_set(tea: cast.Tea, owner: Client) -> None:
    address = reverse("console:group-capability", args=[tea.first, "onboarding"])

    def own() -> tuple[str, dict[str, object]]:
        layer = layers_of_group(tea.community_id, tea.first)[1]["onboarding"]
        return layer.mode, dict(layer.settings)

    settings = {"mode": "suggest", "onboarding-wait_minutes": "0", "onboarding-rules": "不发广告\n\n 不吵架 "}
    assert owner.post(address, settings, follow=True).status_code == 200
    assert own() == ("suggest", {"wait_minutes": 0, "rules": ["不发广告", "不吵架"]})
    assert "这个群现在「先问我」" in get(owner, "group-settings", tea.first)

    owner.post(address, {"mode": ""})
    assert own() == ("", {})
    assert "这个群现在「直接做」" in get(owner, "group-settings", tea.first)


def test_a_setting_comes_back_with_a_reason_when_it_is_wrong(tea: cast.Tea, owner: Client) -> None:
    address = reverse("console:group-capability", args=[tea.first, "onboarding"])

    response = owner.post(address, {"mode": "act", "onboarding-wait_minutes": "9999"})

    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert layers_of_group(tea.community_id, tea.first)[1] == {}
    assert owner.post(address, {"mode": "wild"}).status_code == 404
    assert owner.post(reverse("console:group-capability", args=[tea.first, "nobody"])).status_code == 404


def test_parts_are_sent_alone_when_htmx_asks(tea: cast.Tea, owner: Client) -> None:
    for name, root in (("group-members", 'id="group-members"'), ("group-messages", 'id="group-talk"')):
        html = owner.get(reverse(f"console:{name}", args=[tea.first]), headers={"HX-Request": "true"}).content.decode()
        assert root in html
        assert "<html" not in html


def test_the_queries_stay_the_same_when_a_group_talks_ten_times_as_much(
    tea: cast.Tea, owner: Client, django_assert_max_num_queries: Counted
) -> None:
    def ask() -> None:
        for name, most in (("group", 80), ("group-members", 25), ("group-messages", 30)):
            with django_assert_max_num_queries(most):
                get(owner, name, tea.first)

    cast.arrive([cast.message(f"m{n}", "an", "茶") for n in range(3)])
    cast.told()
    ask()
    people = [Enrolled(f"p{n}", f"茶友{n}") for n in range(40)]
    do_enrol("sandbox", tea.community_id, tea.first, people, clock.now())
    cast.arrive([cast.message(f"n{n}", f"p{n}", "茶", reply_to=f"m{n % 3}") for n in range(39)])
    cast.arrive([cast.join(f"j{n}", f"new{n}") for n in range(20)])
    cast.told()
    ask()


@pytest.mark.parametrize(
    ("text", "words", "hits"),
    [
        ("白毫银针", "银针", ["银针"]),
        ("Tea tea TEA", "tea", ["Tea", "tea", "TEA"]),
        ("a.b*c", ".b*", [".b*"]),
        ("没有", "银针", []),
        ("", "x", []),
        ("茶 茶", "", []),
    ],
)
def test_every_hit_is_marked_and_nothing_is_lost_when_words_are_searched(
    text: str, words: str, hits: list[str]
) -> None:
    parts = marked(text, words)

    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.is_hit] == hits

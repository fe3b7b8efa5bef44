"""What a group talks about, and what nobody has answered, on its pages."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from qunying.console.group.messages import DAY_AT_ONCE
from qunying.kernel.readings import UNREAD, Reading, Verdict, mask_of
from qunying.talk.models import Message
from qunying.talk.placing import do_place_new
from qunying.talk.readings import do_forget_readings, do_keep_readings
from tests import cast
from tests.screens.conftest import signed_in_as
from tests.screens.test_group import HOSTILE, get

HOUR = timedelta(hours=1)
NOTHING = "没有人在等回答"


def newest(client: Client, group_id: int) -> str:
    """The part that a group's page fetches."""
    do_place_new()
    response = client.get(reverse("console:group-talks", args=[group_id]), headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def asked(ref: str, sender: str, text: str, **more: object) -> None:
    """Somebody asks, and whoever read it took it for a question."""
    cast.arrive([cast.message(ref, sender, text, **more)])
    cast.told()
    pk = Message.objects.get(source_key__contains=ref).pk
    do_keep_readings([(pk, Reading(UNREAD.scores, mask_of(Verdict.QUESTION), "test"))])


def test_a_conversation_is_a_card_that_leads_to_its_place_when_two_spoke(tea: cast.Tea, owner: Client) -> None:
    cast.arrive(
        [cast.message("q1", "an", "白毫银针用多少度的水"), cast.message("r1", "bo", "80 到 85 度", reply_to="q1")]
    )
    cast.told()
    with cast.later(HOUR):
        html = newest(owner, tea.first)
    first = Message.objects.get(source_key__contains="q1")
    assert "最近在聊" in html
    assert (
        f'class="thread" href="/groups/{tea.first}/messages/?day=2024-03-05&amp;message={first.pk}#i-message{first.pk}"'
        in html
    )
    assert "<bdi>安安</bdi> 开头" in html
    assert "2 人 2 条" in html
    assert "还没人答" not in html


def test_a_question_is_marked_and_listed_until_somebody_goes_on(tea: cast.Tea, owner: Client) -> None:
    asked("q1", "an", "押金什么时候退")
    with cast.later(timedelta(minutes=9)):
        assert NOTHING in newest(owner, tea.first)
    cache.clear()
    with cast.later(HOUR):
        html = newest(owner, tea.first)
        assert NOTHING not in html
        assert "还没人答" in html
        assert "等了 1 小时" in html
        cast.arrive([cast.message("r1", "bo", "周五退", reply_to="q1")])
        cast.told()
    cache.clear()
    with cast.later(2 * HOUR):
        assert NOTHING in newest(owner, tea.first)


def test_the_newest_question_is_on_top_and_the_oldest_is_one_page_away_when_many_wait(
    tea: cast.Tea, owner: Client
) -> None:
    words = (
        "押金什么时候退",
        "谁有龙坞的地址",
        "紫砂壶磕口能换吗",
        "明天几点上课",
        "发票怎么开",
        "群文件在哪里",
        "会员卡丢了",
    )
    for n, text in enumerate(words):
        with cast.later(n * 8 * HOUR):
            asked(f"q{n}", f"member{n}", text)
    with cast.later(timedelta(days=4)):
        html = newest(owner, tea.first)
        everything = get(owner, "group-talks", tea.first)
    shown = html[html.index("没人答的问题") :]
    assert html.count('class="thread"') <= 6
    assert shown.index("会员卡丢了") < shown.index("群文件在哪里")
    assert all(text in everything for text in words)


def test_it_is_said_how_many_nobody_has_read_when_there_are_such(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message(f"m{n}", "an", f"白茶第{n}泡") for n in range(3)])
    cast.told()
    with cast.later(HOUR):
        assert "没判读" not in newest(owner, tea.first)
        do_forget_readings(list(Message.objects.values_list("pk", flat=True)))
        cache.clear()
        assert "还有 3 条没判读" in newest(owner, tea.first)


def test_the_page_of_a_long_day_is_the_one_with_the_message_when_an_address_leads_to_it(
    tea: cast.Tea, owner: Client
) -> None:
    cast.arrive([cast.message(f"m{n}", "an", f"白茶第{n}泡") for n in range(DAY_AT_ONCE + 1)])
    cast.told()
    first, *_, last = Message.objects.order_by("at", "pk").values_list("pk", flat=True)
    for pk, other in ((first, last), (last, first)):
        html = get(owner, "group-messages", tea.first, query=f"?day=2024-03-05&message={pk}")
        assert (f'id="i-message{pk}"' in html, f'id="i-message{other}"' in html) == (True, False)
    assert f'id="i-message{first}"' in get(owner, "group-messages", tea.first, query="?day=2024-03-05&message=99999")


def test_nobody_is_promised_talk_when_there_is_none(tea: cast.Tea, owner: Client) -> None:
    assert "最近在聊" not in get(owner, "group", tea.first)
    assert "最近在聊" not in newest(owner, tea.first)
    assert "最近两周没有人聊起来" in get(owner, "group-talks", tea.first)


def test_names_and_words_stay_words_when_they_look_like_markup(tea: cast.Tea, owner: Client) -> None:
    asked("q1", "an", HOSTILE, user=cast.who("an", HOSTILE))
    with cast.later(HOUR):
        for html in (newest(owner, tea.first), get(owner, "group-talks", tea.first)):
            assert "<img src=x" not in html
            assert "等了 1 小时" in html


def test_conversations_are_for_those_who_may_see_the_group_only(tea: cast.Tea, stranger: Client) -> None:
    other = cast.build_tea(name="别家", groups=("x1",))
    get(stranger, "group-talks", tea.first, status=404)
    get(signed_in_as("wat", "watcher", other.community_id), "group-talks", tea.first, status=404)


def test_what_is_talked_about_comes_after_the_page_that_leads_to_it(tea: cast.Tea, owner: Client) -> None:
    asked("q1", "an", "押金什么时候退")
    with cast.later(HOUR):
        html = get(owner, "group", tea.first)
        part = newest(owner, tea.first)
    assert f'hx-get="{reverse("console:group-talks", args=[tea.first])}" hx-trigger="load"' in html
    assert "等了" not in html
    assert part.lstrip().startswith('<div id="talking" class="stackv">')
    assert ("押金什么时候退" in part, "hx-get" in part) == (True, False)


def test_layers_stand_above_with_their_people_behind_them(tea: cast.Tea, owner: Client) -> None:
    for n, words in enumerate(("白毫银针用多少度的水", "周日龙坞共品还有位吗")):
        with cast.later(n * 5 * HOUR):
            cast.arrive([cast.message(f"c{n}{k}", f"member{k}", "快递到杭州了吗，我的还没动") for k in range(4)])
            cast.arrive([cast.message(f"q{n}", "an", words), cast.message(f"r{n}", "bo", "有的", reply_to=f"q{n}")])
            cast.told()
    with cast.later(12 * HOUR):
        html = newest(owner, tea.first)
        openers = get(owner, "group-members", tea.first, query="?layer=opener")
        followers = get(owner, "group-members", tea.first, query="?layer=follower")
        anybody = get(owner, "group-members", tea.first, query="?layer=nonsense")
    assert "在说话" in html
    assert f'href="/groups/{tea.first}/members/?layer=opener"' in html
    assert ("安安" in openers, "博" in openers) == (True, False)
    assert "安安" not in followers
    assert "安安" in anybody
    assert "?layer=opener" not in get(owner, "group-talks", tea.first)

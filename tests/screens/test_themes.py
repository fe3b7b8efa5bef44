"""What people talk about this week, on a group's page: the answer as title, quotes that lead to their place, open questions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunying.communities.queries import infos_of_groups
from qunying.console.group.themes import read_themes_panel
from qunying.kernel import clock
from qunying.kernel.readings import UNREAD, Reading, Verdict, mask_of
from qunying.talk.models import Message
from qunying.talk.placing import do_place_new
from qunying.talk.readings import do_keep_readings
from qunying.talk.theming import do_look_at_all
from tests import cast
from tests.screens.conftest import signed_in_as
from tests.screens.test_group import HOSTILE, get

HOUR = timedelta(hours=1)
MOVED = (
    "快递停在杭州三天了",
    "我的快递也停在杭州",
    "快递停在杭州没动",
    "谁的快递停在杭州了",
    "快递停在杭州好几天",
    "又是快递停在杭州",
)


def spoken(tea: cast.Tea, texts: tuple[str, ...] = MOVED) -> None:
    """Each says one of these, and somebody has looked at it."""
    cast.arrive([cast.message(f"m{n}", f"member{n}", text) for n, text in enumerate(texts)])
    cast.told()
    looked(tea)


def looked(tea: cast.Tea) -> None:
    do_place_new()
    do_look_at_all(list(tea.groups.values()), clock.now() + timedelta(minutes=5))
    cache.clear()


def newest(client: Client, group_id: int) -> str:
    """The part that a group's page fetches."""
    response = client.get(reverse("console:group-talks", args=[group_id]), headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def test_a_theme_is_a_card_whose_quotes_lead_to_their_place(tea: cast.Tea, owner: Client) -> None:
    spoken(tea)
    with cast.later(HOUR):
        html = newest(owner, tea.first)
    card = html[html.index('class="theme"') : html.index("最近在聊")]
    assert "快递停在杭州" in card
    assert "6 人次" in card
    assert "6 人说了 6 条" in card
    quoted = [pk for pk, text in Message.objects.values_list("pk", "text") if f"<bdi>{text}</bdi>" in card]
    assert len(quoted) >= 2
    assert all(f"?day=2024-03-05&amp;message={pk}#i-message{pk}" in card for pk in quoted)


def test_a_theme_of_several_groups_stands_on_the_page_of_their_community(tea: cast.Tea, owner: Client) -> None:
    for group, some in (("g1", MOVED[:3]), ("g2", MOVED[3:])):
        cast.arrive([cast.message(f"{group}{n}", f"{group}{n}", text) for n, text in enumerate(some)], group)
    cast.told()
    looked(tea)
    with cast.later(HOUR):
        html = owner.get(reverse("console:community-carried", args=[tea.community_id])).content.decode()
    assert "快递停在杭州" in html


def test_open_questions_on_a_theme_are_counted_and_lead_there(tea: cast.Tea, owner: Client) -> None:
    spoken(tea)
    with cast.later(HOUR):
        cast.arrive([cast.message("late", "member9", "快递停在杭州还能到吗")])
        cast.told()
        asked = Message.objects.get(source_key__contains="late").pk
        do_keep_readings([(asked, Reading(UNREAD.scores, mask_of(Verdict.QUESTION), "test"))])
    with cast.later(3 * HOUR):
        looked(tea)
        html = newest(owner, tea.first)
    chip = html[html.index('class="chip look" href') :]
    assert chip.index(f"message={asked}#i-message{asked}") < chip.index("1 个问题没人答") < 200


def test_nothing_is_promised_when_nobody_has_looked_or_nobody_spoke(tea: cast.Tea, owner: Client) -> None:
    assert 'class="theme"' not in newest(owner, tea.first)
    assert "这周" not in newest(owner, tea.first)


def test_it_is_said_when_people_talk_but_about_nothing_in_common(tea: cast.Tea, owner: Client) -> None:
    spoken(tea, ("盖碗烫手", "龙井涨价", "茶山风景"))
    assert "没有哪件事有三个人在说" in newest(owner, tea.first)


def test_words_stay_words_when_they_look_like_markup(tea: cast.Tea, owner: Client) -> None:
    spoken(tea, tuple(f"快递停在杭州{n}{HOSTILE}" for n in range(6)))
    html = newest(owner, tea.first)
    assert 'class="theme"' in html
    assert "<img src=x" not in html


def test_themes_are_for_those_who_may_see_the_group_only(tea: cast.Tea, stranger: Client) -> None:
    spoken(tea)
    get(stranger, "group-talks", tea.first, status=404)
    other = cast.build_tea(name="别家", groups=("x1",))
    get(signed_in_as("wat", "watcher", other.community_id), "group-talks", tea.first, status=404)


@pytest.mark.parametrize("count", [1, 6])
def test_the_panel_needs_five_queries_however_many_themes_there_are(tea: cast.Tea, count: int) -> None:
    matters = ("快递停在杭州", "押金退款太慢", "直播回放没有", "证书名字错误", "发票抬头写错", "会员价格涨价")[:count]
    cast.arrive(
        [cast.message(f"m{n}", f"member{n}", matters[n % count] + "啊" * (n // count)) for n in range(6 * count)]
    )
    cast.told()
    looked(tea)
    (group,) = infos_of_groups([tea.first]).values()
    with CaptureQueriesContext(connection) as captured:
        panel = read_themes_panel(group)
    assert panel is not None
    assert len(panel.cards) >= min(count, 3)
    assert len(captured) == 5

"""The welcome's page: who waits, what was said, how it will read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import do_found_community, do_set_settings
from qunying.kernel import clock
from tests import cast
from tests.screens.conftest import signed_in_as

Counted = Callable[[int], AbstractContextManager[object]]
HOSTILE = '"><img src=x onerror=alert(1)> ‮ 👩‍👩‍👧‍👦{staff}'
NIGHT = datetime(2024, 3, 6, 2, 30, tzinfo=cast.SHANGHAI)


def page(client: Client, query: str = "") -> str:
    """The page."""
    response = client.get(reverse("onboarding:welcome") + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_teaches_when_there_is_nothing(owner: Client) -> None:
    html = page(owner)
    for words in ("没有人在等", "还没有欢迎过谁", "还没有社群"):
        assert words in html


def test_who_waits_and_until_when_is_shown_when_somebody_came(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "chen"), cast.join("j2", "x1", HOSTILE)])
    cast.worked()
    html = page(owner)
    assert "陈晨" in html
    assert "<img src=x" not in html
    assert "3 分钟后" in html
    assert "1 个群" in html


def test_the_quiet_hours_are_said_when_somebody_came_at_night(tea: cast.Tea, owner: Client) -> None:
    with cast.clock_stands(NIGHT):
        cast.arrive([cast.join("j1", "chen")])
        cast.worked()
        html = page(owner)
    assert "，正在免打扰" in html
    assert "今天 08:00" in html


def test_the_last_welcome_is_shown_with_its_state_when_it_was_said(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "chen")])
    cast.passed(clock.now(), clock.now() + timedelta(minutes=5))
    with cast.later(timedelta(minutes=5)):
        html = page(owner)
    assert "欢迎 陈晨 来到「茶友会1群」" in html
    assert "已送达" in html
    assert "等够了，一起欢迎 1 位" in html
    assert "没有人在等" in html


def test_many_names_are_cut_when_a_crowd_waits(tea: cast.Tea, owner: Client) -> None:
    do_set_settings("onboarding", {"greet_at": 50}, community_id=tea.community_id, at=clock.now(), actor="system")
    cast.arrive([cast.join(f"j{n}", f"x{n}", f"新人{n}") for n in range(12)])
    cast.worked()
    assert "还有 4 位" in page(owner)


def test_the_preview_follows_the_settings_when_they_change(tea: cast.Tea, owner: Client) -> None:
    html = page(owner)
    assert "欢迎 陈晨、方方、Lily_在路上 来到「茶友会1群」！" in html
    assert "Welcome to 茶友会1群, 陈晨, 方方 and Lily_在路上!" in html
    settings = {"words": "{names} <b>好</b>", "rules": ["不发广告"], "card_template": ""}
    do_set_settings("onboarding", settings, community_id=tea.community_id, at=clock.now(), actor="system")
    html = page(owner)
    assert "陈晨、方方、Lily_在路上 &lt;b&gt;好&lt;/b&gt;" in html
    assert "不发广告" in html
    assert reverse("console:settings-capability", args=[tea.community_id, "onboarding"]) in html


def test_another_community_is_previewed_when_chosen(tea: cast.Tea, owner: Client) -> None:
    other = cast.build_tea(groups=("h1",), name="早读营")
    empty = do_found_community(name="空的", at=clock.now())
    assert "来到「早读营1群」" in page(owner, f"?community={other.community_id}")
    assert "这个社群还没有群" in page(owner, f"?community={empty}")
    assert "来到「茶友会1群」" in page(owner, "?community=abc")


def test_only_what_is_within_reach_is_shown_when_somebody_looks(tea: cast.Tea, owner: Client, stranger: Client) -> None:
    cast.arrive([cast.join("j1", "chen")])
    cast.worked()
    other = cast.build_tea(groups=("h1",), name="早读营")
    theirs = signed_in_as("theirs", "analyst", other.community_id)
    for client in (stranger, theirs):
        html = page(client, f"?community={tea.community_id}")
        assert "茶友会1群" not in html
    assert "改模式和欢迎语" not in page(theirs)
    assert Client().get(reverse("onboarding:welcome")).status_code == 302


@pytest.mark.parametrize("groups", [2, 12])
def test_queries_stay_few_when_many_wait(owner: Client, django_assert_max_num_queries: Counted, groups: int) -> None:
    with cast.clock_stands(cast.TUESDAY):
        refs = tuple(f"g{n}" for n in range(groups))
        cast.build_tea(groups=refs)
        for ref in refs:
            cast.arrive([cast.join(f"j-{ref}-{n}", f"x-{ref}-{n}", f"新人{n}") for n in range(3)], group=ref)
        cast.worked()
        with django_assert_max_num_queries(26):
            page(owner)

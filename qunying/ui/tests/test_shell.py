from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from qunying.ui.gallery import example_shell
from qunying.ui.shell import Health, NavItem, Shell

pytestmark = [pytest.mark.urls("qunying.ui.tests.urls"), pytest.mark.django_db]

PAGES = [
    "/gallery/?toast=1",
    "/gallery/found/?q=杭州",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/inactive/",
    "/nowhere/",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_page_obeys_the_content_policy_when_read(browser: Client, address: str, language: str) -> None:
    html = browser.get(address, headers={"accept-language": language}).content.decode()
    assert not re.search(r"<[^>]+\sstyle\s*=", html)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", html)
    assert "<style" not in html
    for attributes in re.findall(r"<script([^>]*)>", html):
        assert "src=" in attributes or 'type="application/json"' in attributes


@pytest.mark.parametrize("address", PAGES)
def test_page_has_one_heading_and_a_way_to_skip_when_read(browser: Client, address: str) -> None:
    html = browser.get(address).content.decode()
    assert html.count("<h1") == 1
    assert html.count('id="main"') == 1
    assert 'class="skip" href="#main"' in html


@pytest.mark.parametrize("address", PAGES)
def test_page_has_no_chinese_of_ours_left_when_english(browser: Client, address: str) -> None:
    html = browser.get(address, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in html
    chrome = re.sub(
        r"<bdi>.*?</bdi>|<(td|a) [^>]*(meta|option).*?</\1>|杭州[^<\"]*|老周|阿茗|苏念|[“「][^”」]+[”」]|中文",
        "",
        html,
        flags=re.S,
    )
    for item in ("成员", "登录", "今日", "更多", "回到", "搜索"):
        assert item not in chrome


def test_shell_shows_sections_health_and_person_when_given(browser: Client) -> None:
    html = browser.get("/gallery/").content.decode()
    assert html.count("data-bar") == 5
    assert 'aria-label="在线账号 3，暂停 0"' in html
    assert 'action="/account/logout/"' in html
    assert '<i class="count act">6</i>' in html
    assert html.count('aria-current="page"') >= 2


def test_toast_has_a_way_back_when_there_is_one(browser: Client) -> None:
    html = browser.get("/gallery/?toast=1").content.decode()
    assert "已移出「全城团购小妹」，撤回 3 条" in html
    assert '<form method="post" action="/gallery/undo/">' in html
    assert 'role="status"' in html


def test_long_and_odd_names_are_isolated_when_listed(browser: Client) -> None:
    html = browser.get("/gallery/").content.decode()
    assert "<bdi>עדי כהן</bdi>" in html


def test_page_still_stands_when_nobody_filled_the_shell() -> None:
    html = render_to_string("ui/base.html", {}, RequestFactory().get("/"))
    assert 'class="rail"' in html
    assert 'id="me"' not in html


def test_search_is_a_link_and_a_form_when_scripts_are_off(browser: Client) -> None:
    html = browser.get("/gallery/").content.decode()
    assert '<a class="find" href="/gallery/found/"' in html
    assert '<form action="/gallery/found/" role="search">' in html


def test_urgent_section_shows_through_more_when_hidden_on_phones() -> None:
    assert example_shell().more_tone == "act"
    quiet = Shell(nav=(NavItem("people", "成员", "/people/"), NavItem("order", "秩序", "/order/", 0, "act")))
    assert quiet.more_tone == ""


@pytest.mark.parametrize(
    ("health", "tone"),
    [(Health(3), "on"), (Health(3, paused=1), "look"), (Health(2, 1, offline=1), "act"), (Health(), "hollow")],
)
def test_dot_tells_the_worst_when_accounts_differ(health: Health, tone: str) -> None:
    assert health.tone == tone

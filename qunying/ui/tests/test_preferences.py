from __future__ import annotations

import pytest
from django.test import Client

from qunying.ui import preferences

pytestmark = [pytest.mark.urls("qunying.ui.tests.urls"), pytest.mark.django_db]


def test_theme_is_painted_by_the_server_when_chosen(browser: Client) -> None:
    answer = browser.post("/preferences/theme/", {"theme": "dark", "next": "/gallery/?page=2"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/gallery/?page=2")
    assert 'lang="zh-CN" data-theme="dark"' in browser.get("/account/login/").content.decode()
    browser.post("/preferences/theme/", {"theme": "system"})
    assert "data-theme=" not in browser.get("/account/login/").content.decode()


def test_switch_leads_away_when_no_script_runs(browser: Client) -> None:
    assert 'name="theme" value="dark"' in browser.get("/account/login/").content.decode()
    browser.post("/preferences/theme/", {"theme": "dark"})
    assert 'name="theme" value="light"' in browser.get("/account/login/").content.decode()


def test_language_stays_when_chosen_against_the_browser(browser: Client) -> None:
    browser.post("/preferences/language/", {"language": "en"})
    html = browser.get("/account/login/").content.decode()
    assert "Sign in" in html
    assert "中文" in html


def test_single_keys_are_off_when_switched_off(browser: Client) -> None:
    browser.post("/preferences/keys/", {"keys": "off"})
    assert 'data-keys="off"' in browser.get("/account/login/").content.decode()


@pytest.mark.parametrize(
    ("address", "data"),
    [("theme", {"theme": '"><script>'}), ("language", {"language": "xx"}), ("keys", {}), ("theme", {})],
)
def test_choice_is_refused_when_unknown(browser: Client, address: str, data: dict[str, str]) -> None:
    answer = browser.post(f"/preferences/{address}/", data)
    assert answer.status_code == 400
    assert not answer.cookies


@pytest.mark.parametrize("address", ["theme", "language", "keys"])
def test_nothing_changes_when_only_looked_at(browser: Client, address: str) -> None:
    assert browser.get(f"/preferences/{address}/").status_code == 405


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_form_leads_home_when_next_is_not_ours(browser: Client, wanted: str) -> None:
    answer = browser.post("/preferences/theme/", {"theme": "dark", "next": wanted})
    assert answer.headers["Location"] == "/"


def test_forged_cookie_is_ignored_when_it_is_no_theme() -> None:
    assert preferences.html_attributes({preferences.THEME_COOKIE: '" onload="x'}) == ""

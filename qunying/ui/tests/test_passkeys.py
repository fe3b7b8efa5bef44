"""Passkeys in a real browser with an authenticator that exists only there, under the real content policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tools import build_front
from tools.run_tests import find_browser

from .conftest import PASSWORD

CHROMIUM = find_browser(os.environ)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.urls("qunying.ui.tests.urls"),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]


@dataclass
class Visit:
    """Lin at the console, with a finger on a reader."""

    page: Page
    url: str

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self) -> None:
        self.go("/account/login/")
        self.page.get_by_label("账号").fill("林晚")
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="进入群营").click()

    def leave(self) -> None:
        self.go("/account/logout/")
        self.page.get_by_role("main").get_by_role("button", name="退出").click()
        expect(self.page.get_by_role("heading", name="登录")).to_be_visible()

    def open_adding(self) -> None:
        self.go("/account/passkeys/add/")
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="是我，继续").click()

    def add_key(self, name: str) -> None:
        self.open_adding()
        self.page.get_by_label("叫什么").fill(name)
        self.page.get_by_role("button", name="加上").click()


@pytest.fixture(scope="module", autouse=True)
def script() -> None:
    try:
        build_front.build()
    except build_front.BuildError as error:
        pytest.skip(f"the script could not be built: {error}")


@pytest.fixture
def visit(transactional_db: None, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """A browser with a finger reader; at the end nothing may have been refused by the content policy or have raised."""
    User.objects.create_user("林晚", password=PASSWORD)
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = chromium.new_page(locale="zh-CN")
        page.set_default_timeout(60_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        reader = page.context.new_cdp_session(page)
        reader.send("WebAuthn.enable")
        reader.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
        yield Visit(page, live_server.url)
        chromium.close()
    assert complaints == []


def test_a_finger_is_enough_when_a_passkey_was_added(visit: Visit) -> None:
    visit.sign_in()
    visit.add_key("办公室的电脑 👩‍💻")
    expect(visit.page.get_by_role("heading", name="只显示这一次")).to_be_visible()
    with visit.page.expect_download() as kept:
        visit.page.get_by_role("link", name="下载恢复码").click()
    assert len(kept.value.path().read_text("ascii").split()) == 10
    visit.page.get_by_label("我存好了").check()
    visit.page.get_by_role("link", name="回到我的登录").click()
    expect(visit.page.get_by_text("1 把")).to_be_visible()
    visit.leave()

    visit.page.get_by_role("button", name="用通行密钥登录").click()
    visit.page.wait_for_url(visit.url + "/")
    visit.go("/account/passkeys/")
    expect(visit.page.get_by_text("办公室的电脑 👩‍💻")).to_be_visible()
    expect(visit.page.get_by_text("上次用")).to_be_visible()


def test_the_passkey_is_the_second_step_when_a_password_was_typed(visit: Visit) -> None:
    visit.sign_in()
    visit.add_key("")
    visit.page.get_by_label("我存好了").check()
    visit.leave()
    visit.sign_in()
    expect(visit.page.get_by_role("heading", name="还差一步")).to_be_visible()
    visit.page.get_by_role("button", name="用通行密钥").click()
    visit.page.wait_for_url(visit.url + "/")
    visit.go("/account/passkeys/again/?next=/account/")
    visit.page.get_by_role("button", name="用通行密钥").click()
    visit.page.wait_for_url(visit.url + "/account/")


def test_a_passkey_is_renamed_and_removed_when_its_owner_wants(visit: Visit) -> None:
    visit.sign_in()
    visit.add_key("旧名字")
    visit.page.get_by_label("我存好了").check()
    visit.go("/account/passkeys/")
    visit.page.get_by_role("link", name="改名").click()
    visit.page.get_by_label("叫什么").fill("مفتاح المكتب")
    visit.page.get_by_role("button", name="就叫这个").click()
    expect(visit.page.get_by_text("مفتاح المكتب")).to_be_visible()
    visit.page.get_by_role("link", name="拿掉").click()
    expect(visit.page.get_by_role("heading", name="「مفتاح المكتب」以后不能用来登录")).to_be_visible()
    visit.page.get_by_role("button", name="拿掉这把密钥").click()
    expect(visit.page.get_by_text("还没有通行密钥")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_the_reason_is_told_when_the_address_cannot_have_passkeys(visit: Visit) -> None:
    visit.url = visit.url.replace("localhost", "127.0.0.1")
    visit.sign_in()
    visit.open_adding()
    visit.page.get_by_role("button", name="加上").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("用 localhost 代替数字地址")


def test_the_reason_is_told_when_the_same_key_is_added_twice(visit: Visit) -> None:
    visit.sign_in()
    visit.add_key("第一把")
    visit.page.get_by_label("我存好了").check()
    visit.go("/account/passkeys/add/")
    visit.page.get_by_role("button", name="加上").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("已经加过了")
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1

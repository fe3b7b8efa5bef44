"""«My sign-in»: the second step, recovery codes, sessions, and passwords that somebody else handed out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client

from qunying.ui.sign_in_given import do_mark_given, is_given

from .conftest import PASSWORD

OWN = "chun-tian-lai-le-2026"

pytestmark = [pytest.mark.urls("qunying.ui.tests.urls"), pytest.mark.django_db]


def code_of(secret: str, steps: int = 0) -> str:
    """What a phone shows for this secret now, or some half minutes away, by RFC 6238."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def sign_in(browser: Client, password: str = PASSWORD) -> str:
    """Name and password; answers where that leads."""
    return browser.post("/account/login/", {"login": "林晚", "password": password}).headers.get("Location", "")


def confirm(browser: Client) -> None:
    browser.post("/account/reauthenticate/", {"password": PASSWORD})


def turn_on(browser: Client) -> tuple[str, list[str]]:
    """Signs in and turns the second step on; answers the secret and the recovery codes."""
    sign_in(browser)
    confirm(browser)
    page = browser.get("/account/two-step/on/").content.decode()
    found = re.search(r'class="mono">([A-Z2-7]+)<', page)
    assert found
    answer = browser.post("/account/two-step/on/", {"code": code_of(found[1])}, follow=True)
    codes = re.findall(r"\b\d{8}\b", re.findall(r"<pre.*?</pre>", answer.content.decode(), re.DOTALL)[0])
    return found[1], codes


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


@pytest.fixture
def away(browser: Client, lin: User) -> tuple[str, list[str]]:
    """Lin turned the second step on and left."""
    kept = turn_on(browser)
    browser.post("/account/logout/")
    return kept


def test_a_code_is_asked_for_when_the_second_step_is_on(browser: Client, away: tuple[str, list[str]]) -> None:
    assert sign_in(browser) == "/account/two-step/"
    assert not is_in(browser)
    assert "还差一步" in browser.get("/account/two-step/").content.decode()
    browser.post("/account/two-step/", {"code": code_of(away[0])})
    assert is_in(browser)


@pytest.mark.parametrize("code", ["000000", "", "验证码", "１２", "\u200b"])
def test_a_wrong_code_is_refused_with_a_reason_when_typed(
    browser: Client, away: tuple[str, list[str]], code: str
) -> None:
    sign_in(browser)
    page = browser.post("/account/two-step/", {"code": code})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert not is_in(browser)


@pytest.mark.parametrize(
    "figures", ["０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "0123456789"], ids=["full width", "arabic", "plain"]
)
def test_a_code_counts_when_its_figures_are_of_another_script(
    browser: Client, away: tuple[str, list[str]], figures: str
) -> None:
    sign_in(browser)
    typed = code_of(away[0]).translate(str.maketrans("0123456789", figures))
    browser.post("/account/two-step/", {"code": f" {typed[:3]}\u3000{typed[3:]}\u200b"})
    assert is_in(browser)


def test_a_code_works_once_when_somebody_saw_it(browser: Client, away: tuple[str, list[str]]) -> None:
    seen = code_of(away[0])
    sign_in(browser)
    browser.post("/account/two-step/", {"code": seen})
    other = Client()
    sign_in(other)
    other.post("/account/two-step/", {"code": seen})
    assert not is_in(other)
    other.post("/account/two-step/", {"code": code_of(away[0], steps=1)})
    assert is_in(other)


def test_a_recovery_code_works_once_when_the_phone_is_lost(browser: Client, away: tuple[str, list[str]]) -> None:
    code = away[1][0]
    sign_in(browser)
    browser.post("/account/two-step/", {"code": code})
    assert is_in(browser)
    assert "还剩 9 个" in browser.get("/account/").content.decode()
    other = Client()
    sign_in(other)
    other.post("/account/two-step/", {"code": code})
    assert not is_in(other)


def test_guessing_codes_is_stopped_when_done_too_often(browser: Client, away: tuple[str, list[str]]) -> None:
    sign_in(browser)
    for _guess in range(5):
        browser.post("/account/two-step/", {"code": "000000"})
    browser.post("/account/two-step/", {"code": code_of(away[0])})
    assert not is_in(browser)


def test_recovery_codes_are_shown_once_when_the_second_step_was_turned_on(browser: Client, lin: User) -> None:
    _secret, codes = turn_on(browser)
    assert len(set(codes)) == 10
    again = browser.get("/account/recovery-codes/")
    assert not any(code in again.content.decode() for code in codes)
    assert "已经显示过了" in again.content.decode()
    assert "no-store" in again.headers["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_what_was_done_is_said_in_our_words_when_the_second_step_is_turned_on_and_off(
    browser: Client, lin: User
) -> None:
    sign_in(browser)
    confirm(browser)
    secret = re.findall(r'class="mono">([A-Z2-7]+)<', browser.get("/account/two-step/on/").content.decode())[0]
    page = browser.post("/account/two-step/on/", {"code": code_of(secret)}, follow=True)
    assert _toasts(page) == ["两步登录开了。"], "the page itself speaks of the codes"
    assert _toasts(browser.post("/account/two-step/off/", follow=True)) == ["两步登录关了。"]
    assert _toasts(browser.post("/account/logout/", follow=True)) == ["已经退出。"]


def _toasts(page: HttpResponse) -> list[str]:
    return re.findall(r'class="toast"[^>]*>(?:<span>)?\s*([^<]+?)\s*<', page.content.decode())


def test_recovery_codes_can_be_kept_as_a_file_when_they_are_shown(browser: Client, lin: User) -> None:
    sign_in(browser)
    confirm(browser)
    turn_on_page = browser.get("/account/two-step/on/").content.decode()
    secret = re.findall(r'class="mono">([A-Z2-7]+)<', turn_on_page)[0]
    page = browser.post("/account/two-step/on/", {"code": code_of(secret)}, follow=True).content.decode()
    href = re.findall(r'href="data:text/plain;charset=utf-8,([^"]+)"', page)[0]
    assert re.fullmatch(r"(\d{8}\n){9}\d{8}", unquote(href))


def test_old_recovery_codes_are_void_when_new_ones_are_made(browser: Client, lin: User) -> None:
    _secret, codes = turn_on(browser)
    assert "旧的还剩 10 个" in browser.get("/account/recovery-codes/new/").content.decode()
    shown = browser.post("/account/recovery-codes/new/", follow=True).content.decode()
    assert "只显示这一次" in shown
    assert not any(code in shown for code in codes)
    other = Client()
    sign_in(other)
    other.post("/account/two-step/", {"code": codes[0]})
    assert not is_in(other)


def test_the_password_is_enough_again_when_the_second_step_is_turned_off(browser: Client, lin: User) -> None:
    turn_on(browser)
    assert "以后登录不再问" in browser.get("/account/two-step/off/").content.decode()
    browser.post("/account/two-step/off/")
    assert not Authenticator.objects.filter(user=lin).exists()
    assert sign_in(Client()) == "/"


@pytest.mark.parametrize("address", ["two-step/on/", "recovery-codes/new/", "passkeys/add/"])
def test_the_password_is_asked_again_when_the_way_in_is_to_change(browser: Client, lin: User, address: str) -> None:
    sign_in(browser)
    answer = browser.get(f"/account/{address}")
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert not Authenticator.objects.filter(user=lin).exists()


def test_a_code_confirms_too_when_the_second_step_is_on(browser: Client, away: tuple[str, list[str]]) -> None:
    sign_in(browser)
    browser.post("/account/two-step/", {"code": code_of(away[0])})
    assert "用验证码或恢复码" in browser.get("/account/reauthenticate/?next=/account/").content.decode()
    assert "再确认一次是你" in browser.get("/account/two-step/again/?next=/account/").content.decode()
    fields = {"code": code_of(away[0], steps=1), "next": "/account/two-step/off/"}
    assert browser.post("/account/two-step/again/", fields).headers["Location"] == "/account/two-step/off/"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", ["", "two-step/on/", "passkeys/", "passkeys/add/", "sessions/"])
def test_every_page_of_my_sign_in_stands_when_opened(browser: Client, lin: User, address: str, language: str) -> None:
    sign_in(browser)
    confirm(browser)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = browser.get(f"/account/{address}")
    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


def test_nobody_sees_my_sign_in_when_not_signed_in(browser: Client, lin: User) -> None:
    for address in ("", "two-step/on/", "recovery-codes/", "passkeys/", "sessions/"):
        assert browser.get(f"/account/{address}").headers["Location"].startswith("/account/login/")


def test_this_device_is_marked_and_the_others_leave_when_told(browser: Client, lin: User) -> None:
    other = Client(headers={"user-agent": "手机 <b>浏览器</b>"})
    sign_in(other)
    sign_in(browser)
    page = browser.get("/account/sessions/").content.decode()
    assert page.count("这一台") == 1
    assert "手机 &lt;b&gt;浏览器" in page
    browser.post("/account/sessions/")
    assert other.get("/account/").headers["Location"].startswith("/account/login/")
    assert browser.get("/account/").status_code == 200
    assert UserSession.objects.count() == 1


def test_other_devices_leave_when_the_password_is_changed(browser: Client, lin: User) -> None:
    other = Client()
    sign_in(other)
    sign_in(browser)
    browser.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN})
    assert other.get("/account/").headers["Location"].startswith("/account/login/")
    assert browser.get("/account/").status_code == 200


def test_a_handed_out_password_opens_nothing_else_when_it_was_not_changed(browser: Client, lin: User) -> None:
    do_mark_given(lin)
    sign_in(browser)
    for address in ("/", "/account/", "/account/two-step/on/", "/gallery/?tab=1"):
        assert browser.get(address).headers["Location"].startswith("/account/password/change/?next=%2F")
    assert browser.post("/account/sessions/").headers["Location"] == "/account/password/change/"
    page = browser.get("/account/password/change/").content.decode()
    assert "这个密码是别人发给你的" in page
    assert "不改了" not in page


def test_a_handed_out_password_is_asked_for_again_when_they_left_without_changing(browser: Client, lin: User) -> None:
    do_mark_given(lin)
    sign_in(browser)
    browser.post("/account/logout/")
    assert not is_in(browser)
    sign_in(browser)
    assert browser.get("/gallery/").headers["Location"].startswith("/account/password/change/")


def test_everything_opens_where_they_wanted_to_go_when_the_password_is_their_own(browser: Client, lin: User) -> None:
    do_mark_given(lin)
    sign_in(browser)
    fields = {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN, "next": "/gallery/"}
    assert browser.post("/account/password/change/", fields).headers["Location"] == "/gallery/"
    assert browser.get("/gallery/").status_code == 200
    assert not is_given(User.objects.get(pk=lin.pk))
    other = Client()
    sign_in(other, OWN)
    assert other.get("/gallery/").status_code == 200


def test_a_handed_out_password_stays_when_it_is_changed_to_itself(browser: Client, lin: User) -> None:
    do_mark_given(lin)
    sign_in(browser)
    fields = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    page = browser.post("/account/password/change/", fields).content.decode()
    assert "新密码要和现在的不一样" in page
    assert is_given(lin)


def test_nobody_is_led_away_when_the_password_was_chosen(browser: Client, lin: User) -> None:
    do_mark_given(User.objects.create_user("别人"))
    sign_in(browser)
    assert browser.get("/gallery/").status_code == 200


def test_counts_of_guesses_are_seen_by_another_process_when_kept(lin: User) -> None:
    """The cache is files: what one handle writes, a fresh one reads."""
    assert caches["default"].__class__.__name__ == "FileBasedCache"
    caches["default"].set("guesses", [1])
    fresh = caches.create_connection("default")
    assert fresh.get("guesses") == [1]

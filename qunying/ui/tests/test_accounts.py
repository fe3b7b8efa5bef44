from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from .conftest import PASSWORD

pytestmark = [pytest.mark.urls("qunying.ui.tests.urls"), pytest.mark.django_db]


def test_our_pages_win_over_allauths_when_both_have_one() -> None:
    apps = settings.INSTALLED_APPS
    assert apps.index("qunying.ui") < apps.index("allauth")


def test_person_comes_in_when_the_password_is_right(browser: Client, lin: User) -> None:
    answer = browser.post("/account/login/", {"login": "林晚", "password": PASSWORD})
    assert answer.status_code == 302
    assert browser.session["_auth_user_id"] == str(lin.pk)


def test_reason_is_told_in_the_readers_language_when_the_password_is_wrong(browser: Client, lin: User) -> None:
    html = browser.post("/account/login/", {"login": "林晚", "password": "不对"}).content.decode()
    assert 'role="alert"' in html
    assert 'value="林晚"' in html
    assert "不对" not in html


def test_sign_in_is_slowed_when_guessed_too_often(browser: Client, lin: User) -> None:
    for guess in range(6):
        browser.post("/account/login/", {"login": "林晚", "password": f"guess-{guess}"})
    browser.post("/account/login/", {"login": "林晚", "password": PASSWORD})
    assert "_auth_user_id" not in browser.session


def test_nobody_signs_up_when_not_invited(browser: Client) -> None:
    answer = browser.post("/account/signup/", {"username": "x", "password1": PASSWORD, "password2": PASSWORD})
    assert "这里不开放注册" in answer.content.decode()
    assert not User.objects.exists()


def test_person_leaves_only_by_post_when_signed_in(browser: Client, lin: User) -> None:
    browser.force_login(lin)
    assert "退出登录？" in browser.get("/account/logout/").content.decode()
    assert "_auth_user_id" in browser.session
    browser.post("/account/logout/")
    assert "_auth_user_id" not in browser.session


def test_password_changes_when_the_old_one_is_known(browser: Client, lin: User) -> None:
    browser.force_login(lin)
    wrong = browser.post(
        "/account/password/change/", {"oldpassword": "x", "password1": "new-pass-2026", "password2": "new-pass-2026"}
    )
    assert 'aria-invalid="true"' in wrong.content.decode()
    fields = {"oldpassword": PASSWORD, "password1": "new-pass-2026", "password2": "new-pass-2026"}
    assert browser.post("/account/password/change/", fields).status_code == 302
    lin.refresh_from_db()
    assert lin.check_password("new-pass-2026")


def test_reauthentication_wears_our_dress_when_asked_for(browser: Client, lin: User) -> None:
    browser.force_login(lin)
    html = browser.get("/account/reauthenticate/").content.decode()
    assert "再确认一次是你" in html
    assert 'class="door"' in html


def test_no_mail_is_sent_when_a_password_is_forgotten(browser: Client, mailoutbox: list[object]) -> None:
    assert "请负责人" in browser.post("/account/password/reset/", {"email": "a@example.com"}).content.decode()
    assert browser.get("/account/email/").status_code == 404
    assert mailoutbox == []


def test_inputs_carry_names_for_password_keepers_when_signing_in(browser: Client) -> None:
    html = browser.get("/account/login/").content.decode()
    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html

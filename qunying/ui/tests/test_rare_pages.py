"""Pages that people see only when something went wrong, or that allauth may lead to: they must stand too."""

from __future__ import annotations

import pytest
from allauth.account.forms import SetPasswordForm
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation


@pytest.fixture
def request_of_nobody(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "429.html"])
def test_the_page_says_what_to_do_when_something_is_refused(
    request_of_nobody: HttpRequest, name: str, language: str
) -> None:
    with translation.override(language):
        page = render_to_string(name, {"reason": ""}, request_of_nobody)
    assert page.count("<h1") == 1
    assert 'href="/' in page, "there is a way on"


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "zh-CN"), ("en", "en")])
def test_the_page_stands_without_a_request_when_the_server_failed(language: str, said: str) -> None:
    with translation.override(language):
        page = render_to_string("500.html")
    assert page.count("<h1") == 1
    assert f'<html lang="{said}">' in page
    assert 'class="brand"' in page, "whose page it is"


def test_the_way_on_is_the_sign_in_when_somebody_tried_too_often(request_of_nobody: HttpRequest) -> None:
    assert ">回到登录</a>" in render_to_string("429.html", {}, request_of_nobody)


@pytest.mark.parametrize("name", ["base", "entrance", "manage"])
def test_allauth_speaks_in_our_frame_when_it_shows_a_page_of_its_own(request_of_nobody: HttpRequest, name: str) -> None:
    page = render_to_string(f"allauth/layouts/{name}.html", {}, request_of_nobody)
    assert "qunying/qunying.css" in page


@pytest.mark.django_db
def test_a_first_password_can_be_set_when_an_account_has_none(request_of_nobody: HttpRequest) -> None:
    page = render_to_string("account/password_set.html", {"form": SetPasswordForm()}, request_of_nobody)
    assert page.count('type="password"') == 2

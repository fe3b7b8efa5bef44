"""How one reader wants the console: theme, language, single-key shortcuts. Kept in cookies, changed by POST."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

THEME_COOKIE = "qy_theme"
KEYS_COOKIE = "qy_keys"
THEMES = ("light", "dark")
FOLLOW_SYSTEM = "system"
YEAR = 365 * 24 * 3600


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """``theme``: light, dark or system (forget the choice). Leads back to ``next``."""
    theme = request.POST.get("theme", "")
    if theme not in {*THEMES, FOLLOW_SYSTEM}:
        return HttpResponseBadRequest(_("没有这个主题"))
    return _remembered(request, THEME_COOKIE, "" if theme == FOLLOW_SYSTEM else theme)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """``language``: one of ``settings.LANGUAGES``. Leads back to ``next``."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("没有这种语言"))
    return _remembered(request, settings.LANGUAGE_COOKIE_NAME, language)


@require_POST
def set_keys(request: HttpRequest) -> HttpResponse:
    """``keys``: on or off. Single-key shortcuts get in the way of speech input, so they can be switched off."""
    keys = request.POST.get("keys", "")
    if keys not in {"on", "off"}:
        return HttpResponseBadRequest(_("只能开或关"))
    return _remembered(request, KEYS_COOKIE, "off" if keys == "off" else "")


def chosen_theme(cookies: Mapping[str, str]) -> str:
    """``light``, ``dark``, or nothing: then the system decides."""
    theme = cookies.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def other_theme(cookies: Mapping[str, str]) -> str:
    """Where the switch leads without a script: away from what was chosen, to dark at first."""
    return "light" if chosen_theme(cookies) == "dark" else "dark"


def html_attributes(cookies: Mapping[str, str]) -> SafeString:
    """`` data-theme="dark" data-keys="off"``, each only where the reader chose it."""
    theme = chosen_theme(cookies)
    shown = format_html(' data-theme="{}"', theme) if theme else SafeString("")
    return shown + SafeString(' data-keys="off"') if cookies.get(KEYS_COOKIE) == "off" else shown


def safe_next(request: HttpRequest) -> str:
    """The address in ``next`` when it is ours, else the start page: a form must not send people elsewhere."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"


def _remembered(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(safe_next(request))
    if value:
        response.set_cookie(
            cookie,
            value,
            max_age=YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(cookie, samesite="Lax")
    return response

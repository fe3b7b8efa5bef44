"""Passwords that somebody else handed out: two people know them, so they open nothing but the page that changes them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

LABEL = "password was given"  # a group of Django's that carries no permission, only says this
SESSION_KEY = "password_was_given"
STILL_OPEN = (
    "account_change_password",
    "account_set_password",
    "account_logout",
    "set_theme",
    "set_language",
    "set_keys",
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def do_mark_given(user: User) -> None:
    """Whoever handed out this password knows it: from the next sign-in on it must be changed before anything else."""
    label, _is_new = Group.objects.get_or_create(name=LABEL)
    user.groups.add(label)


def do_mark_chosen(user: User) -> None:
    """The person chose the password themselves; nothing stands in their way any more."""
    user.groups.remove(*user.groups.filter(name=LABEL))


def is_given(user: User) -> bool:
    """Whether this sign-in still has a password that somebody else knows."""
    return user.groups.filter(name=LABEL).exists()


def own_password_first(get_response: GetResponse) -> GetResponse:
    """Middleware: a session begun with a handed-out password is led to changing it, then to where it wanted to go."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        # the session knows, so that no page has to ask the database
        if not request.session.get(SESSION_KEY) or request.path in map(reverse, STILL_OPEN):
            return get_response(request)
        wanted = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return HttpResponseRedirect(reverse("account_change_password") + wanted)

    return answer

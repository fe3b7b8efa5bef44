"""Who may have an account: people who were invited by an owner. Nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from qunying.ui.sign_in_given import SESSION_KEY, do_mark_chosen, is_given


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the open sign-up and asks for a password of one's own; everything else is allauth's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by an owner or on the command line."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Whoever comes in with a handed-out password, by goes_together means, is to change it first."""
        super().login(request, user)
        if is_given(user):
            request.session[SESSION_KEY] = True

    def clean_password(self, password: str, user: User | None = None) -> str:
        """A new password must be new: the old one may be known to somebody. Raises ``ValidationError``."""
        if user is not None and user.check_password(password):
            raise ValidationError(gettext("新密码要和现在的不一样。"))
        cleaned: str = super().clean_password(password, user)
        return cleaned

    def set_password(self, user: User, password: str) -> None:
        """Only pages of the person themselves come here, so the password is theirs from now on."""
        super().set_password(user, password)
        do_mark_chosen(user)
        self.request.session.pop(SESSION_KEY, None)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To «my sign-in», where the change was begun."""
        return reverse("mfa_index")


def forgotten(request: HttpRequest) -> HttpResponse:
    """What to do about a forgotten password. No mail is sent: an installation need not have a mail server."""
    return render(request, "account/forgotten.html")


def no_mail(request: HttpRequest) -> HttpResponse:
    """Accounts here have a name and no mail address: the page that would manage addresses does not exist."""
    raise Http404

"""Who may have an account: people who were invited by an owner. Nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the open sign-up; everything else is allauth's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by an owner or on the command line."""
        return False


def forgotten(request: HttpRequest) -> HttpResponse:
    """What to do about a forgotten password. No mail is sent: an installation need not have a mail server."""
    return render(request, "account/forgotten.html")


def no_mail(request: HttpRequest) -> HttpResponse:
    """Accounts here have a name and no mail address: the page that would manage addresses does not exist."""
    raise Http404

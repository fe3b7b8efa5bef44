"""What every page of a community begins with: may this person see it, and what may they do there."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from qunying.communities.access import Permission, access_community, reach_of
from qunying.communities.queries_chain import About, about_of
from qunying.console.community.context import Head
from qunying.console.show import signed_in
from qunying.insights.kpis.board import SPAN_DAYS

View = Callable[..., HttpResponseBase]


def community_page(permission: Permission = Permission.READ) -> Callable[[View], View]:
    """A view of one community, called with the request, the page's head and what the community is: 404 without the
    permission. Days and hours are in the community's zone."""

    def wrap(view: View) -> View:
        def inner(request: HttpRequest, community_id: int, **more: Any) -> HttpResponseBase:
            about = about_of(access_community(request.user, community_id, permission))
            with timezone.override(ZoneInfo(about.timezone)):
                return view(request, _head(request, about), about, **more)

        return signed_in(update_wrapper(inner, view))

    return wrap


def _head(request: HttpRequest, about: About) -> Head:
    def may(permission: Permission) -> bool:
        return reach_of(request.user, permission).covers(about.id)

    return Head(
        id=about.id,
        name=about.name,
        can_set=may(Permission.SETTINGS),
        can_decide=may(Permission.DECIDE),
        can_import=may(Permission.IMPORT),
    )


def days_asked(request: HttpRequest) -> int:
    """How many days one span has: as asked, else a week."""
    said = request.GET.get("days") or request.POST.get("days") or ""
    return int(said) if said in {str(days) for days in SPAN_DAYS} else SPAN_DAYS[0]

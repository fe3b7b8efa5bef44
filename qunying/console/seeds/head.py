"""What every page about the people who carry a community begins with: may this person see it, what may they do here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from qunying.communities.access import Permission, access_community, holdings_of, visible_communities
from qunying.communities.queries import CountedHome
from qunying.console.choices import Choice
from qunying.console.show import signed_in
from qunying.people.shortlists import ShortlistRow, find_shortlist, list_shortlists


@dataclass(frozen=True, slots=True)
class SeedsHead:
    """The community, its tabs, and what this person may do here. ``others`` are the communities to change to."""

    id: int
    name: str
    timezone: str
    tab: str
    lists: int
    can_decide: bool
    can_set: bool
    others: tuple[Choice, ...]

    @property
    def home(self) -> CountedHome:
        """The community as those who count take it."""
        return CountedHome(self.id, self.name, self.timezone)


View = Callable[..., HttpResponseBase]


def seeds_page(tab: str, permission: Permission = Permission.READ) -> Callable[[View], View]:
    """A view of one community, called with the request and the page's head: 404 without the permission.

    Days are in the community's zone.
    """

    def wrap(view: View) -> View:
        def inner(request: HttpRequest, community_id: int, **more: Any) -> HttpResponseBase:
            head = meet(request, community_id, tab, permission)
            with timezone.override(head.timezone):
                return view(request, head, **more)

        return signed_in(update_wrapper(inner, view))

    return wrap


def meet(request: HttpRequest, community_id: int, tab: str, permission: Permission) -> SeedsHead:
    """The head of such a page. Raises ``Http404`` where the community is not there or not for this person."""
    row = access_community(request.user, community_id, permission)
    holdings, others = holdings_of(request.user), visible_communities(request.user)
    return SeedsHead(
        id=row.pk,
        name=row.name,
        timezone=row.timezone,
        tab=tab,
        lists=len(list_shortlists(row.pk)),
        can_decide=holdings.reach(Permission.DECIDE).covers(row.pk),
        can_set=holdings.reach(Permission.SETTINGS).covers(row.pk),
        others=tuple(
            Choice(one.name, reverse("console:seeds-community", args=[one.pk]), one.pk == row.pk) for one in others
        )
        if len(others) > 1
        else (),
    )


def access_shortlist(head: SeedsHead, list_id: int) -> ShortlistRow:
    """That list of this community. Raises ``Http404`` where there is none."""
    found = find_shortlist(head.id, list_id)
    if found is None:
        raise Http404
    return found

"""What every page of a group begins with: may this person see it, what is it called, which zone are its days cut in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.carriers.live import find_carrier
from qunying.communities.access import Permission, find_group, holdings_of
from qunying.communities.lineage import find_forebears
from qunying.communities.noting import GroupNotes, notes_of
from qunying.communities.queries import GroupInfo, info_of
from qunying.console.community.words import KIND_OF_GROUP
from qunying.console.show import signed_in
from qunying.people.seats import count_seats_by_state


@dataclass(frozen=True, slots=True)
class GroupHead:
    """What stands above every page of a group: its names, its tabs, and what this person may do here."""

    id: int
    name: str
    carrier_name: str
    community_id: int
    community: str
    carrier: str
    present: int
    capacity: int
    tab: str
    can_speak: bool
    can_set: bool
    can_decide: bool
    is_reachable: bool
    notes: GroupNotes
    forebears: int = 0
    with_past: bool = False


View = Callable[..., HttpResponseBase]


def group_page(tab: str, permission: Permission = Permission.READ) -> Callable[[View], View]:
    """A view of one group, called with the request, the page's head and the group: 404 without the permission.

    Days and hours are in the community's zone.
    """

    def wrap(view: View) -> View:
        def inner(request: HttpRequest, group_id: int, **more: Any) -> HttpResponseBase:
            head, info = _meet(request, group_id, tab, permission)
            with timezone.override(info.zone):
                return view(request, head, info, **more)

        return signed_in(update_wrapper(inner, view))

    return wrap


def _meet(request: HttpRequest, group_id: int, tab: str, permission: Permission) -> tuple[GroupHead, GroupInfo]:
    holdings = holdings_of(request.user)
    group = find_group(holdings, group_id, permission)
    info = info_of(group)
    carrier, forebears = find_carrier(group.carrier), find_forebears(group.pk)
    head = GroupHead(
        id=group.pk,
        name=group.shown_name,
        carrier_name=group.carrier_name if group.carrier_name != group.shown_name else "",
        community_id=group.community_id,
        community=info.community,
        carrier=_where(group.kind, _(carrier.title) if carrier else _("导入的记录")),
        present=count_seats_by_state(group.pk)[""],
        capacity=group.capacity,
        tab=tab,
        can_speak=holdings.reach(Permission.SPEAK).covers(group.community_id),
        can_set=holdings.reach(Permission.SETTINGS).covers(group.community_id),
        can_decide=holdings.reach(Permission.DECIDE).covers(group.community_id),
        is_reachable=carrier is not None and "Say" in carrier.does,
        notes=notes_of(group),
        forebears=len(forebears),
        with_past=bool(forebears) and request.GET.get("past") == "1",
    )
    return head, info


def _where(kind: str, platform: str) -> str:
    """The platform of a chat group; what it is of any other."""
    return platform if kind == "chat" else _(KIND_OF_GROUP[kind])

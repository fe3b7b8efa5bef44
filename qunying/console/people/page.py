"""The page of one person, and what it asks for once it stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from qunying.communities.access import Permission, reach_of
from qunying.console.people.card import read_panel
from qunying.console.people.context import Tried
from qunying.console.people.course_more import Trail
from qunying.console.people.identity import read_identity
from qunying.console.people.person import groups_of, show_person
from qunying.console.people.portrait import BesidePage, read_portrait
from qunying.console.people.reaching import access_person
from qunying.console.show import show

PAGES = "console/people"


def person_page(request: HttpRequest, person_id: int) -> HttpResponse:
    """The page; what lies outside this reader's reach is not told.

    Raises ``Http404`` where nothing of that person is within reach.
    """
    reach, decide = (reach_of(request.user, one) for one in (Permission.READ, Permission.DECIDE))
    name, seats = access_person(reach, person_id)
    groups = groups_of(seats)
    with timezone.override(groups[seats[0].group_id].zone):
        panel = read_panel(seats, groups, reach.ids, decide)
        trail = Trail(person_id, seats, reach.ids, decide.ids, groups)
        context = show_person(name, trail, panel, request.GET)
        part = "said" if "said_before" in request.GET else "course"
        return show(request, f"{PAGES}/person.html", context, part=part)


def beside_page(request: HttpRequest, person_id: int, tried: Tried | None = None) -> HttpResponse:
    """The rest of it; with status 422 where a form there was refused. Raises ``Http404`` likewise."""
    reach, decide = (reach_of(request.user, one) for one in (Permission.READ, Permission.DECIDE))
    name, seats = access_person(reach, person_id)
    groups = groups_of(seats)
    with timezone.override(groups[seats[0].group_id].zone):
        context = BesidePage(
            id=person_id,
            name=name,
            identity=read_identity(person_id, seats, groups, decide),
            portrait=read_portrait(person_id, seats, groups, reach.ids, decide),
            tried=tried,
        )
        return show(request, f"{PAGES}/beside.html", context, part="beside", status=422 if tried else 200)

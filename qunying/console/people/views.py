"""Members of all groups, and one person with everything they belong to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qunying.communities.access import Permission, Reach, reach_of, visible_communities
from qunying.console.people.listing import columns_of_sheet, list_cells, show_people
from qunying.console.people.person import SEATS_AT_MOST, groups_of, show_person
from qunying.console.sheet import as_csv
from qunying.console.show import show, signed_in
from qunying.people.roll import Account, RollLine, find_person_name, list_accounts_of, list_seats_of_person

PAGES = "console/people"


@signed_in
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The members' list."""
    reach = reach_of(request.user, Permission.READ)
    homes = [(one.pk, one.name) for one in visible_communities(request.user)]
    context = show_people(request.GET, homes, reach.ids)
    return show(request, f"{PAGES}/page.html", context, part="table")


@signed_in
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as a file, as far as its pages reach."""
    reach = reach_of(request.user, Permission.READ)
    homes = [(one.pk, one.name) for one in visible_communities(request.user)]
    cells = list_cells(request.GET, homes, reach.ids)
    return as_csv("people", columns_of_sheet(), cells)


@signed_in
@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person; what they did outside this reader's reach is not told."""
    reach = reach_of(request.user, Permission.READ)
    name, accounts, seats = access_person(reach, person_id)
    groups = groups_of(seats)
    with timezone.override(groups[seats[0].group_id].zone):
        context = show_person(name, accounts, seats, groups, reach.ids, request.GET)
        part = "said" if "said_before" in request.GET else "course"
        return show(request, f"{PAGES}/person.html", context, part=part)


def access_person(reach: Reach, person_id: int) -> tuple[str, list[Account], list[RollLine]]:
    """That person's name, accounts and seats within reach. Raises ``Http404`` where nothing of them is."""
    name = find_person_name(person_id)
    if name is None:
        raise Http404
    accounts = list_accounts_of(person_id)
    seats = list_seats_of_person([one.id for one in accounts], reach.ids, limit=SEATS_AT_MOST)
    if not seats:
        raise Http404
    return name, accounts, seats

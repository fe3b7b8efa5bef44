"""Members of all groups, and one person with everything they belong to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunying.communities.access import Permission, Reach, reach_of, visible_communities
from qunying.console.people.card import card_to_correct, read_panel
from qunying.console.people.listing import columns_of_sheet, list_cells, show_people
from qunying.console.people.person import SEATS_AT_MOST, groups_of, show_person
from qunying.console.sheet import as_csv
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.correcting import do_correct_card, do_uncorrect_card
from qunying.people.roll import Account, RollLine, find_person_name, list_accounts_of, list_seats_of_person
from qunying.ui.toasts import toast

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
        panel = read_panel(seats, groups, reach.ids, reach_of(request.user, Permission.DECIDE))
        context = show_person(name, accounts, seats, groups, panel, reach.ids, request.GET)
        part = "said" if "said_before" in request.GET else "course"
        return show(request, f"{PAGES}/person.html", context, part=part)


@signed_in
@require_POST
def correct(request: HttpRequest, person_id: int, seat_id: int) -> HttpResponse:
    """Keeps that a field of a card is what one of us says, with a way back."""
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    reach = reach_of(request.user, Permission.DECIDE)
    _name, _accounts, seats = access_person(reach, person_id)
    try:
        ids = card_to_correct(seats, seat_id, reach)
        changed = do_correct_card(ids, field, value, user_id=request.user.pk or 0, at=clock.now())
    except BadUse as error:
        toast(request, error.said(_))
    else:
        undo = f"{reverse('console:person-uncorrect', args=[person_id, seat_id])}?field={field}" if changed else ""
        toast(request, _("记下了，以后重读名片也照这个") if changed else _("没有改动"), undo_url=undo)
    return redirect("console:person", person_id)


@signed_in
@require_POST
def uncorrect(request: HttpRequest, person_id: int, seat_id: int) -> HttpResponse:
    """Takes a correction back: the card counts again."""
    field = request.POST.get("field") or request.GET.get("field", "")
    reach = reach_of(request.user, Permission.DECIDE)
    _name, _accounts, seats = access_person(reach, person_id)
    try:
        ids = card_to_correct(seats, seat_id, reach)
        changed = do_uncorrect_card(ids, field, user_id=request.user.pk or 0, at=clock.now())
    except BadUse as error:
        toast(request, error.said(_))
    else:
        toast(request, _("撤回了，又照名片读") if changed else _("早已撤回了"))
    return redirect("console:person", person_id)


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

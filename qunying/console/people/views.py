"""Members of all groups, and one person with everything they belong to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunying.communities.access import Permission, reach_of
from qunying.console.people.card import card_to_correct
from qunying.console.people.choosing import place_of
from qunying.console.people.listing import columns_of_sheet, list_cells, show_people
from qunying.console.people.page import beside_page, person_page
from qunying.console.people.reaching import LARGEST, access_person
from qunying.console.sheet import as_csv
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.correcting import do_correct_card, do_uncorrect_card
from qunying.people.maybe_same import persons_of
from qunying.ui.toasts import toast

PAGES = "console/people"


@signed_in
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The members' list."""
    context = show_people(request.GET, place_of(request.user))
    return show(request, f"{PAGES}/page.html", context, part="table")


@signed_in
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as a file, as far as its pages reach."""
    cells = list_cells(request.GET, place_of(request.user))
    return as_csv("people", columns_of_sheet(), cells)


@signed_in
@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person; whoever was joined with another stands at the address of both."""
    try:
        return person_page(request, person_id)
    except Http404:
        now = persons_of([person_id]).get(person_id, person_id) if person_id <= LARGEST else person_id
        if now == person_id:
            raise
        access_person(reach_of(request.user, Permission.READ), now)
        return redirect("console:person", now)


@signed_in
@require_safe
def beside(request: HttpRequest, person_id: int) -> HttpResponse:
    """What their page asks for once it stands: conversations, deeds outside, accounts and why they are one, consents."""
    return beside_page(request, person_id)


@signed_in
@require_POST
def correct(request: HttpRequest, person_id: int, seat_id: int) -> HttpResponse:
    """Keeps that a field of a card is what one of us says, with a way back."""
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    reach = reach_of(request.user, Permission.DECIDE)
    _name, seats = access_person(reach, person_id)
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
    _name, seats = access_person(reach, person_id)
    try:
        ids = card_to_correct(seats, seat_id, reach)
        changed = do_uncorrect_card(ids, field, user_id=request.user.pk or 0, at=clock.now())
    except BadUse as error:
        toast(request, error.said(_))
    else:
        toast(request, _("撤回了，又照名片读") if changed else _("早已撤回了"))
    return redirect("console:person", person_id)

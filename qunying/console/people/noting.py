"""Noting something about a person: a private talk, what they agreed to."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunying.communities.access import Permission, reach_of
from qunying.communities.queries import infos_of_groups
from qunying.console.people.context import Tried
from qunying.console.people.page import beside_page
from qunying.console.people.reaching import access_person
from qunying.console.show import signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.people.maybe_same import persons_of
from qunying.people.notes import do_note_consent, do_take_back_note, do_write_note, find_note_home
from qunying.people.roll import RollLine
from qunying.ui.toasts import toast


@signed_in
@require_POST
def note(request: HttpRequest, person_id: int) -> HttpResponse:
    """Keeps what was talked about in private; what cannot be kept is said, with the words given back."""
    seat = _seat_for(request, person_id)
    text = request.POST.get("text", "")
    try:
        with timezone.override(_zone(seat)):
            talked_at = read_day(request.POST.get("on", ""))
        made = do_write_note(
            seat.community_id, seat.identity_id, text, talked_at=talked_at, user_id=request.user.pk or 0, at=clock.now()
        )
    except BadUse as error:
        return beside_page(request, person_id, Tried("note", error.said(_), text))
    toast(request, _("记下了"), undo_url=reverse("console:person-unnote", args=[person_id, made]))
    return redirect("console:person", person_id)


@signed_in
@require_POST
def unnote(request: HttpRequest, person_id: int, note_id: int) -> HttpResponse:
    """Takes a note back."""
    reach = reach_of(request.user, Permission.DECIDE)
    home = find_note_home(note_id)
    if home is None or not reach.covers(home[0]) or persons_of([home[1]]).get(home[1]) != person_id:
        raise Http404
    taken = do_take_back_note(note_id, user_id=request.user.pk or 0, at=clock.now())
    toast(request, _("撤回了这条私聊记录") if taken else _("早已撤回了"))
    return redirect("console:person", person_id)


@signed_in
@require_POST
def consent(request: HttpRequest, person_id: int) -> HttpResponse:
    """Keeps what they agreed to, or did not."""
    seat = _seat_for(request, person_id)
    try:
        with timezone.override(_zone(seat)):
            said_at = read_day(request.POST.get("on", ""))
        do_note_consent(
            seat.community_id,
            seat.identity_id,
            request.POST.get("what", ""),
            is_given=request.POST.get("given") == "yes",
            source=request.POST.get("source", ""),
            said_at=said_at,
            user_id=request.user.pk or 0,
            at=clock.now(),
        )
    except BadUse as error:
        return beside_page(request, person_id, Tried("consent", error.said(_), request.POST.get("source", "")))
    toast(request, _("记下了"))
    return redirect("console:person", person_id)


def read_day(text: str) -> datetime:
    """That day in the active time zone: now where it is today, else noon, for nobody notes the minute. Raises ``BadUse``."""
    now = timezone.localtime(clock.now())
    if not text or text == now.date().isoformat():
        return now
    try:
        day = datetime.fromisoformat(text).date()
        return datetime.combine(day, time(12), tzinfo=now.tzinfo)
    except ValueError:
        raise BadUse(mark("日期写成 2026-03-05 这样")) from None


def _seat_for(request: HttpRequest, person_id: int) -> RollLine:
    """Their seat in the community that was chosen, or the liveliest where the reader decides. Raises ``Http404``."""
    reach = reach_of(request.user, Permission.DECIDE)
    _name, seats = access_person(reach, person_id)
    chosen = request.POST.get("community", "")
    fitting = [one for one in seats if reach.covers(one.community_id) and chosen in {"", str(one.community_id)}]
    if not fitting:
        raise Http404
    return fitting[0]


def _zone(seat: RollLine) -> ZoneInfo:
    return infos_of_groups([seat.group_id])[seat.group_id].zone

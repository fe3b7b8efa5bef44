"""Why somebody left a group: said by one of us, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qunying.communities.access import Permission, reach_of
from qunying.communities.queries import infos_of_groups
from qunying.console.choices import Choice
from qunying.console.colleagues import names_of_colleagues
from qunying.console.people.reaching import access_person
from qunying.console.people.words import tell_why_line
from qunying.console.show import show, signed_in
from qunying.insights.words import tell_why
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.leaving import LONGEST, REASONS, do_note_leaving, do_take_back_leaving, find_why_home, list_whys
from qunying.people.roll import RollLine
from qunying.ui.toasts import toast


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """Why one seat was left, to be said."""

    person_id: int = field(metadata={"help": "the person"})
    seat_id: int = field(metadata={"help": "the seat"})
    name: str = field(metadata={"help": "what they are called"})
    group: str = field(metadata={"help": "the group they left"})
    group_id: int = field(metadata={"help": "its id"})
    left_at: datetime | None = field(metadata={"help": "when; None where nobody knows"})
    said: str = field(metadata={"help": "what is said now, with who said it; empty where nobody did"})
    said_id: int = field(metadata={"help": "that reason; 0 where nobody said any"})
    reasons: tuple[Choice, ...] = field(metadata={"help": "the reasons to choose from"})
    note: str = field(metadata={"help": "what stands in the field of words"})
    longest: int = field(metadata={"help": "how many letters it takes"})
    error: str = field(metadata={"help": "what is wrong with what was sent"})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest, person_id: int, seat_id: int) -> HttpResponse:
    """The reasons to choose from; with POST it is kept."""
    name, seat = _seat(request, person_id, seat_id)
    if request.method != "POST":
        return _page(request, person_id, name, seat)
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    try:
        made = do_note_leaving(seat.id, reason, words, user_id=request.user.pk or 0, at=clock.now())
    except BadUse as error:
        return _page(request, person_id, name, seat, error=error.said(_))
    undo = reverse("console:person-unwhy", args=[person_id, made]) if made else ""
    toast(request, _("记下了") if made else _("没有改动"), undo_url=undo)
    return redirect(f"{reverse('console:group-members', args=[seat.group_id])}?state=left")


@signed_in
@require_POST
def unwhy(request: HttpRequest, person_id: int, reason_id: int) -> HttpResponse:
    """Takes a reason back."""
    home = find_why_home(reason_id)
    if home is None:
        raise Http404
    _seat(request, person_id, home[1])
    taken = do_take_back_leaving(reason_id, user_id=request.user.pk or 0, at=clock.now())
    toast(request, _("撤回了，现在不知道为什么走") if taken else _("早已撤回了"))
    return redirect("console:person", person_id)


def _seat(request: HttpRequest, person_id: int, seat_id: int) -> tuple[str, RollLine]:
    """That seat of theirs, which they left, where the reader decides. Raises ``Http404``."""
    reach = reach_of(request.user, Permission.DECIDE)
    name, seats = access_person(reach, person_id)
    seat = next((one for one in seats if one.id == seat_id and not one.is_present), None)
    if seat is None or not reach.covers(seat.community_id):
        raise Http404
    return name, seat


def _page(request: HttpRequest, person_id: int, name: str, seat: RollLine, *, error: str = "") -> HttpResponse:
    said = list_whys([seat.id]).get(seat.id)
    by = names_of_colleagues([said.by_id]).get(said.by_id, "") if said and said.by_id else ""
    chosen = request.POST.get("reason") or (said.reason if said else "")
    context = WhyPage(
        person_id=person_id,
        seat_id=seat.id,
        name=name,
        group=infos_of_groups([seat.group_id])[seat.group_id].name,
        group_id=seat.group_id,
        left_at=seat.left_at,
        said=_(" · ").join(filter(None, (tell_why_line(said), by, said.source if said else ""))),
        said_id=said.id if said else 0,
        reasons=tuple(Choice(tell_why(one), one, one == chosen) for one in REASONS),
        note=request.POST.get("words", "") if error else said.words if said else "",
        longest=LONGEST,
        error=error,
    )
    return show(request, "console/people/why.html", context, status=422 if error else 200)

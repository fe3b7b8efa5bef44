"""The review: a case is looked at, decided, and taken back."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.communities.access import Permission
from qunying.communities.sign_ins import names_of_users
from qunying.console.review.context import HoldPart
from qunying.console.review.page import access_case, asked_by, next_after, show_review, take, take_first
from qunying.console.review.queue import address, list_waiting
from qunying.console.review.recent import tell_taught
from qunying.console.show import show, signed_in
from qunying.desk.queries import find_case
from qunying.desk.reviewing import Taken, TakenCase, do_claim_case
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.pipeline.review.deciding import do_approve_case, do_dismiss_case
from qunying.pipeline.review.softening import do_soften_case
from qunying.pipeline.review.taking_back import do_take_back
from qunying.ui.toasts import toast


@require_GET
@signed_in
def review(request: HttpRequest) -> HttpResponse:
    """The first case that nobody else looks at, with all around it."""
    asked = asked_by(request)
    cases = list_waiting(asked)
    return show_review(request, asked, take_first(request, asked, cases), cases=cases)


@require_GET
@signed_in
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case, which is this person's for some minutes."""
    asked = asked_by(request)
    return show_review(request, asked, take(request, asked, access_case(request, case_id, Permission.READ)))


@require_POST
@signed_in
def hold(request: HttpRequest, case_id: int) -> HttpResponse:
    """It is still looked at."""
    found, user_id = access_case(request, case_id), request.user.pk or 0
    is_mine = do_claim_case(found.pk, user_id=user_id, at=clock.now())
    now_held = find_case(found.pk) or found
    holder = names_of_users([now_held.claimed_by_id or 0]).get(now_held.claimed_by_id or 0, _("别人"))
    part = HoldPart(holder="" if is_mine else holder, hold_href=request.path)
    return show(request, "console/review/_hold.html", part)


@require_POST
@signed_in
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Yes, less, or no; then the next case."""
    found, following = access_case(request, case_id), next_after(request, case_id)
    try:
        said = _do(request, found, clock.now())
    except BadUse as error:
        asked = asked_by(request)
        status = 409 if isinstance(error, Taken) else 422
        fresh = find_case(found.pk) or found
        return show_review(request, asked, fresh, error=error.said(_), status=status)
    toast(request, said, undo_url=reverse("console:review-back", args=[found.pk]))
    return redirect(address(following, request.POST.get("order", "")))


def _do(request: HttpRequest, found: TakenCase, at: datetime) -> str:
    """Does what the button says; answers what is said of it."""
    user_id, typed = request.user.pk or 0, request.POST.get("people", "").strip()
    match request.POST.get("do"):
        case "approve":
            people = int(typed) if typed.isdecimal() and len(typed) < 6 else None
            is_done = do_approve_case(found.pk, user_id=user_id, at=at, people=people)
            return _("同意了，照建议做") if is_done else _("记下你同意了，还要另一位同事点头")
        case "soften":
            softer = do_soften_case(found.pk, user_id=user_id, at=at)
            return _("放轻了，只私下说一句") if softer.whispers else _("放轻了，只提醒")
        case _:
            taught = tell_taught(list(do_dismiss_case(found.pk, user_id=user_id, at=at)))
            return _("放过了，也告诉了判读：%(taught)s") % {"taught": taught} if taught else _("放过了")


@require_POST
@signed_in
def back(request: HttpRequest, case_id: int) -> HttpResponse:
    """Takes a decision of this person back."""
    found, here = access_case(request, case_id), request.POST.get("here", "")
    try:
        do_take_back(found.pk, user_id=request.user.pk or 0, at=clock.now())
    except BadUse as error:
        toast(request, error.said(_))
        return redirect(address(_shown(here), request.POST.get("order", "")))
    toast(request, _("撤回了"))
    fresh = find_case(found.pk)
    is_open = fresh is not None and fresh.state == "open"
    return redirect(address(found.pk if is_open else _shown(here), request.POST.get("order", "")))


def _shown(here: str) -> int | None:
    return int(here) if here.isdecimal() and len(here) < 19 else None

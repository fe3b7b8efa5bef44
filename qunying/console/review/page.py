"""The page of the review, for whoever asks: which case they look at, and that nobody else does meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse

from qunying.communities.access import Permission, reach_of
from qunying.console.review.case import read_case
from qunying.console.review.context import ReviewPage, ShownCase
from qunying.console.review.queue import OLDEST, Asked, find_next, is_free, list_waiting, read_queue
from qunying.console.review.recent import read_recent
from qunying.console.show import show
from qunying.desk.queries import find_case
from qunying.desk.reviewing import TakenCase, do_claim_case, do_release_cases
from qunying.kernel import clock

PAGE = "console/review/page.html"
TRIED_AT_MOST = 5  # cases that others took at the same moment


def asked_by(request: HttpRequest) -> Asked:
    """Whose queue it is: of what this person may decide, else of what they may read."""
    decides = reach_of(request.user, Permission.DECIDE)
    reach = reach_of(request.user, Permission.READ) if decides.is_nowhere else decides
    said = request.POST.get("order") or request.GET.get("order", "")
    order = OLDEST if said == OLDEST else ""
    return Asked(reach.ids, request.user.pk or 0, clock.now(), order, is_all=request.GET.get("all") == "1")


def access_case(request: HttpRequest, case_id: int, permission: Permission = Permission.DECIDE) -> TakenCase:
    """That case. Raises ``Http404`` where it is not there or not for this person."""
    case = find_case(case_id)
    if case is None or not reach_of(request.user, permission).covers(case.community_id):
        raise Http404
    return case


def may_decide(request: HttpRequest, case: TakenCase) -> bool:
    """Whether this person decides in the community of that case."""
    return reach_of(request.user, Permission.DECIDE).covers(case.community_id)


def take_first(request: HttpRequest, asked: Asked, cases: Sequence[TakenCase]) -> TakenCase | None:
    """The first case nobody else looks at, which is theirs from now on; of those who ask at once each gets another."""
    free = [case for case in cases if is_free(case, asked)]
    if reach_of(request.user, Permission.DECIDE).is_nowhere:
        return next(iter(free), None)
    for case in free[:TRIED_AT_MOST]:
        if do_claim_case(case.pk, user_id=asked.user_id, at=asked.now):
            do_release_cases(asked.user_id, but=case.pk)
            return find_case(case.pk)
    return None


def take(request: HttpRequest, asked: Asked, case: TakenCase) -> TakenCase:
    """That case, theirs from now on where it waits and nobody else looks at it."""
    if case.state != "open" or not may_decide(request, case):
        return case
    if do_claim_case(case.pk, user_id=asked.user_id, at=asked.now):
        do_release_cases(asked.user_id, but=case.pk)
    return find_case(case.pk) or case


def show_review(
    request: HttpRequest,
    asked: Asked,
    case: TakenCase | None,
    *,
    cases: Sequence[TakenCase] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page around a case."""
    waiting = list_waiting(asked) if cases is None else cases
    recent = read_recent(asked.user_id)
    page = ReviewPage(
        queue=read_queue(asked, waiting, case, recent),
        case=_tell(request, asked, case) if case else None,
        recent=recent,
        order=asked.order,
        error=error,
        can_decide=not reach_of(request.user, Permission.DECIDE).is_nowhere,
    )
    return show(request, PAGE, page, status=status)


def _tell(request: HttpRequest, asked: Asked, case: TakenCase) -> ShownCase:
    is_held = case.claimed_until is not None and case.claimed_until > asked.now
    is_mine = is_held and case.claimed_by_id == asked.user_id
    return read_case(case, asked.user_id, asked.now, may_decide=may_decide(request, case), is_mine=is_mine)


def next_after(request: HttpRequest, case_id: int) -> int | None:
    """Which case this person sees after that one is decided; asked before it is."""
    asked = asked_by(request)
    return find_next(list_waiting(asked), case_id, asked)

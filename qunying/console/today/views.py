"""Today: what needs a person, what runs by itself, what happened since yesterday."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2s

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext
from django.views.decorators.http import require_GET, require_POST

from qunying.communities.access import Permission, Reach, reach_of, visible_communities
from qunying.console.show import show, signed_in
from qunying.console.today import context, done, running
from qunying.console.today.analytics import QUIET_SHOWN, read_numbers, read_quiet, tell_hours, tell_now, tell_tiles
from qunying.console.today.needs import rank_needs, take_minutes, tell_needs
from qunying.insights.queries import Weeks
from qunying.intake.actions import do_retry
from qunying.intake.queries import failed_ids
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.ui.pages import Pages, kept_query, read_page
from qunying.ui.toasts import toast

PAGE_SIZE = 12
COMING_SHOWN = 6
COMING_AT_MOST = 100
RETRIED_AT_ONCE = 200
PAGE = "console/today/page.html"


@require_GET
@signed_in
def today(request: HttpRequest) -> HttpResponse:
    """The day's list; where there is no community yet, the way to a first one."""
    now, communities = clock.now(), _communities(request)
    if not communities:
        can_import = bool(reach_of(request.user, Permission.IMPORT).is_everywhere)
        return show(request, "console/today/first.html", context.FirstRun(can_import))
    if "polling" in request.GET:
        return _poll(request, communities, now)
    numbers = read_numbers(list(communities), now)
    page = context.TodayPage(
        moment=tell_now(now),
        work=_work(request, communities, numbers.quiet, now),
        groups=numbers.yesterday.groups,
        members=numbers.yesterday.members,
        as_of=numbers.yesterday.as_of,
        tiles=tell_tiles(numbers, list(communities), now),
        hours=tell_hours(numbers, now),
        quiet=numbers.quiet[:QUIET_SHOWN],
        quiet_count=len(numbers.quiet),
    )
    return show(request, PAGE, page)


def _poll(request: HttpRequest, communities: Mapping[int, str], now: datetime) -> HttpResponse:
    """The part that follows what happens; 204 where the reader has just that before them."""
    quiet = read_quiet(list(communities), now)
    work = _work(request, communities, quiet, now)
    if work.seen == request.GET.get("polling"):
        return HttpResponse(status=204)
    return show(request, "console/today/work.html", context.WorkPart(work))


def _work(request: HttpRequest, communities: Mapping[int, str], quiet: Sequence[Weeks], now: datetime) -> context.Work:
    wanting = rank_needs(communities, quiet, now, request.user.pk or 0)
    planned = running.list_planned(list(communities), now)
    page = read_page(request.GET.get("page"), -(-len(wanting) // PAGE_SIZE))
    shown = COMING_AT_MOST if request.GET.get("coming") == "all" else COMING_SHOWN
    kept = {key: value for key, value in request.GET.dict().items() if key != "polling" and isinstance(value, str)}
    work = context.Work(
        needs=tell_needs(wanting[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        needs_count=len(wanting),
        minutes=take_minutes(wanting),
        pages=Pages(page, PAGE_SIZE, len(wanting), npgettext("unit", "件", "件", len(wanting)), kept_query(kept)),
        done=tuple(done.read_done(communities, now)),
        coming=running.tell_coming(planned[:shown], communities, now),
        coming_count=len(planned),
        can_decide=not _reach(request).is_nowhere,
    )
    return replace(work, seen=_fingerprint(work))


def _fingerprint(work: context.Work) -> str:
    """What tells one state of the list from another; minutes that pass are no news, the page counts them itself."""
    keys = [need.key + need.what + need.tone for need in work.needs]
    keys += [one.key + one.undo for one in work.done] + [f"{one.key}{one.at}{one.is_paused}" for one in work.coming]
    return blake2s("\0".join([*keys, str(work.needs_count)]).encode(), digest_size=8).hexdigest()


def _communities(request: HttpRequest) -> dict[int, str]:
    return {community.pk: community.name for community in visible_communities(request.user)}


def _reach(request: HttpRequest) -> Reach:
    return reach_of(request.user, Permission.DECIDE)


def _answer(request: HttpRequest, act: Callable[[Reach, int, datetime], tuple[str, str]]) -> HttpResponse:
    """Does something within the person's reach and says so; ``act`` answers the words and where «撤销» posts to."""
    reach = _reach(request)
    if reach.is_nowhere:
        raise Http404
    try:
        words, undo = act(reach, request.user.pk or 0, clock.now())
    except BadUse as error:
        words, undo = error.said(_), ""
    toast(request, words, undo_url=undo)
    return redirect("console:today")


@require_POST
@signed_in
def finish(request: HttpRequest, task_id: int) -> HttpResponse:
    """A task is done."""

    def act(reach: Reach, user: int, at: datetime) -> tuple[str, str]:
        title = done.do_finish(task_id, reach, user_id=user, at=at)
        return _("做完了：%(title)s") % {"title": title}, reverse("console:today-undone", args=[task_id])

    return _answer(request, act)


@require_POST
@signed_in
def unfinish(request: HttpRequest, task_id: int) -> HttpResponse:
    """A task is not done after all."""

    def act(reach: Reach, user: int, at: datetime) -> tuple[str, str]:
        title = done.do_reopen(task_id, reach, user_id=user, at=at)
        return _("放回来了：%(title)s") % {"title": title}, ""

    return _answer(request, act)


@require_POST
@signed_in
def see(request: HttpRequest, case_id: int) -> HttpResponse:
    """Somebody has looked at a case."""

    def act(reach: Reach, user: int, at: datetime) -> tuple[str, str]:
        done.do_see_case(case_id, reach, user_id=user, at=at)
        return _("看过了"), ""

    return _answer(request, act)


@require_POST
@signed_in
def retry(request: HttpRequest, community_id: int) -> HttpResponse:
    """What could not be told in a community is told again."""

    def act(reach: Reach, user: int, at: datetime) -> tuple[str, str]:
        if not reach.covers(community_id):
            raise Http404
        count = sum(do_retry(pk, at, user_id=user) for pk in failed_ids(community_id, RETRIED_AT_ONCE))
        return ngettext("%(n)d 条重新排上了", "%(n)d 条重新排上了", count) % {"n": count}, ""

    return _answer(request, act)


@require_POST
@signed_in
def hold_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """An effect is not to go out."""

    def act(reach: Reach, user: int, at: datetime) -> tuple[str, str]:
        running.do_hold_item(item_id, reach, user_id=user, at=at)
        return _("先不发了"), reverse("console:today-release-item", args=[item_id])

    return _answer(request, act)


@require_POST
@signed_in
def release_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """A held effect may go out."""

    def act(reach: Reach, user: int, at: datetime) -> tuple[str, str]:
        running.do_release_item(item_id, reach, user_id=user, at=at)
        return _("照原来的发"), reverse("console:today-hold-item", args=[item_id])

    return _answer(request, act)


@require_POST
@signed_in
def hold_timer(request: HttpRequest, timer_id: int) -> HttpResponse:
    """A capability is not to be woken."""

    def act(reach: Reach, user: int, at: datetime) -> tuple[str, str]:
        note = running.do_hold_timer(timer_id, reach, user_id=user, at=at)
        return _("到点不动了"), reverse("console:today-release-timer", args=[note])

    return _answer(request, act)


@require_POST
@signed_in
def release_timer(request: HttpRequest, note: str) -> HttpResponse:
    """A capability is to be woken after all."""

    def act(reach: Reach, user: int, at: datetime) -> tuple[str, str]:
        running.do_release_timer(note, reach, user_id=user, at=at)
        return _("到点照办"), ""

    return _answer(request, act)

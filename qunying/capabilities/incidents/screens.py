"""The incident desk: what is open, one incident with its course, and what people do about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.capabilities.incidents import actions
from qunying.capabilities.incidents.context import IncidentPage, IncidentsPage, Tried
from qunying.capabilities.incidents.everywhere import (
    MANY,
    EverywherePage,
    chosen_of,
    count_people,
    do_remove_everywhere,
    list_removable,
)
from qunying.capabilities.incidents.queries import IncidentLine, find_incident, list_task_keys
from qunying.capabilities.incidents.reading import owner_value, read_desk, read_incident
from qunying.capabilities.incidents.words import tell_incident
from qunying.communities.access import Permission, reach_of
from qunying.communities.queries import staff_of
from qunying.desk.actions import do_finish_task, do_reopen_task
from qunying.desk.queries import list_tasks_with
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.ui.figures import exact
from qunying.ui.toasts import toast

Act = Callable[[int, datetime], str]


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """All incidents within this person's reach: those that are open, then those that ended last."""
    page = read_desk(reach_of(request.user, Permission.READ).ids, clock.now())
    return _show(request, "incidents/desk.html", page)


@require_GET
@login_required
def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """One incident: who leads, who is in it, what is to be done, what happened."""
    return _page(request, _access(request, incident_id, Permission.READ), Tried())


@require_POST
@login_required
def change_owner(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Somebody else of the roster leads, or nobody."""
    line, wanted = _access(request, incident_id), request.POST.get("owner", "")
    roster = {owner_value(one): one for one in staff_of([line.community_id]).get(line.community_id, [])}

    def act(user: int, at: datetime) -> str:
        if wanted and wanted not in roster:
            raise BadUse(mark("名册上没有这个人了"))
        owner = roster[wanted] if wanted else None
        actions.do_change_owner(line.id, owner, user_id=user, at=at)
        return _("由「%(name)s」负责") % {"name": owner.name} if owner else _("现在没人负责")

    return _do(request, line, "owner", act)


@require_POST
@login_required
def write_note(request: HttpRequest, incident_id: int) -> HttpResponse:
    """A line of its course by hand."""
    line, words = _access(request, incident_id), request.POST.get("words", "")

    def act(user: int, at: datetime) -> str:
        actions.do_write_note(line.id, words, user_id=user, at=at)
        return _("记下了")

    return _do(request, line, "note", act, words)


@require_POST
@login_required
def close(request: HttpRequest, incident_id: int) -> HttpResponse:
    """It is over, with how it ended; tasks that are open stay open, and are counted."""
    line, words = _access(request, incident_id), request.POST.get("words", "")

    def act(user: int, at: datetime) -> str:
        left = actions.do_close_incident(line.id, words, user_id=user, at=at)
        if not left:
            return _("结束了")
        return ngettext("结束了；还有 %(n)s 件待办开着", "结束了；还有 %(n)s 件待办开着", left) % {"n": exact(left)}

    return _do(request, line, "close", act, words, undo=reverse("incidents:reopen", args=[line.id]))


@require_POST
@login_required
def reopen(request: HttpRequest, incident_id: int) -> HttpResponse:
    """It is not over after all."""
    line = _access(request, incident_id)

    def act(user: int, at: datetime) -> str:
        actions.do_reopen_incident(line.id, user_id=user, at=at)
        return _("又开了")

    return _do(request, line, "reopen", act)


@require_POST
@login_required
def finish(request: HttpRequest, incident_id: int, task_id: int) -> HttpResponse:
    """One of its tasks is done; asked again with ``undo``, it is not."""
    line = _access(request, incident_id)
    tasks = list_tasks_with(list_task_keys([line.id]).get(line.id, []))
    task = next((one for one in tasks if one.pk == task_id), None)
    if task is None:
        raise Http404
    if "undo" in request.GET:
        return _do(request, line, "task", lambda user, at: _put_back(task_id, user, at))
    undo = f"{reverse('incidents:finish', args=[line.id, task_id])}?undo=1"
    return _do(request, line, "task", lambda user, at: _finished(task_id, user, at), undo=undo)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def everywhere(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Whom it is about, out of every group of the community: who and where, and then it is done."""
    line, wanted = _access(request, incident_id), None
    error, user = "", request.user.pk or 0
    if request.method == "POST":
        wanted = request.POST.getlist("seat")
        try:
            count = do_remove_everywhere(line, wanted, request.POST.get("count", ""), user_id=user, at=clock.now())
        except BadUse as refused:
            error = refused.said(_)
        else:
            toast(request, ngettext("在移出，%(n)s 个位子", "在移出，%(n)s 个位子", count) % {"n": exact(count)})
            return redirect("incidents:incident", line.id)
    found, spared = list_removable(line)
    seats = chosen_of(found, wanted)
    chosen = [seat for seat in seats if seat.is_chosen]
    page = EverywherePage(
        line.id, tell_incident(line.kind), seats, len(chosen), count_people(chosen), spared, MANY, error
    )
    return _show(request, "incidents/everywhere.html", page, 422 if error else 200)


def _finished(task_id: int, user: int, at: datetime) -> str:
    if not do_finish_task(task_id, user_id=user, at=at):
        raise BadUse(mark("别人已经做完了"))
    return _("做完了")


def _put_back(task_id: int, user: int, at: datetime) -> str:
    if not do_reopen_task(task_id, user_id=user, at=at):
        raise BadUse(mark("它本来就开着"))
    return _("放回来了")


def _access(request: HttpRequest, incident_id: int, permission: Permission = Permission.DECIDE) -> IncidentLine:
    """That incident. Raises ``Http404`` where it is not there or not for this person."""
    line = find_incident(incident_id)
    if line is None or not reach_of(request.user, permission).covers(line.community_id):
        raise Http404
    return line


def _do(
    request: HttpRequest, line: IncidentLine, form: str, act: Act, words: str = "", *, undo: str = ""
) -> HttpResponse:
    """Does something about it and says so, or shows the page again with what is wrong."""
    try:
        said = act(request.user.pk or 0, clock.now())
    except BadUse as error:
        fresh = _access(request, line.id)
        return _page(request, fresh, Tried(form, error.said(_), words), status=422)
    toast(request, said, undo_url=undo)
    return redirect("incidents:incident", line.id)


def _page(request: HttpRequest, line: IncidentLine, tried: Tried, status: int = 200) -> HttpResponse:
    can_decide = reach_of(request.user, Permission.DECIDE).covers(line.community_id)
    can_set = reach_of(request.user, Permission.SETTINGS).covers(line.community_id)
    page = read_incident(line, clock.now(), can_decide=can_decide, can_set=can_set, tried=tried)
    return _show(request, "incidents/incident.html", page, status)


def _show(
    request: HttpRequest, template: str, page: IncidentsPage | IncidentPage | EverywherePage, status: int = 200
) -> HttpResponse:
    fields = {part.name: getattr(page, part.name) for part in dataclasses.fields(page)}
    return render(request, template, fields, status=status)

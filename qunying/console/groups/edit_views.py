"""Edits many groups at once: choose, look, do, take back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.communities.access import Permission, access_bulk_edit, access_some, visible_communities
from qunying.communities.bulk import BulkChange, Plan, do_change_groups, do_undo_bulk, plan_bulk
from qunying.communities.queries import GroupLine, list_group_lines
from qunying.console.groups.context import EditedPage, EditPage
from qunying.console.groups.editing import (
    EditForm,
    Preview,
    chosen_ids,
    read_ids,
    tell_left,
    tell_plan,
    tell_steps,
)
from qunying.console.groups.listing import list_rows
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.ui.toasts import toast

PAGE = "console/groups/edit.html"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest) -> HttpResponse:
    """The form; with POST what it would change, and with ``act=do`` it is done as it was shown."""
    access_some(request.user, Permission.SETTINGS)
    if request.method != "POST":
        lines = _filtered(request) if request.GET.get("all") else _lines(request)
        ids = list(lines) if request.GET.get("all") else [pk for pk in chosen_ids(request.GET) if pk in lines]
        return _show(request, EditForm(initial={"ids": ",".join(map(str, ids))}), ids, lines)
    lines = _lines(request)
    form = EditForm(request.POST)
    ids = [pk for pk in read_ids(request.POST.get("ids", "")) if pk in lines]
    if not form.is_valid():
        return _show(request, form, ids, lines, status=422)
    change = form.change()
    try:
        plan = _planned(ids, change)
        if request.POST.get("act") == "do":
            return _do(request, ids, change)
    except BadUse as error:
        form.add_error(None, error.said(_))
        return _show(request, form, ids, lines, _preview(ids, change, lines), status=422)
    return _show(request, form, ids, lines, tell_plan(plan, lines))


def _planned(ids: list[int], change: BulkChange) -> Plan:
    if not ids:
        raise BadUse(mark("一个群都没有选，回到列表勾上几个"))
    if change.is_nothing:
        raise BadUse(mark("还没说要改什么：每一项都空着"))
    return plan_bulk(ids, change)


def _preview(ids: list[int], change: BulkChange, lines: dict[int, GroupLine]) -> Preview | None:
    """The plan as of now beside what went wrong; None where there cannot be one."""
    try:
        return tell_plan(_planned(ids, change), lines)
    except BadUse:
        return None


def _do(request: HttpRequest, ids: list[int], change: BulkChange) -> HttpResponse:
    agreed = request.POST.get("agreed", "")
    edit_id, plan = do_change_groups(ids, change, agreed=agreed, at=clock.now(), user_id=request.user.pk or 0)
    if not edit_id:
        toast(request, _("没有改动，这些群已经是这样"))
        return redirect("console:groups")
    count = len(plan.group_ids)
    words = ngettext("改了 %(n)s 个群", "改了 %(n)s 个群", count) % {"n": count}
    toast(request, words, undo_url=reverse("console:groups-undo", args=[edit_id]))
    return redirect("console:groups-edited", edit_id)


def _filtered(request: HttpRequest) -> dict[int, GroupLine]:
    """The groups that the filter of the list leaves, of those whose notes this person may change."""
    communities = [(one.pk, one.name) for one in visible_communities(request.user, Permission.SETTINGS)]
    return {row.group.id: row.group for row in list_rows(communities, request.GET, clock.now())}


def _lines(request: HttpRequest) -> dict[int, GroupLine]:
    """Every group whose notes this person may change."""
    homes = [one.pk for one in visible_communities(request.user, Permission.SETTINGS)]
    return {line.id: line for line in list_group_lines(homes)}


def _show(
    request: HttpRequest,
    form: EditForm,
    ids: list[int],
    lines: dict[int, GroupLine],
    preview: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    page = EditPage(form, tuple(lines[pk] for pk in ids), preview)
    return show(request, PAGE, page, status=status)


@require_GET
@signed_in
def edited(request: HttpRequest, edit_id: int) -> HttpResponse:
    """What an edit changed, and the way back."""
    done = access_bulk_edit(request.user, edit_id)
    page = EditedPage(done.id, done.at, done.undone_at, done.groups, tell_steps(done.changes, _lines(request)))
    return show(request, "console/groups/edited.html", page)


@require_POST
@signed_in
def undo(request: HttpRequest, edit_id: int) -> HttpResponse:
    """Takes an edit back; what was changed since is listed and left alone."""
    done = access_bulk_edit(request.user, edit_id)
    try:
        undone = do_undo_bulk(edit_id, at=clock.now(), user_id=request.user.pk or 0)
    except BadUse as error:
        toast(request, error.said(_))
        return redirect("console:groups-edited", edit_id)
    words = ngettext("%(n)s 个群变回去了", "%(n)s 个群变回去了", undone.restored) % {"n": undone.restored}
    if not undone.left:
        toast(request, words)
        return redirect("console:groups-edited", edit_id)
    lines = _lines(request)
    page = EditedPage(
        done.id,
        done.at,
        clock.now(),
        done.groups,
        tell_steps(done.changes, lines),
        words=words,
        left=tell_left(undone.left, lines),
    )
    return show(request, "console/groups/edited.html", page)

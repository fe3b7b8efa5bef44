"""The page of a group's forebears and successors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qunying.communities.access import Permission
from qunying.communities.lineage import do_unlink_groups
from qunying.communities.queries import GroupInfo
from qunying.console.group.access import GroupHead, group_page
from qunying.console.group.context import LineagePage
from qunying.console.group.lineage import do_save_link, link_form, read_lineage, tell_unlinked
from qunying.console.show import show
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.ui.toasts import toast


@require_http_methods(["GET", "HEAD", "POST"])
@group_page("settings", Permission.SETTINGS)
def lineage(request: HttpRequest, head: GroupHead, group: GroupInfo) -> HttpResponse:
    """The links of the group; with POST, one more."""
    form = link_form(clock.now(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            do_save_link(group, form, at=clock.now(), actor=f"user:{request.user.pk}")
        except BadUse as error:
            form.add_error(None, error.said(_))
        else:
            toast(request, _("接上了"))
            return redirect("console:group-lineage", group.id)
    page = LineagePage(head, read_lineage(group.id), form)
    return show(request, "console/group/lineage.html", page, status=422 if form.is_bound else 200)


@require_POST
@group_page("settings", Permission.SETTINGS)
def unlink(request: HttpRequest, head: GroupHead, group: GroupInfo, link_id: int) -> HttpResponse:
    """Takes a link back."""
    is_gone = do_unlink_groups(link_id, group_id=group.id, at=clock.now(), actor=f"user:{request.user.pk}")
    toast(request, tell_unlinked(head.name) if is_gone else _("早已撤掉了"))
    return redirect("console:group-lineage", group.id)

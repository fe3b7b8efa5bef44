"""Small changes on a community's page: its stage, its checklist, a board or a meet-up that is written down."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunying.communities.access import Permission
from qunying.communities.actions import NewGroup, do_register_group
from qunying.communities.actions_stage import do_confirm_stage, do_take_back_stage, do_tick
from qunying.communities.queries_chain import About
from qunying.console.community.access import community_page
from qunying.console.community.context import Head
from qunying.console.community.forms import PlaceForm
from qunying.console.community.views import show_page
from qunying.insights.stage import CHECKLISTS, STAGE_NAMES, Stage, propose_stage, read_signals
from qunying.kernel import clock
from qunying.ui.toasts import toast


@require_POST
@community_page(Permission.SETTINGS)
def confirm(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """In which stage the community is, as somebody says it."""
    said = request.POST.get("stage", "")
    if said not in list(Stage):
        raise Http404
    now = clock.now()
    proposed = propose_stage(read_signals(about, now)).stage
    if do_confirm_stage(head.id, said, proposed=proposed, user_id=request.user.pk or 0, at=now):
        undo = reverse("console:community-stage-back", args=[head.id])
        toast(request, _("记下了：在%(stage)s") % {"stage": _(STAGE_NAMES[Stage(said)])}, undo_url=undo)
    else:
        toast(request, _("没有改动"))
    return redirect("console:community", head.id)


@require_POST
@community_page(Permission.SETTINGS)
def take_back_stage(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """What somebody said last of the stage counts no more."""
    back = do_take_back_stage(about.id, user_id=request.user.pk or 0, at=clock.now())
    toast(request, _("撤回了") if back else _("早已撤回了"))
    return redirect("console:community", head.id)


@require_POST
@community_page(Permission.DECIDE)
def tick(request: HttpRequest, head: Head, about: About, stage: str, item: str) -> HttpResponse:
    """An item of the checklist is done, or not after all. What the data ticks nobody ticks by hand."""
    items = CHECKLISTS[Stage(stage)] if stage in list(Stage) else ()
    if item not in {one.code for one in items if one.test is None}:
        raise Http404
    is_done = request.POST.get("done") == "1"
    do_tick(about.id, stage, item, is_done=is_done, user_id=request.user.pk or 0, at=clock.now())
    return redirect(reverse("console:community", args=[head.id]) + "#stage")


@require_POST
@community_page(Permission.SETTINGS)
def add_place(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """A forum board or an offline meet-up, written down as a group of the community."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return show_page(request, head, about, place_form=form, status=422)
    said = form.cleaned_data
    opened = said["opened_on"]
    new = NewGroup(
        carrier=said["kind"],
        ref=uuid4().hex,
        kind=said["kind"],
        carrier_name=said["name"],
        city=said["city"],
        capacity=said["capacity"],
        opened_at=timezone.make_aware(datetime.combine(opened, time())).astimezone(UTC) if opened else None,
    )
    do_register_group(about.id, new, at=clock.now(), actor=f"user:{request.user.pk}")
    toast(request, _("「%(name)s」登记好了") % {"name": said["name"]})
    return redirect("console:community", head.id)

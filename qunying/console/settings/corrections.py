"""What a community's people corrected, each to be taken back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.communities.access import Permission, access_community
from qunying.console.group.correcting import tell_corrections
from qunying.console.settings.communities import tabs_of
from qunying.console.settings.context import CorrectionsContext
from qunying.console.show import show, signed_in
from qunying.kernel import clock
from qunying.talk.corrections import do_unteach, list_corrections, list_counting
from qunying.ui.pages import Pages, read_page
from qunying.ui.toasts import toast

PAGE_SIZE = 50


@require_GET
@signed_in
def listing(request: HttpRequest, community_id: int) -> HttpResponse:
    """The corrections that count, the newest first."""
    community = access_community(request.user, community_id, Permission.DECIDE)
    total = list_counting([community_id]).count()
    current = read_page(request.GET.get("page"), -(-total // PAGE_SIZE))
    context = CorrectionsContext(
        tabs=tabs_of(request, "settings"),
        id=community_id,
        name=community.name,
        corrections=tell_corrections(list_corrections(community_id, (current - 1) * PAGE_SIZE, PAGE_SIZE)),
        pages=Pages(current, PAGE_SIZE, total, _("条")),
    )
    return show(request, "console/settings/corrections.html", context)


@require_POST
@signed_in
def take_back(request: HttpRequest, community_id: int, correction_id: int) -> HttpResponse:
    """One of them counts no more."""
    access_community(request.user, community_id, Permission.DECIDE)
    back = do_unteach(correction_id, community_id=community_id, user_id=request.user.pk or 0, at=clock.now())
    toast(request, _("撤回了，那条当没有它来判断") if back else _("早已撤回了"))
    return redirect("console:settings-corrections", community_id)

"""One search for everything: a page of its own, and what ⌘K shows while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qunying.communities.access import Permission, reach_of, role_of, visible_communities
from qunying.console.search.deeds import list_deeds, permissions_of
from qunying.console.search.shown import KINDS, Scope, show_everything, show_one_kind
from qunying.console.search.wanted import read_wanted
from qunying.console.show import show, signed_in


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything that fits the words; with ``in``, page by page of one kind."""
    wanted = read_wanted(request.GET.get("q", ""))
    homes = [one.pk for one in visible_communities(request.user)]
    scope = Scope(homes, is_everywhere=reach_of(request.user, Permission.READ).ids is None)
    kind = request.GET.get("in", "")
    if kind in KINDS and not wanted.is_nothing:
        context = show_one_kind(wanted, kind, scope, request.GET.get("page"))
    else:
        context = show_everything(wanted, scope, list_deeds(wanted, permissions_of(role_of(request.user))))
    return show(request, "console/search/page.html", context, part="found")

"""The list of groups."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from qunying.communities.access import visible_communities
from qunying.console.groups.context import GroupsPage
from qunying.console.groups.listing import read_groups
from qunying.console.show import show, signed_in
from qunying.kernel import clock


@require_GET
@signed_in
def groups(request: HttpRequest) -> HttpResponse:
    """Every group this person may see, found, filtered and ordered."""
    communities = [(community.pk, community.name) for community in visible_communities(request.user)]
    page = GroupsPage(read_groups(communities, request.GET, clock.now()))
    return show(request, "console/groups/page.html", page, part="list")

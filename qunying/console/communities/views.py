"""All communities at a glance, and one card once it is counted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from qunying.communities.access import Permission, access_community, reach_of, visible_communities
from qunying.communities.queries_chain import about_of
from qunying.console.communities.cards import DAYS, read_cards
from qunying.console.communities.context import CardPart, CommunitiesPage
from qunying.console.communities.words import tell_lead, tell_title
from qunying.console.show import show, signed_in
from qunying.insights.kpis.board import get_board
from qunying.kernel import clock


@require_GET
@signed_in
def communities(request: HttpRequest) -> HttpResponse:
    """The communities, from numbers that were kept; what nobody counted yet is asked for once its card is seen."""
    homes = [about_of(one) for one in visible_communities(request.user)]
    cards = read_cards(homes, clock.now())
    can_found = reach_of(request.user, Permission.SETTINGS).is_everywhere
    page = CommunitiesPage(tell_title(cards), tell_lead(cards), cards, can_found)
    return show(request, "console/communities/page.html", page)


@require_GET
@signed_in
def card(request: HttpRequest, community_id: int) -> HttpResponse:
    """One community's card with its KPIs counted, which may take a second or two."""
    home, now = about_of(access_community(request.user, community_id)), clock.now()
    get_board(home.id, DAYS, now)
    (found,) = read_cards([home], now)
    return show(request, "console/communities/card.html", CardPart(found), part="card")

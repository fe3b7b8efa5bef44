"""On whom a community stands and what it talks about: its seed users, ladder, dependency, layers and themes.

All of it was counted by the keeper; it comes after the page.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qunying.communities.queries import list_counted_groups
from qunying.communities.queries_chain import About
from qunying.console.community.access import community_page
from qunying.console.community.context import CarriedPage, Head, LayersBar
from qunying.console.group.dependency import DependencyPanel, lay_dependency
from qunying.console.group.themes import ThemesPanel, lay_themes
from qunying.console.seeds.panel import lay_moves, lay_seeds
from qunying.console.show import show
from qunying.insights import words_of_layers
from qunying.insights.carrying import Carrying, read_carrying, read_climbs
from qunying.insights.scope import local_day, midnight
from qunying.insights.themes import read_themes
from qunying.insights.thresholds import thresholds_of
from qunying.kernel import clock
from qunying.people.ladder import find_ladder
from qunying.people.layers import WHOLE, Layer, layers_of_places
from qunying.ui.charts import Layer as Part

WEEK = timedelta(days=7)


@require_GET
@community_page()
def carried(request: HttpRequest, head: Head, about: About) -> HttpResponse:
    """Who carries the community; for htmx only the panels, for the community's page."""
    now = clock.now()
    ladder = find_ladder(about.id)
    found = read_carrying(about.id, about.timezone, ladder=ladder)
    page = CarriedPage(
        head=head,
        seeds=lay_seeds(found, about.id),
        is_counting=ladder.asked_at is not None,
        moves=lay_moves(found, read_climbs(about.id, _week(about.timezone, now), now), about.id, _("近 7 天")),
        dependency=_dependency(found),
        layers=_layers(about.id),
        themes=_themes(about.id),
    )
    return show(request, "console/community/carried.html", page, part="panels")


def _week(zone: str, now: datetime) -> datetime:
    return midnight(local_day(now - WEEK, zone) + timedelta(days=1), zone)


def _dependency(found: Carrying | None) -> DependencyPanel | None:
    return lay_dependency(found.dependency) if found else None


def _themes(community_id: int) -> ThemesPanel | None:
    return lay_themes(read_themes(list_counted_groups(community_ids=[community_id])))


def _layers(community_id: int) -> LayersBar | None:
    kept = next(iter(layers_of_places([community_id], group_id=WHOLE).values()), None)
    if kept is None or not kept.counts.members:
        return None
    limits = thresholds_of([community_id])[community_id]
    people = reverse("console:people")
    return LayersBar(
        title=words_of_layers.headline_of(kept.counts),
        how=words_of_layers.how(limits),
        told=words_of_layers.told_of(limits.days),
        parts=tuple(
            Part(words_of_layers.name(one), getattr(kept.counts, one.value), words_of_layers.note(one, limits))
            for one in Layer
        ),
        href=f"{people}?community={community_id}",
    )

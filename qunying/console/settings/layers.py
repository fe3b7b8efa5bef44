"""The thresholds of a community's layers, with how the counts would shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qunying.communities.access import Permission, access_community
from qunying.communities.queries import list_counted_groups
from qunying.console.group.counting import COUNTED_FOR
from qunying.console.settings.communities import tabs_of
from qunying.console.settings.context import LayersContext, LayerShift
from qunying.console.settings.forms import settings_form
from qunying.console.show import show, signed_in
from qunying.insights.scope import Scope
from qunying.insights.standing import count_layers, span_of
from qunying.insights.thresholds import NAME, Thresholds, chosen_of, do_set_thresholds, thresholds_of
from qunying.insights.words_of_layers import how, layer_named
from qunying.kernel import clock
from qunying.people.layers import WHOLE, Layer, LayerCounts, Place, layers_of_places
from qunying.ui.toasts import toast


@require_http_methods(["GET", "POST"])
@signed_in
def layers(request: HttpRequest, community_id: int) -> HttpResponse:
    """The form; ``try`` shows what it would mean before anything is kept."""
    row = access_community(request.user, community_id, Permission.SETTINGS)
    limits = thresholds_of([community_id])[community_id]
    form = settings_form(NAME, Thresholds, chosen_of(limits), request.POST or None)
    tried: Thresholds | None = None
    if request.method == "POST" and form.is_valid():
        said = Thresholds(**form.cleaned_data)
        if "try" not in request.POST:
            is_new = do_set_thresholds(community_id, said, at=clock.now(), actor=f"user:{request.user.pk}")
            toast(request, _("存好了，下次算层就照新的来") if is_new else _("没有改动"))
            return redirect("console:settings-layers", community_id)
        tried = said
    context = LayersContext(
        tabs=tabs_of(request, "settings"),
        community_id=community_id,
        community=row.name,
        form=form,
        how=how(tried or limits),
        shifts=_shifts(community_id, tried, clock.now()),
        is_tried=tried is not None,
    )
    status = 422 if form.is_bound and not form.is_valid() else 200
    return show(request, "console/settings/layers.html", context, part="form", status=status)


def _shifts(community_id: int, tried: Thresholds | None, now: datetime) -> tuple[LayerShift, ...]:
    """How many stand in each layer as last computed, and how many would under what was tried."""
    kept = layers_of_places([community_id], group_id=WHOLE).get(Place(community_id, WHOLE))
    before = kept.counts if kept else LayerCounts()
    after = before if tried is None else _would_be(community_id, tried, now)
    most = max(before.members, after.members, 1)
    return tuple(
        LayerShift(layer_named(one), getattr(before, one), getattr(after, one), most) for one in map(str, Layer)
    )


def _would_be(community_id: int, tried: Thresholds, now: datetime) -> LayerCounts:
    """At most a minute old: everybody is looked at anew."""
    key = f"console.layers.{community_id}.{'.'.join(map(str, astuple(tried)))}"
    known: tuple[int, ...] | None = cache.get(key)
    if known is None:
        groups = tuple(list_counted_groups(community_ids=[community_id]))
        limits: Mapping[int, Thresholds] = {community_id: tried}
        found = count_layers(Scope(groups, *span_of(groups, tried, now)), limits) if groups else {}
        known = tuple(found.get(Place(community_id, WHOLE), LayerCounts()))
        cache.set(key, known, COUNTED_FOR)
    return LayerCounts(*known)

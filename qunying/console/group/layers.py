"""The layers of a group as one bar, with the people behind each part."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime

from django.core.cache import cache
from django.urls import reverse

from qunying.communities.queries import list_counted_groups
from qunying.console.group.counting import COUNTED_FOR
from qunying.insights.asking import whole_span
from qunying.insights.layers import Layers, read_layers
from qunying.insights.thresholds import Thresholds, limits_of
from qunying.insights.words_of_layers import headline, how, name, note, silence
from qunying.ui.charts import Layer


@dataclass(frozen=True, slots=True)
class LayersPanel:
    """Who begins, goes on, looks on and sleeps: the answer as a title, and the parts."""

    title: str
    how: str
    parts: tuple[Layer, ...]
    note: str


def layers_of(group_id: int, now: datetime) -> Layers:
    """The layers of a group as of now, or of the end of a record that ended long ago; at most a minute old."""
    return _layers_of(group_id, limits_of(list_counted_groups(group_ids=[group_id])), now)


def _layers_of(group_id: int, limits: Thresholds, now: datetime) -> Layers:
    key = f"console.group.layers.{group_id}.{'.'.join(map(str, astuple(limits)))}"
    known: Layers | None = cache.get(key)
    if known is None:
        counted = list_counted_groups(group_ids=[group_id])
        known = read_layers(counted, whole_span(counted, now)[1], limits)
        cache.set(key, known, COUNTED_FOR)
    return known


def read_layers_panel(group_id: int, now: datetime) -> LayersPanel | None:
    """The panel; None where nobody is known to be in the group."""
    limits = limits_of(list_counted_groups(group_ids=[group_id]))
    layers = _layers_of(group_id, limits, now)
    if not layers.members:
        return None
    members = reverse("console:group-members", args=[group_id])
    parts = [
        Layer(name(one), len(people), note(one, limits), f"{members}?layer={one}" if people else "")
        for one, people in layers.people.items()
    ]
    return LayersPanel(headline(layers), how(limits), tuple(parts), silence(layers))

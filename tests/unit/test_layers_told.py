"""A change of layer reaches whoever asked for such facts, and stands in a person's course."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qunying.intake.models import Envelope
from qunying.kernel.capability import Capability
from qunying.people.layers import WHOLE, LayerChange, Place, do_change_layers, do_forget_layers, layers_of_person
from qunying.people.models import LayersOfPlace
from qunying.pipeline import relay
from tests import cast

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)


def _listener() -> Capability:
    return Capability(name="listener", title="", consider=lambda *_: None, facts_in=frozenset({"layer.changed"}))


def test_a_change_of_layer_comes_to_who_asked_for_it() -> None:
    tea = cast.build_tea()
    changes = [
        LayerChange(tea.community_id, WHOLE, 7, "lurker", "opener"),
        LayerChange(tea.community_id, tea.first, 7, "dormant", "lurker"),
        LayerChange(tea.community_id, WHOLE, 8, "", "opener"),
    ]
    assert do_change_layers(changes, AT) == 2
    assert relay.step(AT, [_listener()]) == 2
    said = [one.payload["words"] for one in Envelope.objects.order_by("id")]
    assert said == [
        {"from": "lurker", "to": "opener", "person": 7},
        {"from": "dormant", "to": "lurker", "person": 7},
    ]


def test_telling_the_same_twice_changes_nothing_more() -> None:
    tea = cast.build_tea()
    came = [LayerChange(tea.community_id, WHOLE, 7, "", "lurker")]
    assert (do_change_layers(came, AT), do_change_layers(came, AT)) == (0, 0)
    moved = [LayerChange(tea.community_id, WHOLE, 7, "lurker", "opener")]
    assert (do_change_layers(moved, AT), do_change_layers(moved, AT)) == (1, 0)
    assert [one.layer for one in layers_of_person(7, None)] == ["opener"]


def test_layers_of_a_community_that_goes_are_forgotten_piece_by_piece() -> None:
    tea = cast.build_tea()
    do_change_layers([LayerChange(tea.community_id, WHOLE, who, "", "lurker") for who in range(5)], AT)
    assert [do_forget_layers([tea.community_id], 3) for _ in range(3)] == [3, 2, 0]
    assert not LayersOfPlace.objects.exists()
    assert Place(1, WHOLE) == (1, 0)

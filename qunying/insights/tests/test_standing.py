"""Layers are kept: as the on-demand ones say for the same moment, with a fact for every change, by each community's thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from qunying.insights.layers import read_layers
from qunying.insights.scope import Scope
from qunying.insights.standing import count_layers, do_keep_layers, list_old, span_of, step
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.insights.tests.test_layers import TOPICS
from qunying.insights.thresholds import Thresholds, do_set_thresholds, thresholds_of
from qunying.journal.models import Fact
from qunying.people.layers import WHOLE, Layer, Place, layers_of_person, layers_of_places, list_people_in_layer
from qunying.people.models import Identity, LayerOfPerson
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
END = NOON + DAY


def keep(at: datetime = END, homes: Sequence[Home] | None = None) -> int:
    do_place_new()
    return do_keep_layers(at, None if homes is None else [home.id for home in homes]).facts


def changes() -> list[tuple[str, str, int | None]]:
    found = Fact.objects.filter(name="layer.changed").order_by("id").values_list("words", "group_id")
    return [(words["from"], words["to"], group) for words, group in found]


def busy(**more: object) -> Home:
    """Two groups in which people of every layer sit."""
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",), **more)  # type: ignore[arg-type]
    home.sit("机器人", is_bot=True)
    for n, ago in enumerate((1.0, 2.0, 5.0)):
        first = home.say("老周", NOON - ago * DAY, TOPICS[n], n % 2)
        home.say("阿茗", NOON - ago * DAY + hours(0.1), "好", n % 2, to=first)
        home.say("林晚", NOON - ago * DAY + hours(0.2), "收到", n % 2, to=first)
    home.say("禾生", NOON - 3 * DAY, "早", 1)
    home.join("简一", NOON - 2 * DAY)
    home.sit("潜水员", 1)
    home.say("旧人", NOON - 60 * DAY, "早")
    home.join("走了", NOON - 3 * DAY)
    home.leave("走了", NOON - 2 * DAY)
    return home


def kept(place: Place) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {str(layer): [] for layer in Layer}
    for person, layer in LayerOfPerson.objects.filter(
        community_id=place.community_id, group_id=place.group_id
    ).values_list("person_id", "layer"):
        found[layer].append(person)
    return {layer: sorted(people) for layer, people in found.items()}


def on_demand(home: Home, group: int = WHOLE, limits: Thresholds | None = None) -> dict[str, list[int]]:
    groups = [one for one in home.counted if group in (WHOLE, one.id)]
    return {str(layer): sorted(people) for layer, people in read_layers(groups, END, limits).people.items()}


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_what_is_kept_is_what_is_answered_on_demand(zone: str) -> None:
    home, other = busy(timezone=zone), Home()
    other.say("老周", NOON)
    keep()
    for group in (WHOLE, *home.group_ids):
        assert kept(Place(home.id, group)) == on_demand(home, group)
        counts = layers_of_places([home.id])[Place(home.id, group)].counts
        assert counts.members == sum(map(len, kept(Place(home.id, group)).values()))
        groups = [one for one in home.counted if group in (WHOLE, one.id)]
        assert counts.never == read_layers(groups, END).never
    assert [len(one) for one in kept(Place(home.id, WHOLE)).values()] == [1, 1, 2, 2]


def test_somebody_with_two_accounts_stands_once() -> None:
    home = busy()
    Identity.objects.filter(pk=home.who("禾生")).update(person_id=home.who("旧人"))
    keep()
    assert kept(Place(home.id, WHOLE)) == on_demand(home)
    assert home.who("旧人") in kept(Place(home.id, WHOLE))["lurker"]


def test_the_first_time_nothing_changed_and_the_second_time_the_same_is_no_change() -> None:
    home = busy()
    assert keep() == 0
    since = LayerOfPerson.objects.get(group_id=WHOLE, person_id=home.who("老周")).since
    assert (keep(END + hours(1)), since) == (0, END)
    assert LayerOfPerson.objects.get(group_id=WHOLE, person_id=home.who("老周")).since == END


def test_who_stands_elsewhere_than_before_is_a_fact_and_who_is_new_is_none() -> None:
    home = busy()
    keep()
    home.say("潜水员", END + hours(1), "我来说一句", 1)
    home.join("新人", END + hours(2))
    home.leave("老周", END + hours(3))
    keep(END + DAY)
    assert changes() == [("dormant", "lurker", None), ("dormant", "lurker", home.group_ids[1])]
    fact = Fact.objects.filter(name="layer.changed").latest("id")
    assert (fact.identity_id, fact.community_id, fact.words["person"]) == (
        home.who("潜水员"),
        home.id,
        home.who("潜水员"),
    )
    assert [one.layer for one in layers_of_person(home.who("新人"), None)] == ["lurker", "lurker"]
    assert [(one.group_id, one.layer) for one in layers_of_person(home.who("老周"), None)] == [
        (WHOLE, "opener"),
        (home.group_ids[1], "follower"),
    ]  # they left one of the two groups; what they began there still counts for the community
    assert layers_of_person(home.who("老周"), [home.id + 1]) == []


def test_time_alone_puts_people_to_sleep() -> None:
    home = busy()
    home.say("老朋友", END + 40 * DAY)  # else the record would have ended
    keep()
    keep(END + 40 * DAY)
    assert ("opener", "dormant", None) in changes()
    assert kept(Place(home.id, WHOLE))["dormant"]
    stands = layers_of_person(home.who("老周"), None)[0]
    assert (stands.layer, stands.since) == ("dormant", END + 40 * DAY)


def test_a_record_that_ended_long_ago_stands_as_at_its_end() -> None:
    home = busy()
    keep(END + 300 * DAY)
    assert kept(Place(home.id, WHOLE))["opener"] == [home.who("老周")]
    assert keep(END + 301 * DAY) == 0


def test_each_community_has_its_own_thresholds() -> None:
    home, other = busy(), busy()
    assert do_set_thresholds(home.id, Thresholds(days=3, openings=1), at=END, actor="user:1")
    assert not do_set_thresholds(home.id, Thresholds(days=3, openings=1), at=END, actor="user:1")
    assert thresholds_of([home.id, other.id]) == {home.id: Thresholds(days=3, openings=1), other.id: Thresholds()}
    keep()
    assert kept(Place(home.id, WHOLE)) == on_demand(home, limits=Thresholds(days=3, openings=1))
    assert kept(Place(other.id, WHOLE)) == on_demand(other)
    assert Fact.objects.filter(name="settings.changed", community_id=home.id).count() == 1
    do_set_thresholds(home.id, Thresholds(), at=END, actor="user:1")
    assert keep(END + hours(1)) > 0
    assert kept(Place(home.id, WHOLE)) == on_demand(home)


def test_other_thresholds_can_be_tried_without_keeping_them() -> None:
    home = busy()
    keep()
    limits = Thresholds(openings=9, messages=1)
    span = span_of(home.counted, limits, END)
    found = count_layers(Scope(home.counted, *span), {home.id: limits})[Place(home.id, WHOLE)]
    assert found[:4] == (0, 3, 1, 2)
    assert layers_of_places([home.id], group_id=WHOLE)[Place(home.id, WHOLE)].counts[:4] == (1, 1, 2, 2)


def test_the_keeper_computes_once_a_day_and_not_before_talk_is_in_threads() -> None:
    home = busy()
    assert (list_old(END), step(END)) == ([home.id], 0)  # nothing is placed yet
    do_place_new()
    assert step(END) > 0
    assert (list_old(END + hours(1)), step(END + hours(1))) == ([], 0)
    assert list_old(END + DAY) == [home.id]
    new = Home()
    assert list_old(END + hours(1)) == [new.id]


def test_people_of_a_layer_come_page_by_page() -> None:
    home = busy()
    keep()
    place = Place(home.id, WHOLE)
    assert list_people_in_layer(place, "dormant", start=0, limit=1) == kept(place)["dormant"][:1]
    assert list_people_in_layer(place, "dormant", start=1, limit=9) == kept(place)["dormant"][1:]

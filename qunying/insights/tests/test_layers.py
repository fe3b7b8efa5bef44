"""Members stand in the layer of what they did, and conversation starts are what makes an opener."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunying.insights import words_of_layers
from qunying.insights.catalogue import MEMBERS
from qunying.insights.layers import Layers, Traces, layer_of, read_layers
from qunying.insights.measure import measure
from qunying.insights.report import make_report
from qunying.insights.scope import scope_of
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.insights.thresholds import Thresholds, do_set_thresholds
from qunying.people.layers import Layer
from qunying.people.models import Identity
from qunying.talk.placing import do_place_new

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOPICS = (
    "周末龙坞有人去吗",
    "紫砂壶磕口能换新的吗",
    "快递停在杭州三天了",
    "新茶什么时候上架",
    "押金退款到账没有",
    "谁有水质检测报告",
    "茶席灯光怎么布置",
)
END = NOON + DAY


def read(home: Home, **limits: int) -> Layers:
    do_place_new()
    return read_layers(home.counted, END, Thresholds(**limits))


def names(home: Home, layers: Layers) -> dict[str, list[str]]:
    called = dict(Identity.objects.values_list("pk", "name"))
    return {str(layer): sorted(called[pk] for pk in people) for layer, people in layers.people.items()}


def _talk(home: Home, opener: str, *others: str, days_ago: float = 1) -> None:
    """A conversation that somebody begins and others join."""
    at = NOON - days_ago * DAY
    first = home.say(opener, at, TOPICS[int(days_ago * 10) % len(TOPICS)])
    for n, other in enumerate(others, 1):
        home.say(other, at + hours(n / 10), "好", to=first)


def test_members_stand_where_their_talk_puts_them() -> None:
    home = Home(staff=("林晚",))
    home.sit("机器人", is_bot=True)
    for ago in (1, 5):
        _talk(home, "老周", "阿茗", "林晚", days_ago=ago)
        _talk(home, "林晚", "阿茗", days_ago=ago + 0.4)
    _talk(home, "苏念", "阿茗", days_ago=8)  # one conversation only: not an opener yet
    for n in range(9):
        home.say("桥西", NOON - DAY + hours(n), f"自己跟自己说 {n}")  # nobody joins: much talk is no opening
    home.say("禾生", NOON - 3 * DAY, "早")
    home.join("简一", NOON - 2 * DAY)
    home.sit("潜水员")
    home.say("旧人", NOON - 60 * DAY, "早")
    layers = read(home)
    assert names(home, layers) == {
        "opener": ["老周"],
        "follower": sorted(["阿茗", "苏念", "桥西"]),
        "lurker": sorted(["禾生", "简一"]),
        "dormant": sorted(["潜水员", "旧人"]),
    }
    assert (layers.never, layers.members, layers.active) == (1, 8, 4)


def test_somebody_in_two_groups_stands_once_and_counts_for_both() -> None:
    home = Home(groups=("茶友", "品鉴"))
    for group in (0, 1):
        first = home.say("老周", NOON, f"第 {group} 个群的事", group)
        home.say("阿茗", NOON + hours(0.1), "好", group, to=first)
    layers = read(home, openings=2)
    assert names(home, layers)["opener"] == ["老周"]
    assert layers.members == 2
    do_place_new()
    assert len(read_layers(home.counted[:1], END, Thresholds(openings=2)).people[Layer.OPENER]) == 0


def test_whoever_left_or_comes_later_stands_nowhere() -> None:
    home = Home()
    home.join("老周", NOON - 9 * DAY)
    home.leave("老周", NOON - 2 * DAY)
    home.join("阿茗", END + DAY)
    assert read(home).members == 0
    assert read_layers((), END).members == 0


@pytest.mark.parametrize(
    ("traces", "layer"),
    [
        (Traces(openings=2), Layer.OPENER),
        (Traces(messages=1, days=1, openings=1), Layer.FOLLOWER),
        (Traces(messages=2, days=2), Layer.FOLLOWER),
        (Traces(messages=3, days=1), Layer.FOLLOWER),
        (Traces(messages=2, days=1), Layer.LURKER),
        (Traces(came=True), Layer.LURKER),
        (Traces(), Layer.DORMANT),
    ],
    ids=str,
)
def test_the_highest_condition_that_is_met_decides(traces: Traces, layer: Layer) -> None:
    assert layer_of(traces, Thresholds()) is layer


def test_thresholds_are_what_somebody_sets() -> None:
    home = Home()
    _talk(home, "老周", "阿茗")
    assert names(home, read(home, openings=1))["opener"] == ["老周"]
    assert names(home, read(home, messages=1))["follower"] == sorted(["老周", "阿茗"])


def test_what_a_community_set_counts_wherever_its_layers_are_told() -> None:
    home = Home()
    for n in range(24):
        home.say("老周" if n % 2 else "阿茗", NOON - hours(n), f"第 {n} 句，今天的茶怎么样")
    do_place_new()
    before = measure(MEMBERS, scope_of(home.group_ids, NOON - DAY, END), "layer")
    strict = Thresholds(days=7, openings=1000, days_spoken=300, messages=1000)
    assert do_set_thresholds(home.id, strict, at=NOON, actor="system")
    layers = read_layers(home.counted, END)
    assert layers.thresholds == strict
    assert (len(layers.people[Layer.OPENER]), layers) == (0, read_layers(home.counted, END, strict))
    report = make_report(home.counted, NOON - DAY, END, END)
    assert report.layers == layers
    assert (report.dependency.whole.openers, words_of_layers.told(report.layers)[:6]) == (0, "近 7 天，")
    parts = {row["layer"]: row["value"] for row in measure(MEMBERS, scope_of(home.group_ids, NOON - DAY, END), "layer")}
    assert {name: n for name, n in parts.items() if n} == {
        str(layer): len(people) for layer, people in layers.people.items() if people
    }
    assert parts != {row["layer"]: row["value"] for row in before}

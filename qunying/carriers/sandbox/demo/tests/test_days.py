"""The days of the demo world: who may speak, how much is said, and that nothing contradicts itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from qunying.carriers.sandbox.demo.days import day_of, members_at_start
from qunying.carriers.sandbox.demo.folk import Group, World
from qunying.carriers.sandbox.demo.world import make_world

KINDS = {"text", "image", "voice", "sticker", "file", "link"}


def told(world: World, group: Group, first: int, last: int) -> Iterator[dict[str, Any]]:
    """Payloads of the days from `first` up to `last`, counted from the anchor."""
    for ahead in range(first, last):
        yield from day_of(world, group, world.anchor + timedelta(days=ahead))


def test_nobody_speaks_outside_their_stay_when_thirty_days_are_told_around_the_anchor(world: World) -> None:
    for group in world.groups:
        start = world.anchor - timedelta(days=20)
        here = {person.ref for person in members_at_start(world, group, start)}
        for payload in told(world, group, -20, 10):
            _follow(here, payload)
        end = {person.ref for person in members_at_start(world, group, world.anchor + timedelta(days=10))}
        # Strangers who advertise from the anchor on stay until somebody acts.
        assert {ref for ref in here if not ref.startswith("s")} == end


def test_joins_and_leaves_lead_to_the_anchor_when_told_from_the_first_day(world: World) -> None:
    for group in world.groups[:8]:
        here = {person.ref for person in members_at_start(world, group)}
        for payload in told(world, group, -63, 0):
            _follow(here, payload)
        assert len(here) == group.size


def test_a_day_is_the_same_when_asked_again_or_out_of_order(world: World) -> None:
    group, day = world.group("sh-tea-03"), world.anchor + timedelta(days=2)
    first = day_of(make_world(7), group, day)
    list(told(world, group, -3, 2))
    assert day_of(world, group, day) == first


def test_payloads_are_whole_and_in_order_when_a_day_is_told(world: World) -> None:
    day = world.anchor - timedelta(days=3)
    refs: list[str] = []
    for group in world.groups:
        payloads = day_of(world, group, day)
        moments = [str(payload["at"]) for payload in payloads]
        assert moments == sorted(moments)
        assert all(moment.startswith(day.isoformat()) and moment.endswith("+08:00") for moment in moments)
        assert json.loads(json.dumps(payloads, ensure_ascii=False)) == payloads
        refs += [str(payload["ref"]) for payload in payloads]
    assert len(refs) == len(set(refs))


def test_messages_are_well_formed_when_a_week_is_told(world: World) -> None:
    kinds: Counter[str] = Counter()
    for group in world.groups:
        for payload in told(world, group, -7, 0):
            if payload["type"] == "message":
                kinds[payload["kind"]] += 1
                assert payload["text"] or payload["media"]
                assert payload["from"]["role"] in ("member", "admin", "owner")
    assert set(kinds) == KINDS


def test_replies_edits_and_recalls_point_back_when_they_are_told(world: World) -> None:
    for group in world.groups[:12]:
        authors: dict[str, str] = {}
        for payload in told(world, group, -5, 2):
            if payload["type"] == "message":
                assert payload.get("reply_to") is None or payload["reply_to"] in authors
                authors[payload["ref"]] = payload["from"]["ref"]
            elif payload["type"] == "edit":
                assert authors[payload["of"]] == payload["from"]["ref"]
            elif payload["type"] == "recall":
                staff = {person.ref for person in members_at_start(world, group) if person.is_staff}
                assert payload["by"] in {authors[payload["of"]], *staff}


def test_cards_are_shown_only_after_they_were_set_when_newcomers_take_their_time(world: World) -> None:
    seen = 0
    for group in world.groups[:12]:
        set_now: dict[str, str] = {}
        for payload in told(world, group, -12, 3):
            if payload["type"] == "join":
                set_now[payload["user"]["ref"]] = payload["user"]["card"]
            elif payload["type"] == "card":
                set_now[payload["user"]["ref"]] = payload["user"]["card"]
                seen += 1
            elif payload["type"] == "message" and payload["from"]["ref"] in set_now:
                assert payload["from"]["card"] == set_now[payload["from"]["ref"]]
    assert seen > 20


def test_about_3400_messages_peak_at_eight_and_nine_when_a_week_is_counted(world: World) -> None:
    days: Counter[str] = Counter()
    hours: Counter[str] = Counter()
    for group in world.groups:
        for payload in told(world, group, -7, 0):
            if payload["type"] == "message":
                days[payload["at"][:10]] += 1
                hours[payload["at"][11:13]] += 1
    assert 3200 < sum(days.values()) / 7 < 3600
    assert {hour for hour, _ in hours.most_common(2)} == {"20", "21"}
    assert 0.23 < (hours["20"] + hours["21"]) / sum(hours.values()) < 0.29
    assert sum(hours[f"{hour:02}"] for hour in range(1, 5)) < 0.005 * sum(hours.values())


def test_38_come_and_7_go_when_the_day_before_the_anchor_is_counted(world: World) -> None:
    yesterday = _comings_and_goings(world, -1, 0)
    fortnight = _comings_and_goings(world, -14, 0)
    assert yesterday == (38, 7)
    assert 33 < fortnight[0] / 14 < 45
    assert 5 < fortnight[1] / 14 < 9.5


def test_newcomers_keep_coming_and_groups_hold_when_the_demo_runs_on(world: World) -> None:
    for group in world.groups:
        later = members_at_start(world, group, world.anchor + timedelta(days=60))
        assert len(later) <= group.capacity + 5
    coming, going = _comings_and_goings(world, 1, 8)
    assert 25 < coming / 7 < 50
    assert 3 < going / 7 < 10


@pytest.mark.parametrize("anchor", [date(2026, 11, 21), date(2027, 1, 4), date(2025, 2, 26)])
def test_three_carry_the_group_when_the_anchor_falls_on_any_weekday(anchor: date) -> None:
    world = make_world(7, 6, anchor=anchor)
    group = world.group("hz-tea-03")
    week, week_before = list(told(world, group, -7, 0)), list(told(world, group, -14, -7))
    speakers = Counter(payload["from"]["name"] for payload in week if payload["type"] == "message")
    assert speakers.total() == 412
    assert sum(payload["type"] == "message" for payload in week_before) == 664
    assert speakers.most_common(3) == [("老周", 112), ("阿茗", 83), ("陆小满", 56)]
    assert len({payload["from"]["ref"] for payload in week if payload["type"] == "message"}) == 50
    assert Counter(payload["type"] for payload in week)["join"] == 4
    assert Counter(payload["type"] for payload in week)["leave"] == 2
    assert len(members_at_start(world, group, anchor)) == 186


def test_groups_grow_quiet_by_their_drop_when_the_last_week_is_compared(world: World) -> None:
    for group in world.groups:
        if group.temper == "quieting":
            now, before = (_count(told(world, group, first, first + 7)) for first in (-7, -14))
            assert abs(1 - now / before - group.drop) < 0.09


def test_a_new_group_is_silent_before_it_opens_and_filled_after_when_it_is_new(world: World) -> None:
    group = world.group("trial-5")
    assert day_of(world, group, group.opened - timedelta(days=1)) == []
    opening = day_of(world, group, group.opened)
    assert sum(payload["type"] == "join" for payload in opening) > 20
    assert day_of(world, group, world.first_day - timedelta(days=400)) == []


def test_the_told_evening_happens_when_the_anchor_comes(world: World) -> None:
    tea = {payload.get("text"): payload for payload in day_of(world, world.group("hz-tea-03"), world.anchor)}
    assert tea["白毫银针到底多少度的水？我 90 度泡出来有点涩"]["at"].startswith("2026-11-21T19:42")
    assert tea["朋友茶厂直供，一斤才 59，+薇 芯 chayuan_88 看实物图"]["from"]["name"] == "亲友茶叶批发"
    camp = day_of(world, world.group("hz-read-07"), world.anchor)
    asked = [payload for payload in camp if payload.get("text") == "押金什么时候退"]
    assert [payload["from"]["name"] for payload in asked] == ["安安"]
    course = day_of(world, world.group("trial-3"), world.anchor)
    assert sum("试听" in str(payload.get("text")) for payload in course) == 4


def _follow(here: set[str], payload: dict[str, Any]) -> None:
    match payload["type"]:
        case "join":
            assert payload["user"]["ref"] not in here
            assert payload.get("inviter") is None or payload["inviter"] in here
            here.add(payload["user"]["ref"])
        case "leave":
            here.remove(payload["user"]["ref"])
        case "message":
            assert payload["from"]["ref"] in here
            assert set(payload.get("mentions", ())) <= here
        case "card":
            assert payload["user"]["ref"] in here
        case "recall":
            assert payload["by"] in here


def _comings_and_goings(world: World, first: int, last: int) -> tuple[int, int]:
    """Joins and leaves without the strangers who only advertise."""
    types: Counter[str] = Counter()
    for group in world.groups:
        for payload in told(world, group, first, last):
            if payload["type"] in ("join", "leave") and not payload["user"]["ref"].startswith("s"):
                types[payload["type"]] += 1
    return types["join"], types["leave"]


def _count(payloads: Iterator[dict[str, Any]]) -> int:
    return sum(payload["type"] == "message" for payload in payloads)

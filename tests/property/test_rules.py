"""However arrivals are cut into batches, the same people have seen the same rules, and the same is said of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.communities.actions import do_set_mode, do_set_settings
from qunying.communities.actions_rules import RuleNotes, do_write_rule
from qunying.kernel import clock
from qunying.kernel.scene import Mode
from qunying.pipeline import relay
from tests import cast
from tests.property.test_batches import (
    EVENING,
    REFS,
    Arrived,
    accept,
    differences,
    end_of,
    left_behind,
    tell_all,
    told_as_it_happens,
    told_in_batches_of,
    with_tables,
)

MORNING = EVENING.replace(hour=9, minute=0)
REFUND = "打满 21 天卡，并在结营后三天内填退款表，押金才能退。"
SECRET = "群里的课件只给自己看，不转给群外的人。"
TEXTS = [
    REFUND,
    SECRET,
    f"注意：{REFUND}{SECRET}",
    "收到",
    "早",
    "押金怎么退？",
    "拼团还差一个人 pin.example.com/tuan?id=90",
]
people = st.sampled_from(REFS[:2] + REFS[3:9])
kinds = st.sampled_from(["message"] * 6 + ["own", "staff", "staff", "move", "move", "move"])


@st.composite
def payloads(draw: st.DrawFn, there: set[str]) -> dict[str, Any]:
    """Somebody who is there says something or goes, somebody who is not comes; our own words come back to us."""
    ref = draw(people)
    match draw(kinds):
        case "own":
            us = cast.who("sandbox-account", "小助手")
            return {"type": "message", "from": us, "text": draw(st.sampled_from(TEXTS[:3])), "is_own": True}
        case "staff":
            return {"type": "message", "from": cast.who("li"), "text": draw(st.sampled_from(TEXTS[:3]))}
        case "message" if ref in there:
            reply = {"reply_to": f"r{draw(st.integers(0, 20))}"} if draw(st.booleans()) else {}
            return {"type": "message", "from": cast.who(ref), "text": draw(st.sampled_from(TEXTS[3:])), **reply}
    there.symmetric_difference_update({ref})
    return {"type": "join" if ref in there else "leave", "user": cast.who(ref)}


@st.composite
def stories(draw: st.DrawFn, groups: tuple[str, ...] = ("g1", "g1", "g2")) -> list[Arrived]:
    """Some days in these groups."""
    now, story = MORNING, []
    there = {group: {"an", "bo"} for group in groups}
    for number in range(draw(st.integers(1, 25))):
        now += timedelta(seconds=draw(st.sampled_from([0, 1, 60, 1800, 4000, 30000, 90000])))
        group = draw(st.sampled_from(groups))
        story.append(Arrived(now, now, group, {**draw(payloads(there[group])), "ref": f"r{number}"}))
    return story


@pytest.fixture
def ruled(db: None) -> None:
    """The tea friends with two rules: in the first group they are told, in the second a person is asked first."""
    with cast.clock_stands(MORNING - timedelta(hours=1)):
        tea = cast.build_tea()
        at, home = clock.now(), tea.community_id
        do_set_settings(
            "rules", {"private_after_hours": 2, "private_every_days": 1}, community_id=home, at=at, actor="system"
        )
        second = tea.groups["g2"]
        do_set_mode("rules", Mode.SUGGEST, community_id=home, group_id=second, at=at, actor="system")
        for name, text, day in (("退押金", REFUND, MORNING.date() + timedelta(days=4)), ("不外传", SECRET, None)):
            notes = RuleNotes(name=name, is_important=True, deadline_on=day)
            do_write_rule(home, notes, text, at=at, user_id=None)
        for number, group in enumerate(("g1", "g2")):
            cast.arrive([cast.message(f"before-{number}", "an", "早上好")], group)
        relay.step(clock.now())
        tell_all(clock.now(), 200)


@with_tables
@given(story=stories())
def test_one_batch_leaves_what_batches_of_one_leave(ruled: None, story: list[Arrived]) -> None:
    at_once, singly = left_behind(told_in_batches_of(200), story), left_behind(told_in_batches_of(1), story)
    assert differences(at_once, singly) == {}


@with_tables
@given(story=stories(groups=("g1",)))
def test_a_backlog_leaves_what_live_telling_leaves(ruled: None, story: list[Arrived]) -> None:
    """In one group: who was told in another one of them depends on which of two lanes is told first."""
    backlog, live = left_behind(told_in_batches_of(7), story), left_behind(told_as_it_happens, story)
    assert differences(backlog, live) == {}


@with_tables
@given(story=stories())
def test_nothing_is_said_twice_when_everything_arrives_twice(ruled: None, story: list[Arrived]) -> None:
    def twice(story: list[Arrived]) -> None:
        told_in_batches_of(200)(story)
        for one in story:
            accept(one)
        tell_all(end_of(story), 200)

    assert differences(left_behind(twice, story), left_behind(told_in_batches_of(200), story)) == {}  # type: ignore[arg-type]

"""However the same arrivals are cut into batches, and whenever they are told, the same is left behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qunying.communities.actions import do_set_mode
from qunying.communities.queries import places_of_groups
from qunying.intake.actions import Incoming, do_accept, do_claim, do_release, group_lane
from qunying.intake.gateway import do_accept_arrivals
from qunying.kernel import clock
from qunying.kernel.scene import Mode
from qunying.pipeline.batch import PICTURES
from qunying.pipeline.inbound import tell
from tests import cast
from tests.property.opinionated import OPINIONATED
from tests.property.rows_of import everything

EVENING = datetime(2024, 3, 5, 22, 20, tzinfo=cast.SHANGHAI)
REFS = ["an", "bo", "li", "chen", "fang", "man", "yu", "zoe", "u9", "u10", "u11", "u12", "u13", "u14"]
OTHER_NAMES = ["改名了", "{names}", "عمر", "陳晨👨‍👩‍👧", "a\u200bb", "很长的名字" * 50]
TEXTS = [
    "兼职日结三百，加V hu_1990 详聊",
    "你有病吧，脑残",
    "拼团还差一个人 pin.example.com/tuan?id=90 快来",
    "早",
    "加V 一起领资料",
    "广告 广告",
    "等我一下",
    "几点开始？",
    "骂人",
    "吵什么吵",
    "等等，这是什么？ 广告",
    "Ünïcödé １２３",
    "\u202eabc",
]


@dataclass(frozen=True)
class Arrived:
    """A payload, when we learnt of it and when it is said to have happened."""

    accepted_at: datetime
    at: datetime
    group: str
    payload: dict[str, Any]


people = st.sampled_from(REFS)
names = st.one_of(st.none(), st.none(), st.none(), st.sampled_from(OTHER_NAMES))
gaps = st.sampled_from([0, 0, 1, 20, 59, 60, 100, 180, 240, 600, 2000, 30000])
delays = st.sampled_from([0, 0, 0, 0, 1, 45, 400])


@st.composite
def payloads(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """One thing that happens, without a reference of its own yet."""
    ref = draw(people)
    user = cast.who(ref, draw(names))
    role = draw(st.sampled_from(["", "", "", "admin", "member"]))
    message_of = draw(st.integers(0, 30))
    kind = draw(
        st.sampled_from(
            ["message"] * 6
            + ["join"] * 5
            + ["leave"] * 3
            + ["picture"] * 2
            + ["edit", "recall", "card", "whisper", "unknown"]
        )
    )
    words: dict[str, Any] = {"type": kind}
    match kind:
        case "message":
            mentions = draw(st.lists(people, max_size=2))
            words |= {"from": user, "text": draw(st.sampled_from(TEXTS)), "mentions": mentions}
            words["media"] = draw(st.sampled_from([[], [], [{"kind": "image", "url": "a.png"}]]))
        case "picture":
            codes = draw(st.sampled_from([[], [["https://weixin.qq.com/g/Aw", "group"]]]))
            words |= {"sender": cast.who(ref), "message": f"r{message_of}", "text": draw(st.sampled_from(TEXTS))}
            words["looks"] = draw(st.sampled_from([[], [[2**63 + 5, 77]], [[2**63 + 7, 79]]]))
            words |= {"codes": codes, "wrong": draw(st.sampled_from([[], ["broken"]]))}
        case "whisper":
            # of strangers nothing private is read, and who is a stranger depends on what was told before
            words |= {"from": cast.who(draw(st.sampled_from(["an", "bo"]))), "text": draw(st.sampled_from(TEXTS))}
        case "join":
            words |= {"user": {**user, "role": role}, "via": draw(st.sampled_from(["", "qr-3"]))}
            if draw(st.booleans()):
                words["inviter"] = draw(people)
        case "leave":
            words["user"] = user
            if draw(st.booleans()):
                words["operator"] = draw(people)
        case "card":
            words["user"] = {**user, "card": draw(st.sampled_from(["上海-教育-安安", ""])), "role": role}
        case "edit":
            words |= {"from": user, "of": f"r{message_of}", "text": draw(st.sampled_from(TEXTS))}
        case "recall":
            words |= {"of": f"r{message_of}", "by": ref}
    return draw(st.sampled_from(["g1", "g1", "g2"])), words


@st.composite
def stories(draw: st.DrawFn) -> list[Arrived]:
    """Events of both groups over an evening, a night and a morning."""
    now, story = EVENING, []
    for number, (group, words) in enumerate(draw(st.lists(payloads(), min_size=1, max_size=30))):
        now += timedelta(seconds=draw(gaps))
        at = now - timedelta(seconds=draw(delays))
        story.append(Arrived(now, at, group, {**words, "ref": f"r{number}"}))
    return story


def accept(one: Arrived) -> None:
    with cast.clock_stands(one.accepted_at):
        if one.payload["type"] == "picture":
            place = places_of_groups("sandbox", [one.group])[one.group]
            lane = group_lane(place.community_id, place.group_id)
            key = f"picture:{one.payload['ref']}"
            do_accept([Incoming(lane, key, PICTURES, cast.utc(one.at), one.payload)], one.accepted_at)
            return
        arrival = cast.arrival(one.payload, one.group, one.at)
        do_accept_arrivals("sandbox", [arrival], one.accepted_at)


def tell_all(now: datetime, at_once: int) -> None:
    """Tells what is due in batches of so many."""
    with cast.clock_stands(now):
        while (claim := do_claim(now, envelope_limit=at_once)).lanes:
            tell(claim, OPINIONATED)
            do_release(claim)


def end_of(story: Sequence[Arrived]) -> datetime:
    return story[-1].accepted_at + timedelta(minutes=5)


def told_in_batches_of(at_once: int) -> Callable[[Sequence[Arrived]], None]:
    """Everything is accepted first, then told."""

    def tell_story(story: Sequence[Arrived]) -> None:
        for one in story:
            accept(one)
        tell_all(end_of(story), at_once)

    return tell_story


def told_as_it_happens(story: Sequence[Arrived]) -> None:
    """Every timer goes off at its moment, every arrival is told as it comes."""
    from qunying.intake.queries import next_due_after

    now = EVENING
    for one in story:
        while (due := next_due_after(now)) is not None and due <= one.accepted_at:
            now = due
            tell_all(now, 200)
        now = one.accepted_at
        accept(one)
        tell_all(now, 200)
    while (due := next_due_after(now)) is not None and due <= end_of(story):
        now = due
        tell_all(now, 200)


def left_behind(tell_story: Callable[[Sequence[Arrived]], None], story: Sequence[Arrived]) -> dict[str, Any]:
    """What is in the tables after a story was told that way; the tables are as before afterwards."""
    with transaction.atomic():
        tell_story(story)
        found = everything()
        transaction.set_rollback(True)
    return found


def differences(some: dict[str, list[Any]], others: dict[str, list[Any]]) -> dict[str, Any]:
    """Per table the rows that only one of both has; empty when both are equal."""
    return {
        name: {
            "one": [r for r in some[name] if r not in others[name]],
            "other": [r for r in others[name] if r not in some[name]],
        }
        for name in some
        if some[name] != others[name]
    }


@pytest.fixture
def evening(db: None) -> None:
    """The tea friends before the first event: the guard acts, the echo only proposes in the second group."""
    with cast.clock_stands(EVENING):
        tea = cast.build_tea()
        for name in ("guard", "echo"):
            do_set_mode(name, Mode.ACT, community_id=tea.community_id, at=EVENING, actor="system")
        second = tea.groups["g2"]
        do_set_mode("echo", Mode.SUGGEST, community_id=tea.community_id, group_id=second, at=EVENING, actor="system")
        do_set_mode("guard", Mode.OBSERVE, community_id=tea.community_id, group_id=second, at=EVENING, actor="system")
        cast.arrive([cast.message("before-1", "an", "晚上好")], "g1")
        cast.arrive([cast.message("before-2", "bo", "晚上好")], "g2")
        tell_all(clock.now(), 200)


with_tables = settings(
    max_examples=int(os.environ.get("QUNYING_EXAMPLES", "10")),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each try costs a second: as found is soon enough
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@with_tables
@given(story=stories())
def test_one_batch_leaves_what_batches_of_one_leave(evening: None, story: list[Arrived]) -> None:
    at_once, singly = left_behind(told_in_batches_of(200), story), left_behind(told_in_batches_of(1), story)
    assert differences(at_once, singly) == {}


@with_tables
@given(story=stories(), at_once=st.integers(2, 9))
def test_a_backlog_leaves_what_live_telling_leaves(evening: None, story: list[Arrived], at_once: int) -> None:
    backlog, live = left_behind(told_in_batches_of(at_once), story), left_behind(told_as_it_happens, story)
    assert differences(backlog, live) == {}


@with_tables
@given(story=stories())
def test_nothing_changes_when_everything_arrives_twice(evening: None, story: list[Arrived]) -> None:
    def twice(story: Sequence[Arrived]) -> None:
        told_in_batches_of(200)(story)
        for one in story:
            accept(one)
        tell_all(end_of(story), 200)

    assert differences(left_behind(twice, story), left_behind(told_in_batches_of(200), story)) == {}

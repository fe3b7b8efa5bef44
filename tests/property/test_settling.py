"""Settling: whatever capabilities think, in whatever order they are asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from qunying.kernel.effects import (
    Announce,
    Ban,
    DeleteMessage,
    Effect,
    EffectState,
    Mute,
    OpenCase,
    OpenTask,
    Outside,
    RemoveMember,
    Say,
    member_of,
)
from qunying.kernel.events import MessageReceived, Who
from qunying.kernel.hours import QuietHours
from qunying.kernel.opinions import Act, Opinion, Reason
from qunying.kernel.scene import GroupScene, Mode, Scene
from qunying.pipeline.settle import REPLY_GAP, remember_replies, settle

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
NAMES = ["guard", "echo", "order", "onboarding", "answers"]

members = st.integers(1, 3)
effects = st.one_of(
    st.builds(Mute, group_id=st.just(1), member=members, duration=st.just(timedelta(minutes=5))),
    st.builds(RemoveMember, group_id=st.integers(1, 2), member=members),
    st.builds(Ban, group_id=st.just(1), member=members),
    st.builds(DeleteMessage, group_id=st.just(1), message_key=st.just("m"), member=members),
    st.builds(Say, group_id=st.just(1), text=st.just("好"), reply_to=st.sampled_from(["", "m"])),
    st.builds(Announce, group_id=st.just(1), text=st.just("通知")),
    st.builds(OpenTask, key=st.just("t"), kind=st.just("t"), title=st.just("t")),
)


@st.composite
def opinions(draw: st.DrawFn) -> list[Opinion]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    confident = st.sampled_from([0.0, 0.5, 0.5, 1.0])
    return [
        Opinion(name, Reason("x"), tuple(draw(st.lists(effects, max_size=4))), (), draw(confident)) for name in names
    ]


modes = st.fixed_dictionaries({name: st.sampled_from(list(Mode)) for name in NAMES})


def scene(modes: dict[str, Mode]) -> Scene:
    group = GroupScene(
        id=1,
        ref="g",
        carrier="sandbox",
        community_id=1,
        name="群",
        language="zh",
        quiet=QuietHours(ZoneInfo("UTC")),
        modes=modes,
    )
    return Scene({1: group}, {})


def message(number: int = 0, at: datetime = NOON) -> MessageReceived:
    return MessageReceived(
        key=f"k{number}",
        at=at,
        lane_id=1,
        community_id=1,
        group_id=1,
        sender=Who("an"),
        source_key=f"m{number}",
        text="",
    )


def sanctions(acts: tuple[Act, ...], state: EffectState) -> Counter[tuple[int | None, int | None]]:
    return Counter(
        (act.effect.group_id, member_of(act.effect))
        for act in acts
        if act.state is state and isinstance(act.effect, Outside) and act.effect.sanction
    )


def is_reply(effect: Effect) -> bool:
    return isinstance(effect, Say) and bool(effect.reply_to) and not effect.is_warning


@given(opinions=opinions(), modes=modes, data=st.data())
def test_the_order_of_opinions_does_not_matter(
    opinions: list[Opinion], modes: dict[str, Mode], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(opinions))
    assert settle(message(), scene(modes), opinions) == settle(message(), scene(modes), shuffled)


@given(opinions=opinions(), modes=modes)
def test_one_sanction_per_member_gets_through_and_it_is_the_strongest(
    opinions: list[Opinion], modes: dict[str, Mode]
) -> None:
    acts = settle(message(), scene(modes), opinions).acts
    assert all(count == 1 for state in EffectState for count in sanctions(acts, state).values())
    for act in acts:
        if act.state is EffectState.WAITING and isinstance(act.effect, Outside) and act.effect.sanction:
            rivals = [
                effect.sanction
                for opinion in opinions
                if modes[opinion.capability] is Mode.ACT
                for effect in opinion.effects
                if isinstance(effect, Outside)
                and (effect.group_id, member_of(effect)) == (act.effect.group_id, member_of(act.effect))
            ]
            assert act.effect.sanction == max(rivals)


@given(opinions=opinions(), modes=modes)
def test_what_is_only_noted_never_stands_in_the_way_of_what_is_done(
    opinions: list[Opinion], modes: dict[str, Mode]
) -> None:
    only_acting = [opinion for opinion in opinions if modes[opinion.capability] is Mode.ACT]
    done = [act for act in settle(message(), scene(modes), opinions).acts if act.state is EffectState.WAITING]
    alone = [act for act in settle(message(), scene(modes), only_acting).acts if act.state is EffectState.WAITING]
    outside = [act for act in done if isinstance(act.effect, Outside)]
    assert outside == [act for act in alone if isinstance(act.effect, Outside)]


@given(opinions=opinions(), modes=modes)
def test_everything_else_stays_when_sanctions_and_replies_are_settled(
    opinions: list[Opinion], modes: dict[str, Mode]
) -> None:
    def untouched(effect: Effect) -> bool:
        return not is_reply(effect) and not (isinstance(effect, Outside) and effect.sanction)

    heard = [opinion for opinion in opinions if modes[opinion.capability] is not Mode.OFF]
    wanted = Counter(repr(effect) for opinion in heard for effect in opinion.effects if untouched(effect))
    settled = settle(message(), scene(modes), opinions)
    assert Counter(repr(act.effect) for act in settled.acts if untouched(act.effect)) == wanted
    assert {opinion.capability for opinion in settled.opinions} == {opinion.capability for opinion in heard}
    assert len({act.key for act in settled.acts}) == len(settled.acts)


@given(
    story=st.lists(st.tuples(st.integers(0, 90), opinions()), max_size=12),
    modes=modes,
)
def test_at_most_one_reply_a_minute_gets_through(
    story: list[tuple[int, list[Opinion]]], modes: dict[str, Mode]
) -> None:
    now, told, replied = NOON, scene(modes), []
    for number, (gap, thought) in enumerate(story):
        now += timedelta(seconds=gap)
        decision = settle(message(number, now), told, thought)
        told = remember_replies(told, decision)
        replied += [now for act in decision.acts if is_reply(act.effect) and act.state is EffectState.WAITING]
    assert all(later - earlier >= REPLY_GAP for earlier, later in pairwise(replied))


@given(opinions=opinions(), modes=modes)
def test_every_effect_has_the_state_of_its_capabilitys_mode(opinions: list[Opinion], modes: dict[str, Mode]) -> None:
    states: dict[Any, EffectState] = {
        Mode.OBSERVE: EffectState.SIMULATED,
        Mode.SUGGEST: EffectState.NEEDS_APPROVAL,
        Mode.ACT: EffectState.WAITING,
    }
    for act in settle(message(), scene(modes), opinions).acts:
        expected = states[modes[act.capability]] if isinstance(act.effect, Outside) else EffectState.WAITING
        assert act.state is expected


def test_nothing_is_done_before_a_person_looked_when_a_capability_asks_first() -> None:
    effects = (RemoveMember(group_id=1, member=7), OpenCase(key="c", kind="doubt", member=7))
    doubt = Opinion("order", Reason("order.test"), effects, asks_first=True)
    for mode, state in (
        (Mode.ACT, EffectState.NEEDS_APPROVAL),
        (Mode.SUGGEST, EffectState.NEEDS_APPROVAL),
        (Mode.OBSERVE, EffectState.SIMULATED),
    ):
        removal, note = settle(message(), scene({"order": mode}), [doubt]).acts
        assert (removal.state, note.state) == (state, EffectState.WAITING)


def test_a_warning_is_said_when_somebody_was_answered_just_now() -> None:
    warning = Say(group_id=1, text="请不要发广告", reply_to="m0", member=7, is_warning=True)
    just_now = replace(scene({"order": Mode.ACT}), replied_at={1: NOON})
    (act,) = settle(message(), just_now, [Opinion("order", Reason("order.test"), (warning,))]).acts
    assert (act.effect, act.state) == (warning, EffectState.WAITING)


def test_somebody_is_removed_from_every_group_when_they_sit_in_several() -> None:
    effects = (
        RemoveMember(group_id=1, member=7),
        RemoveMember(group_id=2, member=7),
        Mute(group_id=2, member=7, duration=timedelta(minutes=10)),
    )
    acts = settle(message(), scene({"order": Mode.ACT}), [Opinion("order", Reason("order.test"), effects)]).acts
    assert [act.effect for act in acts] == list(effects[:2])

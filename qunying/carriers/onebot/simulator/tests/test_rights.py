"""QQ's own refusals, act by act."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..refusals import Refusal
from ..world import World
from .stage import ADMIN, ANN, BOT, GROUP, LI, OTHER, OWNER, STRANGER, Dial, build_world


@pytest.fixture
def dial() -> Dial:
    return Dial()


@pytest.fixture
def world(dial: Dial) -> World:
    return build_world(dial)


REFUSED: dict[str, tuple[Callable[[World], object], str]] = {
    "member mutes": (lambda world: world.mute(GROUP, LI, by=ANN, seconds=60), "ERR_NOT_GROUP_ADMIN"),
    "admin mutes admin": (lambda world: world.mute(GROUP, ADMIN, by=BOT, seconds=60), "cannot operate admin"),
    "admin mutes owner": (lambda world: world.mute(GROUP, OWNER, by=BOT, seconds=60), "cannot operate owner"),
    "mute for ever": (lambda world: world.mute(GROUP, ANN, by=BOT, seconds=31 * 86400), "invalid duration"),
    "mute of who is not there": (lambda world: world.mute(GROUP, STRANGER, by=BOT, seconds=60), "不存在"),
    "member mutes all": (lambda world: world.mute_all(GROUP, by=ANN), "ERR_NOT_GROUP_ADMIN"),
    "member kicks": (lambda world: world.kick(GROUP, LI, by=ANN), "ERR_NOT_GROUP_ADMIN"),
    "admin kicks owner": (lambda world: world.kick(GROUP, OWNER, by=ADMIN), "cannot operate owner"),
    "stranger kicks": (lambda world: world.kick(GROUP, LI, by=STRANGER), f"群{GROUP}不存在"),
    "admin makes admin": (lambda world: world.set_admin(GROUP, ANN, by=BOT), "ERR_NOT_GROUP_OWNER"),
    "owner unmakes owner": (
        lambda world: world.set_admin(GROUP, OWNER, by=OWNER, enable=False),
        "cannot operate owner",
    ),
    "admin names admin": (lambda world: world.set_card(GROUP, ADMIN, "x", by=BOT), "cannot operate admin"),
    "member names member": (lambda world: world.set_card(GROUP, LI, "x", by=ANN), "ERR_NOT_GROUP_ADMIN"),
    "admin gives title": (lambda world: world.set_title(GROUP, ANN, "x", by=BOT), "ERR_NOT_GROUP_OWNER"),
    "member renames": (lambda world: world.rename(GROUP, "x", by=ANN), "ERR_NOT_GROUP_ADMIN"),
    "nameless group": (lambda world: world.rename(GROUP, "", by=OWNER), "empty name"),
    "owner leaves": (lambda world: world.leave(GROUP, OWNER), "owner cannot leave"),
    "admin dismisses": (lambda world: world.dismiss(GROUP, by=BOT), "ERR_NOT_GROUP_OWNER"),
    "member announces": (lambda world: world.announce(GROUP, "x", by=ANN), "ERR_NOT_GROUP_ADMIN"),
    "stranger speaks": (lambda world: world.say(GROUP, STRANGER, "x"), f"群{GROUP}不存在"),
    "talk in no group": (lambda world: world.say(99, ANN, "x"), "群99不存在"),
    "joins twice": (lambda world: world.join(GROUP, ANN), "already in group"),
    "asks from inside": (lambda world: world.ask(GROUP, ANN, "x"), "already in group"),
    "writes to a stranger": (lambda world: world.whisper(ANN, BOT, "x"), "not a friend"),
    "writes through a foreign group": (lambda world: world.whisper(ANN, BOT, "x", via_group=OTHER), f"群{OTHER}不存在"),
    "pokes who is not there": (lambda world: world.poke(ANN, STRANGER, group=GROUP), "不存在"),
    "unknown flag": (lambda world: world.approve("1", by=BOT), "No such request"),
    "unknown message": (lambda world: world.recall(99, by=BOT), "消息99不存在"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_platform_says_no_when_it_is_not_theirs_to_do(world: World, name: str) -> None:
    act, message = REFUSED[name]
    with pytest.raises(Refusal, match=message):
        act(world)


def test_speaking_is_refused_until_the_mute_ends_when_somebody_is_muted(world: World, dial: Dial) -> None:
    world.mute(GROUP, ANN, by=BOT, seconds=60)
    dial.forward(59)
    with pytest.raises(Refusal, match="muted"):
        world.say(GROUP, ANN, "x")
    dial.forward(1)
    assert world.say(GROUP, ANN, "早")


def test_only_staff_speaks_when_everybody_is_muted(world: World) -> None:
    world.mute_all(GROUP, by=BOT)
    with pytest.raises(Refusal, match="whole group"):
        world.say(GROUP, ANN, "x")
    assert world.say(GROUP, ADMIN, "安静")
    world.mute_all(GROUP, by=BOT, enable=False)
    assert world.say(GROUP, ANN, "早")


@pytest.mark.parametrize(
    ("author", "by", "after", "is_allowed"),
    [
        (ANN, ANN, 120, True),
        (ANN, ANN, 121, False),
        (ANN, LI, 0, False),
        (ANN, BOT, 9999, True),
        (ADMIN, BOT, 0, False),
        (OWNER, BOT, 0, False),
        (ADMIN, OWNER, 9999, True),
        (BOT, BOT, 9999, True),
    ],
)
def test_a_message_is_taken_back_when_author_and_time_allow(
    world: World, dial: Dial, author: int, by: int, after: int, *, is_allowed: bool
) -> None:
    message = world.say(GROUP, author, "哎")
    dial.forward(after)
    if is_allowed:
        world.recall(message, by=by)
    else:
        with pytest.raises(Refusal):
            world.recall(message, by=by)
    assert (message in world.list_said(GROUP)) is not is_allowed


def test_a_message_cannot_be_taken_back_when_it_is_gone_already(world: World) -> None:
    message = world.say(GROUP, ANN, "哎")
    world.recall(message, by=ANN)
    with pytest.raises(Refusal, match="不存在"):
        world.recall(message, by=BOT)


def test_an_admin_takes_back_words_when_their_author_has_left(world: World) -> None:
    message = world.say(GROUP, ADMIN, "走了")
    world.leave(GROUP, ADMIN)
    world.recall(message, by=BOT)
    assert message.is_recalled


def test_a_private_message_stays_when_two_minutes_are_over(world: World, dial: Dial) -> None:
    message = world.whisper(ANN, BOT, "哎", via_group=GROUP)
    dial.forward(121)
    with pytest.raises(Refusal, match="too late"):
        world.recall(message, by=ANN)
    with pytest.raises(Refusal, match="不存在"):
        world.recall(message, by=BOT)


def test_nobody_asks_again_when_removed_for_good(world: World) -> None:
    world.kick(GROUP, ANN, by=BOT)
    world.kick(GROUP, LI, by=BOT, block=True)
    assert world.ask(GROUP, ANN, "再来").is_approved is None
    with pytest.raises(Refusal, match="blocked"):
        world.ask(GROUP, LI, "再来")


def test_a_request_is_decided_once_when_two_try(world: World) -> None:
    request = world.ask(GROUP, STRANGER, "x")
    with pytest.raises(Refusal, match="ERR_NOT_GROUP_ADMIN"):
        world.approve(request, by=ANN)
    world.reject(request, by=ADMIN, reason="不熟")
    with pytest.raises(Refusal, match="already handled"):
        world.approve(request, by=BOT)


def test_a_request_scrolls_out_when_a_hundred_came_after_it(world: World) -> None:
    first = world.ask(GROUP, STRANGER, "x")
    for _ in range(99):
        world.ask(GROUP, STRANGER, "x")
    world.state.request(first.flag)
    world.ask(GROUP, STRANGER, "x")
    with pytest.raises(Refusal, match="No such request"):
        world.approve(first, by=BOT)


def test_nobody_comes_in_when_the_group_is_full(world: World) -> None:
    request = world.ask(GROUP, STRANGER, "x")
    world.state.group(GROUP).capacity = 6
    with pytest.raises(Refusal, match="full"):
        world.approve(request, by=BOT)
    assert request.is_approved is None


def test_the_heir_may_what_only_owners_may_when_the_group_was_handed_over(world: World) -> None:
    with pytest.raises(Refusal, match="ERR_NOT_GROUP_OWNER"):
        world.hand_over(GROUP, ANN, by=BOT)
    world.hand_over(GROUP, ADMIN, by=OWNER)
    world.kick(GROUP, OWNER, by=ADMIN)
    world.set_admin(GROUP, ANN, by=ADMIN)
    assert world.state.member(GROUP, ANN).role == "admin"


def test_mentioning_everybody_is_only_words_when_it_is_not_allowed_or_used_up(world: World, dial: Dial) -> None:
    assert world.say(GROUP, ANN, "[CQ:at,qq=all]").text == "@全体成员"
    assert [world.say(GROUP, BOT, "[CQ:at,qq=all]").text for _ in range(11)] == [""] * 10 + ["@全体成员"]
    dial.forward(86400)
    assert world.say(GROUP, BOT, "[CQ:at,qq=all]").text == ""

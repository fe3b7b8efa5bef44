"""What the accounts are told, field by field."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from ..world import World
from .stage import ADMIN, ANN, BOT, GROUP, LI, OTHER, OWNER, SECOND, STRANGER, TUESDAY, Dial, Ears, build_world

Act = Callable[[World], object]
NOTICES: dict[str, tuple[Act, dict[str, Any]]] = {
    "join": (
        lambda world: world.join(GROUP, STRANGER, by=ADMIN),
        {"notice_type": "group_increase", "sub_type": "approve", "user_id": STRANGER, "operator_id": ADMIN},
    ),
    "invite": (
        lambda world: world.invite(GROUP, STRANGER, by=ANN),
        {"notice_type": "group_increase", "sub_type": "invite", "user_id": STRANGER, "operator_id": ANN},
    ),
    "leave": (
        lambda world: world.leave(GROUP, ANN),
        {"notice_type": "group_decrease", "sub_type": "leave", "user_id": ANN, "operator_id": ANN},
    ),
    "kick": (
        lambda world: world.kick(GROUP, ANN, by=ADMIN),
        {"notice_type": "group_decrease", "sub_type": "kick", "user_id": ANN, "operator_id": ADMIN},
    ),
    "mute": (
        lambda world: world.mute(GROUP, ANN, by=ADMIN, seconds=60),
        {"notice_type": "group_ban", "sub_type": "ban", "user_id": ANN, "operator_id": ADMIN, "duration": 60},
    ),
    "unmute": (
        lambda world: world.mute(GROUP, ANN, by=ADMIN, seconds=0),
        {"notice_type": "group_ban", "sub_type": "lift_ban", "user_id": ANN, "operator_id": ADMIN, "duration": 0},
    ),
    "mute all": (
        lambda world: world.mute_all(GROUP, by=ADMIN),
        {"notice_type": "group_ban", "sub_type": "ban", "user_id": 0, "operator_id": ADMIN, "duration": -1},
    ),
    "set admin": (
        lambda world: world.set_admin(GROUP, ANN, by=OWNER),
        {"notice_type": "group_admin", "sub_type": "set", "user_id": ANN},
    ),
    "unset admin": (
        lambda world: world.set_admin(GROUP, ADMIN, by=OWNER, enable=False),
        {"notice_type": "group_admin", "sub_type": "unset", "user_id": ADMIN},
    ),
    "card": (
        lambda world: world.set_card(GROUP, ANN, "上海-安安"),
        {"notice_type": "group_card", "user_id": ANN, "card_new": "上海-安安", "card_old": ""},
    ),
    "title": (
        lambda world: world.set_title(GROUP, ANN, "状元", by=OWNER),
        {"notice_type": "notify", "sub_type": "title", "user_id": ANN, "title": "状元"},
    ),
    "rename": (
        lambda world: world.rename(GROUP, "二群", by=ADMIN),
        {"notice_type": "notify", "sub_type": "group_name", "user_id": ADMIN, "name_new": "二群"},
    ),
    "poke": (
        lambda world: world.poke(ANN, BOT, group=GROUP),
        {"notice_type": "notify", "sub_type": "poke", "user_id": ANN, "target_id": BOT},
    ),
    "anything": (
        lambda world: world.notify(GROUP, {"notice_type": "notify", "sub_type": "gray_tip", "user_id": ANN}),
        {"notice_type": "notify", "sub_type": "gray_tip", "user_id": ANN},
    ),
}


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def world(ears: Ears) -> World:
    world = build_world()
    world.state.listeners.append(ears)
    return world


@pytest.mark.parametrize("name", NOTICES)
def test_every_account_in_the_group_is_told_when_something_happens(world: World, ears: Ears, name: str) -> None:
    act, expected = NOTICES[name]
    act(world)
    common = {"time": int(TUESDAY.timestamp()), "post_type": "notice", "group_id": GROUP}
    assert ears.heard == [(each, {**common, "self_id": each, **expected}) for each in (BOT, SECOND)]


def test_an_account_hears_that_it_was_removed_itself_when_it_was(world: World, ears: Ears) -> None:
    world.kick(GROUP, SECOND, by=ADMIN)
    assert ears.last(SECOND)["sub_type"] == "kick_me"
    assert ears.last(BOT)["sub_type"] == "kick"
    world.say(GROUP, ANN, "早")
    assert len(ears.by(SECOND)) == 1


def test_everybody_is_out_when_a_group_is_dismissed(world: World, ears: Ears) -> None:
    world.dismiss(GROUP, by=OWNER)
    assert [(each, event["sub_type"], event["user_id"]) for each, event in ears.heard] == [
        (BOT, "disband", BOT),
        (SECOND, "disband", SECOND),
    ]


def test_only_accounts_with_rights_are_asked_when_somebody_wants_in(world: World, ears: Ears) -> None:
    request = world.ask(GROUP, STRANGER, "朋友", question="从哪里来？")
    assert [each for each, _ in ears.heard] == [BOT]
    told = ears.last(BOT)
    assert (told["post_type"], told["request_type"], told["sub_type"]) == ("request", "group", "add")
    assert (told["comment"], told["flag"], told["user_id"]) == ("问题：从哪里来？\n答案：朋友", request.flag, STRANGER)


def test_an_account_is_asked_itself_when_it_is_invited(world: World, ears: Ears) -> None:
    world.add_group(20003, "新群", OWNER)
    request = world.invite(20003, SECOND, by=OWNER)
    assert [(each, event["sub_type"], event["user_id"]) for each, event in ears.heard] == [(SECOND, "invite", OWNER)]
    world.approve(request.flag, by=SECOND)  # type: ignore[union-attr]
    assert ears.last(SECOND)["notice_type"] == "group_increase"
    assert SECOND in world.state.group(20003).members


def test_the_other_accounts_hear_it_as_message_when_an_account_speaks(world: World, ears: Ears) -> None:
    world.say(GROUP, BOT, "早")
    assert [(each, event["post_type"]) for each, event in ears.heard] == [(BOT, "message_sent"), (SECOND, "message")]


def test_a_message_says_who_spoke_when_they_have_card_and_title(world: World, ears: Ears) -> None:
    member = world.state.member(GROUP, ANN)
    member.card, member.title = "上海-安安", "状元"
    quoted = world.say(GROUP, LI, "在吗")
    world.say(GROUP, ANN, f"[CQ:reply,id={quoted.message_id}]在 & 好")
    told = ears.last(BOT)
    assert told["sender"] | {"card": "上海-安安", "title": "状元", "role": "member"} == told["sender"]
    assert told["raw_message"] == f"[CQ:reply,id={quoted.message_id}]在 &amp; 好"
    assert told["message"][1] == {"type": "text", "data": {"text": "在 & 好"}}
    assert (told["message_type"], told["sub_type"], told["anonymous"]) == ("group", "normal", None)


def test_a_quote_is_dropped_when_there_is_no_such_message(world: World) -> None:
    assert [each.type for each in world.say(GROUP, ANN, "[CQ:reply,id=99]在").segments] == ["text"]


@pytest.mark.parametrize(("other", "sub_type"), [(SECOND, "friend"), (ANN, "group")])
def test_a_private_message_names_its_kind_when_it_arrives(world: World, ears: Ears, other: int, sub_type: str) -> None:
    world.whisper(other, BOT, "在吗", via_group=GROUP)
    told = ears.last(BOT)
    assert (told["message_type"], told["sub_type"], told["user_id"]) == ("private", sub_type, other)
    assert told.get("group_id", 0) == (GROUP if sub_type == "group" else 0)


def test_who_heard_it_is_told_when_a_message_is_taken_back(world: World, ears: Ears) -> None:
    message = world.say(GROUP, ANN, "哎")
    world.recall(message, by=BOT)
    assert ears.last(SECOND) | {"user_id": ANN, "operator_id": BOT, "message_id": message.message_id} == ears.last(
        SECOND
    )
    private = world.whisper(SECOND, BOT, "哎")
    world.recall(private, by=SECOND)
    assert ears.last(BOT)["notice_type"] == "friend_recall"


def test_likes_are_counted_when_several_like(world: World, ears: Ears) -> None:
    message = world.say(GROUP, ANN, "好消息")
    world.like(message, LI, "76")
    world.like(message, BOT, "76")
    assert ears.last(BOT)["likes"] == [{"emoji_id": "76", "count": 2}]
    world.like(message, LI, "76", add=False)
    assert (ears.last(BOT)["likes"], ears.last(BOT)["is_add"]) == ([{"emoji_id": "76", "count": 1}], False)


def test_essence_and_files_are_told_when_they_are_hung_up(world: World, ears: Ears) -> None:
    message = world.say(GROUP, ANN, "干货")
    world.add_essence(message, by=BOT)
    told = ears.last(SECOND)
    assert (told["notice_type"], told["sub_type"], told["sender_id"], told["operator_id"]) == (
        "essence",
        "add",
        ANN,
        BOT,
    )
    world.delete_essence(message, by=ADMIN)
    assert ears.last(SECOND)["sub_type"] == "delete"
    file = world.upload(GROUP, ANN, "讲义.pdf", size=7)
    assert ears.last(BOT)["file"] == {"id": file.file_id, "name": "讲义.pdf", "size": 7, "busid": 102}


def test_an_account_hears_nothing_when_it_is_offline(world: World, ears: Ears) -> None:
    world.go_offline(BOT, tag="KickedOffLine", message="别处登录")
    world.say(GROUP, ANN, "早")
    assert [(each["notice_type"], each["tag"]) for each in ears.by(BOT)] == [("bot_offline", "KickedOffLine")]
    world.go_online(BOT)
    world.say(GROUP, ANN, "晚")
    assert ears.last(BOT)["raw_message"] == "晚"


def test_nobody_else_hears_it_when_it_happens_in_another_group(world: World, ears: Ears) -> None:
    world.seat(OTHER, ANN)
    world.leave(OTHER, SECOND)
    ears.heard.clear()
    world.say(OTHER, ANN, "早")
    assert [each for each, _ in ears.heard] == [BOT]


def test_accounts_know_a_message_by_numbers_of_their_own_when_asked_for() -> None:
    ears, world = Ears(), build_world(own_ids=True)
    world.state.listeners.append(ears)
    message = world.say(GROUP, ANN, "早")
    world.say(GROUP, LI, f"[CQ:reply,id={message.message_id}]早")
    seen = [ears.by(each)[0]["message_id"] for each in (BOT, SECOND)]
    assert len({message.message_id, *seen}) == 3
    assert [ears.last(each)["message"][0]["data"]["id"] for each in (BOT, SECOND)] == list(map(str, seen))


def test_a_play_is_the_same_to_the_byte_when_clock_and_numbers_are() -> None:
    heard = []
    for _ in range(2):
        ears, world = Ears(), build_world(Dial(), ids=itertools.count(500))
        world.state.listeners.append(ears)
        world.say(GROUP, ANN, "早")
        world.ask(GROUP, STRANGER, "x")
        heard.append(ears.heard)
    assert heard[0] == heard[1]
    assert heard[0][0][1]["message_id"] == 500

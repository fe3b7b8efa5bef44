"""Actions one by one, without any connection: what they answer, what they refuse, what they did."""

from __future__ import annotations

from typing import Any

import pytest

from ..answers import answer
from ..api import ACTIONS
from ..segments import image
from ..state import scattered_ids
from ..wiring import Wiring
from ..world import World
from .stage import ADMIN, ANN, BOT, GROUP, LI, OTHER, OWNER, SECOND, STRANGER, TUESDAY, Dial, ask, build_world, data

NOW = int(TUESDAY.timestamp())
PNG = "base64://iVBORw0KGgo="


@pytest.fixture
def dial() -> Dial:
    return Dial()


@pytest.fixture
def world(dial: Dial) -> World:
    return build_world(dial)


def test_a_mute_has_an_end_when_it_is_asked_for(world: World, dial: Dial) -> None:
    assert data(world, "set_group_ban", group_id=str(GROUP), user_id=str(ANN), duration=60) is None
    info = data(world, "get_group_member_info", group_id=GROUP, user_id=ANN, no_cache=True)
    assert info["shut_up_timestamp"] == NOW + 60
    assert [each["user_id"] for each in data(world, "get_group_shut_list", group_id=GROUP)] == [ANN]
    dial.forward(60)
    assert data(world, "get_group_member_info", group_id=GROUP, user_id=ANN)["shut_up_timestamp"] == 0
    assert data(world, "get_group_shut_list", group_id=GROUP) == []


@pytest.mark.parametrize(("napcat", "until"), [(False, NOW + 1800), (True, 0)])
def test_a_mute_without_duration_is_half_an_hour_when_it_is_not_napcat(
    world: World, until: int, *, napcat: bool
) -> None:
    world.mute(GROUP, ANN, by=BOT, seconds=60)
    assert ask(world, "set_group_ban", napcat=napcat, group_id=GROUP, user_id=ANN)["status"] == "ok"
    assert world.state.member(GROUP, ANN).muted_until == until


def test_a_refusal_says_why_in_code_and_words_when_rights_are_missing(world: World) -> None:
    assert ask(world, "set_group_kick", SECOND, group_id=GROUP, user_id=ANN) == {
        "status": "failed",
        "retcode": 200,
        "data": None,
        "message": "ERR_NOT_GROUP_ADMIN",
        "wording": "没有群管理权限",
    }
    assert ANN in world.state.group(GROUP).members


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("set_group_ban", {"group_id": GROUP}),
        ("set_group_ban", {"group_id": GROUP, "user_id": "ann"}),
        ("set_group_ban", {"group_id": GROUP, "user_id": True}),
        ("set_group_ban", {"group_id": GROUP, "user_id": ANN, "duration": 1.5}),
        ("set_group_whole_ban", {"group_id": GROUP, "enable": "maybe"}),
        ("send_group_msg", {"group_id": GROUP}),
        ("send_msg", {"message_type": "guild", "message": "x"}),
        ("set_group_card", {"group_id": GROUP, "user_id": ANN, "card": ["x"]}),
        ("send_group_forward_msg", {"group_id": GROUP, "messages": "x"}),
        ("send_like", {"user_id": ANN, "times": 21}),
    ],
)
def test_parameters_are_refused_when_they_do_not_fit(world: World, action: str, params: dict[str, Any]) -> None:
    assert (answered := ask(world, action, **params))["retcode"] == 1400, answered


def test_an_action_is_unknown_when_nobody_has_it(world: World) -> None:
    assert ask(world, "make_coffee")["retcode"] == 1404


def test_every_action_answers_when_nothing_is_given(world: World) -> None:
    for action in ACTIONS:
        assert ask(build_world(), action)["retcode"] in (0, 200, 1400), action


def test_lists_hold_what_the_account_sees_when_it_asks(world: World) -> None:
    world.add_group(20003, "别人的群", OWNER)
    groups = data(world, "get_group_list")
    assert [(each["group_id"], each["member_count"]) for each in groups] == [(GROUP, 6), (OTHER, 2)]
    assert data(world, "get_group_info", group_id=GROUP)["max_member_count"] == 500
    assert ask(world, "get_group_info", group_id=20003)["message"] == "群20003不存在"
    members = data(world, "get_group_member_list", group_id=GROUP)
    assert {each["user_id"]: each["role"] for each in members}[OWNER] == "owner"
    assert ask(world, "get_group_member_info", group_id=GROUP, user_id=STRANGER)["status"] == "failed"
    assert [each["user_id"] for each in data(world, "get_friend_list")] == [SECOND]
    assert data(world, "get_stranger_info", user_id=str(STRANGER))["nickname"] == "路人"
    assert data(world, "get_login_info") == {"user_id": BOT, "nickname": "小助手"}


def test_a_message_is_fetched_when_the_account_could_hear_it(world: World) -> None:
    message = world.say(GROUP, ANN, "早[CQ:face,id=1]")
    fetched = data(world, "get_msg", message_id=message.message_id)
    assert (fetched["time"], fetched["real_id"], fetched["message_type"]) == (NOW, message.message_id, "group")
    assert fetched["sender"]["nickname"] == "安安"
    private = world.whisper(SECOND, BOT, "悄悄话")
    assert data(world, "get_msg", message_id=private.message_id)["raw_message"] == "悄悄话"
    world.add_account(10003, "三号")
    assert ask(world, "get_msg", 10003, message_id=private.message_id)["status"] == "failed"
    assert ask(world, "get_msg", 10003, message_id=message.message_id)["status"] == "failed"


def test_answers_hold_codes_when_the_account_is_set_to_strings(world: World) -> None:
    message = world.say(GROUP, ANN, "早[CQ:face,id=1]&")
    answered = answer(world, Wiring(BOT, message_format="string"), "get_msg", {"message_id": message.message_id})
    assert answered["data"]["message"] == "早[CQ:face,id=1]&amp;"


def test_history_ends_where_it_is_asked_to_when_messages_were_recalled(world: World) -> None:
    said = [world.say(GROUP, ANN, str(number)) for number in range(6)]
    world.recall(said[2], by=ANN)
    newest = data(world, "get_group_msg_history", group_id=GROUP, count=3)["messages"]
    assert [each["raw_message"] for each in newest] == ["3", "4", "5"]
    older = data(world, "get_group_msg_history", group_id=GROUP, count=2, message_seq=said[3].message_id)["messages"]
    assert [each["raw_message"] for each in older] == ["1", "3"]
    assert ask(world, "get_group_msg_history", group_id=GROUP, message_seq=99)["status"] == "failed"


def test_history_goes_forward_when_it_is_napcat_and_nothing_else_is_asked_for(world: World) -> None:
    said = [world.say(GROUP, ANN, str(number)) for number in range(6)]
    asked = {"group_id": GROUP, "count": 2, "message_seq": said[3].message_id}
    for reverse, expected in (
        ({}, ["3", "4"]),
        ({"reverse_order": True}, ["2", "3"]),
        ({"reverseOrder": True}, ["2", "3"]),
    ):
        answered = ask(world, "get_group_msg_history", napcat=True, **asked, **reverse)
        assert [each["raw_message"] for each in answered["data"]["messages"]] == expected


@pytest.mark.parametrize(("remembers", "found"), [(True, ["前", "中", "后"]), (False, ["前", "后"])])
def test_history_has_a_hole_when_the_account_was_away_and_it_is_set_so(
    world: World, found: list[str], *, remembers: bool
) -> None:
    world.say(GROUP, ANN, "前")
    world.go_offline(BOT)
    world.say(GROUP, ANN, "中")
    world.go_online(BOT)
    world.say(GROUP, ANN, "后")
    answered = answer(world, Wiring(BOT, remembers_absence=remembers), "get_group_msg_history", {"group_id": GROUP})
    assert [each["raw_message"] for each in answered["data"]["messages"]] == found


def test_numbers_are_negative_and_in_no_order_when_they_are_scattered() -> None:
    world = build_world(ids=scattered_ids(), own_ids=True)
    said = [world.say(GROUP, ANN, str(number)).message_id for number in range(50)]
    assert min(said) < 0 < max(said)
    assert sorted(said) != said
    for number in said:
        assert -(2**31) <= world.id_for(BOT, number) < 2**31
        assert data(world, "get_msg", message_id=world.id_for(BOT, number))["message_type"] == "group"


def test_requests_are_listed_when_they_wait_or_waited(world: World) -> None:
    done = world.ask(GROUP, STRANGER, "一")
    world.reject(done, by=ADMIN)
    waits = world.ask(GROUP, STRANGER, "二", question="几？")
    listed = data(world, "get_group_system_msg")["join_requests"]
    assert [(str(each["request_id"]), each["checked"], each["actor"]) for each in listed] == [
        (waits.flag, False, 0),
        (done.flag, True, ADMIN),
    ]
    assert (listed[0]["message"], listed[0]["requester_uin"]) == ("问题：几？\n答案：二", STRANGER)
    assert ask(world, "get_group_system_msg", napcat=True)["data"]["join_requests"][0]["invitor_uin"] == STRANGER
    assert data(world, "get_group_system_msg", SECOND)["join_requests"] == []
    assert data(world, "set_group_add_request", flag=waits.flag, sub_type="add", approve="true") is None
    assert STRANGER in world.state.group(GROUP).members
    assert ask(world, "set_group_add_request", flag="5")["message"] == "No such request"


def test_a_friend_is_made_when_the_account_says_yes(world: World) -> None:
    request = world.befriend(ANN, BOT, "我是安安")
    assert ask(world, "set_group_add_request", flag=request.flag)["message"] == "No such request"
    assert data(world, "set_friend_add_request", flag=request.flag) is None
    assert data(world, "send_private_msg", user_id=ANN, message="你好")["message_id"]
    assert data(world, "delete_friend", user_id=ANN) is None
    assert ask(world, "send_private_msg", user_id=ANN, message="你好")["message"] == "not a friend"
    assert data(world, "send_private_msg", user_id=ANN, group_id=GROUP, message="你好")["message_id"]
    assert [each.via_group for each in world.list_private(BOT, ANN)] == [0, GROUP]


def test_several_are_removed_until_one_cannot_be_when_a_list_is_given(world: World) -> None:
    answered = ask(world, "set_group_kick_members", group_id=GROUP, user_id=[ANN, OWNER, LI], reject_add_request=True)
    assert answered["message"] == "cannot operate owner"
    assert (ANN in world.state.group(GROUP).members, LI in world.state.group(GROUP).members) == (False, True)
    assert world.state.group(GROUP).blocked == {ANN}
    assert data(world, "batch_delete_group_member", group_id=GROUP, user_ids=[LI]) is None


def test_announcements_hang_until_taken_down_when_sent(world: World) -> None:
    sent = data(world, "_send_group_notice", group_id=GROUP, content="明天上课")
    listed = data(world, "_get_group_notice", group_id=GROUP)
    assert [(each["notice_id"], each["sender_id"], each["message"]["text"]) for each in listed] == [
        (sent["notice_id"], BOT, "明天上课")
    ]
    assert data(world, "_del_group_notice", group_id=GROUP, notice_id=sent["notice_id"]) is None
    assert ask(world, "_del_group_notice", group_id=GROUP, notice_id=sent["notice_id"])["status"] == "failed"
    assert ask(world, "_send_group_notice", SECOND, group_id=GROUP, content="x")["message"] == "ERR_NOT_GROUP_ADMIN"


def test_essence_is_listed_until_it_is_deleted_or_recalled_when_set(world: World) -> None:
    first, second = world.say(GROUP, ANN, "干货"), world.say(GROUP, ANN, "更干")
    for message in (first, second):
        assert data(world, "set_essence_msg", message_id=message.message_id) is None
    assert data(world, "delete_essence_msg", message_id=first.message_id) is None
    listed = data(world, "get_essence_msg_list", group_id=GROUP)
    assert [(each["message_id"], each["sender_id"], each["operator_id"]) for each in listed] == [
        (second.message_id, ANN, BOT)
    ]
    world.recall(second, by=ANN)
    assert data(world, "get_essence_msg_list", group_id=GROUP) == []
    assert ask(world, "delete_essence_msg", message_id=first.message_id)["message"] == "not an essence message"


def test_a_card_of_several_messages_is_opened_when_it_was_sent(world: World) -> None:
    message = world.say(GROUP, ANN, "原话")
    nodes = [
        {"type": "node", "data": {"id": message.message_id}},
        {"type": "node", "data": {"user_id": "1", "nickname": "某人", "content": "编的"}},
    ]
    sent = data(world, "send_group_forward_msg", group_id=GROUP, messages=nodes)
    opened = data(world, "get_forward_msg", id=sent["forward_id"])["messages"]
    assert (opened[0]["raw_message"], opened[1]["sender"]["nickname"]) == ("原话", "某人")
    assert world.list_said(GROUP)[-1].segments[0].type == "forward"
    assert ask(world, "get_forward_msg", id="x")["status"] == "failed"


def test_mentions_of_everybody_are_counted_when_the_account_makes_them(world: World) -> None:
    assert data(world, "get_group_at_all_remain", group_id=GROUP)["remain_at_all_count_for_uin"] == 10
    data(world, "send_group_msg", group_id=GROUP, message=[{"type": "at", "data": {"qq": "all"}}])
    assert data(world, "get_group_at_all_remain", group_id=GROUP)["remain_at_all_count_for_uin"] == 9
    assert data(world, "get_group_at_all_remain", SECOND, group_id=GROUP)["can_at_all"] is False


def test_a_group_is_led_when_the_account_owns_it(world: World) -> None:
    data(world, "set_group_admin", group_id=OTHER, user_id=SECOND)
    data(world, "set_group_special_title", group_id=OTHER, user_id=SECOND, special_title="状元")
    data(world, "set_group_name", group_id=OTHER, group_name="新名")
    data(world, "set_group_card", group_id=OTHER, user_id=SECOND, card="二号")
    data(world, "set_group_whole_ban", group_id=OTHER)
    data(world, "set_group_add_option", group_id=OTHER, add_type=3, group_question="几？")
    info = data(world, "get_group_member_info", group_id=OTHER, user_id=SECOND)
    assert (info["role"], info["title"], info["card"]) == ("admin", "状元", "二号")
    assert data(world, "get_group_info", group_id=OTHER)["group_all_shut"] == -1
    assert ask(world, "set_group_leave", group_id=OTHER)["message"] == "owner cannot leave"
    data(world, "set_group_leave", group_id=OTHER, is_dismiss=True)
    assert [each["group_id"] for each in data(world, "get_group_list")] == [GROUP]


def test_a_picture_has_bytes_when_it_was_sent_as_base64(world: World) -> None:
    message = world.say(GROUP, ANN, image(PNG))
    fetched = data(world, "get_msg", message_id=message.message_id)["message"][0]["data"]
    assert fetched["url"].endswith(f"/_file/{fetched['file']}")
    assert fetched["file"].endswith(".png")
    assert data(world, "get_image", file=fetched["file"])["file_size"] == "8"
    assert ask(world, "send_group_msg", group_id=GROUP, message=image("base64://%").wire())["status"] == "failed"


def test_nothing_can_be_done_when_the_account_is_offline(world: World) -> None:
    world.go_offline(BOT)
    assert ask(world, "send_group_msg", group_id=GROUP, message="x")["message"] == "account is offline"
    assert data(world, "get_status")["online"] is False
    world.go_online(BOT)
    assert data(world, "get_status")["online"] is True


def test_files_are_in_the_folder_when_uploaded(world: World) -> None:
    file = data(world, "upload_group_file", group_id=GROUP, file="/tmp/x", name="讲义.pdf")
    listed = data(world, "get_group_root_files", group_id=GROUP)["files"]
    assert [(each["file_id"], each["file_name"]) for each in listed] == [(file["file_id"], "讲义.pdf")]
    assert ask(world, "delete_group_file", SECOND, group_id=GROUP, **file)["message"] == "ERR_NOT_GROUP_ADMIN"
    assert data(world, "delete_group_file", group_id=GROUP, **file) is None
    assert ask(world, "get_group_file_url", group_id=GROUP, **file)["status"] == "failed"


def test_ids_of_the_account_work_both_ways_when_every_account_has_its_own() -> None:
    world = build_world(own_ids=True)
    message = world.say(GROUP, ANN, "早")
    seen = world.id_for(BOT, message)
    assert data(world, "get_msg", message_id=seen)["message_id"] == seen
    assert ask(world, "get_msg", SECOND, message_id=seen)["status"] == "failed"
    data(world, "send_group_msg", group_id=GROUP, message=f"[CQ:reply,id={seen}]早")
    assert world.list_said(GROUP)[-1].segments[0].data == {"id": str(message.message_id)}
    data(world, "delete_msg", message_id=seen)
    assert message.is_recalled

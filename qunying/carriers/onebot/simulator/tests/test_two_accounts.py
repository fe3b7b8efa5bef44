"""Two accounts in one group, each with a connection of its own: what a stranger's suite of tests asks of an implementation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from ..simulator import Simulator
from ..wiring import Wiring
from .stage import ANN, BOT, GROUP, OTHER, OWNER, SECOND, Client, build_world, connected, played

pytestmark = pytest.mark.server
Scene = Callable[[Client, Client], Awaitable[None]]


def with_both(scene: Scene, wiring: Wiring | None = None) -> None:
    """Plays a scene with an application on each account."""

    async def play(simulator: Simulator) -> None:
        async with connected(simulator, BOT) as first, connected(simulator, SECOND) as second:
            await scene(first, second)

    played(play, wiring or Wiring(BOT), Wiring(SECOND))


async def done(client: Client, action: str, **params: object) -> dict[str, object]:
    answered = await client.call(action, **params)
    assert (answered["status"], answered["retcode"], answered["message"]) == ("ok", 0, ""), answered
    return answered


def test_a_message_is_the_same_for_the_other_account_when_sent_as_segments_or_codes() -> None:
    async def scene(first: Client, second: Client) -> None:
        segments = [{"type": "at", "data": {"qq": str(SECOND)}}, {"type": "text", "data": {"text": " 在吗"}}]
        sent = await done(first, "send_group_msg", group_id=str(GROUP), message=segments)
        heard = await second.event(post_type="message", message_type="group", sub_type="normal", user_id=BOT)
        assert (heard["message"], heard["message_id"]) == (segments, sent["data"]["message_id"])  # type: ignore[index]
        code = "[CQ:face,id=178,sub_type=1] 表情"
        await done(first, "send_group_msg", group_id=GROUP, message=code)
        assert (await second.event(post_type="message"))["raw_message"] == code

    with_both(scene)


@pytest.mark.parametrize("kind", ["message", "message_sent"])
def test_an_account_hears_itself_when_it_is_set_to_that(kind: str) -> None:
    async def scene(first: Client, second: Client) -> None:
        sent = await done(first, "send_group_msg", group_id=GROUP, message="早")
        for client, expected in ((first, kind), (second, "message")):
            heard = await client.event(message_type="group")
            assert (heard["post_type"], heard["user_id"]) == (expected, BOT)
            assert heard["message_id"] == sent["data"]["message_id"]  # type: ignore[index]

    with_both(scene, Wiring(BOT, report_self=kind))  # type: ignore[arg-type]


def test_an_account_does_not_hear_itself_when_nothing_is_set() -> None:
    async def scene(first: Client, second: Client) -> None:
        await done(first, "send_group_msg", group_id=GROUP, message="早")
        await done(second, "send_group_msg", group_id=GROUP, message="晚")
        assert (await first.event(post_type="message"))["raw_message"] == "晚"

    with_both(scene)


def test_the_other_account_is_told_when_a_message_is_taken_back() -> None:
    async def scene(first: Client, second: Client) -> None:
        sent = await done(first, "send_group_msg", group_id=GROUP, message="哎")
        message_id = sent["data"]["message_id"]  # type: ignore[index]
        fetched = await done(second, "get_msg", message_id=message_id)
        assert fetched["data"]["message"] == [{"type": "text", "data": {"text": "哎"}}]  # type: ignore[index]
        await done(first, "delete_msg", message_id=str(message_id))
        recall = await second.event(notice_type="group_recall", group_id=GROUP, user_id=BOT)
        assert (recall["operator_id"], recall["message_id"]) == (BOT, message_id)
        assert (await second.call("get_msg", message_id=message_id))["status"] == "failed"
        assert (await first.call("delete_msg", message_id="999999999999"))["retcode"] != 0

    with_both(scene)


def test_friends_hear_each_other_when_they_write_in_private() -> None:
    async def scene(first: Client, second: Client) -> None:
        await done(first, "send_private_msg", user_id=str(SECOND), message="悄悄话")
        heard = await second.event(post_type="message", message_type="private", sub_type="friend", user_id=BOT)
        assert heard["raw_message"] == "悄悄话"
        await done(first, "friend_poke", user_id=SECOND)
        await second.event(notice_type="notify", sub_type="poke", user_id=BOT, target_id=SECOND)
        await done(first, "group_poke", group_id=GROUP, user_id=SECOND)
        await second.event(notice_type="notify", sub_type="poke", group_id=GROUP, user_id=BOT, target_id=SECOND)

    with_both(scene)


def test_a_card_is_set_and_cleared_when_the_account_names_itself() -> None:
    async def scene(first: Client, second: Client) -> None:
        for card in ("上海-助手", ""):
            await done(first, "set_group_card", group_id=GROUP, user_id=BOT, card=card)
            assert (await second.event(notice_type="group_card", user_id=BOT))["card_new"] == card
            info = await done(second, "get_group_member_info", group_id=GROUP, user_id=BOT, no_cache=True)
            assert info["data"]["card"] == card  # type: ignore[index]

    with_both(scene)


def test_the_group_has_its_new_name_when_it_was_renamed() -> None:
    async def scene(first: Client, second: Client) -> None:
        await done(first, "set_group_name", group_id=GROUP, group_name="新名")
        assert (await second.event(notice_type="notify", sub_type="group_name"))["name_new"] == "新名"
        assert (await done(second, "get_group_info", group_id=GROUP))["data"]["group_name"] == "新名"  # type: ignore[index]

    with_both(scene)


def test_the_other_account_cannot_speak_until_it_may_when_muted() -> None:
    async def scene(first: Client, second: Client) -> None:
        await done(first, "set_group_ban", group_id=GROUP, user_id=SECOND, duration=60)
        told = await second.event(notice_type="group_ban", sub_type="ban", user_id=SECOND)
        assert (told["duration"], told["operator_id"]) == (60, BOT)
        refused = await second.call("send_group_msg", group_id=GROUP, message="早")
        assert (refused["status"], "禁言" in refused["wording"]) == ("failed", True)
        await done(first, "set_group_ban", group_id=GROUP, user_id=SECOND, duration=0)
        await second.event(notice_type="group_ban", sub_type="lift_ban", user_id=SECOND)
        await done(second, "send_group_msg", group_id=GROUP, message="早")

    with_both(scene)


def test_the_other_account_cannot_speak_until_it_may_when_everybody_is_muted() -> None:
    async def scene(first: Client, second: Client) -> None:
        await done(first, "set_group_whole_ban", group_id=GROUP, enable=True)
        await second.event(notice_type="group_ban", sub_type="ban", user_id=0)
        assert (await second.call("send_group_msg", group_id=GROUP, message="早"))["status"] == "failed"
        await done(first, "send_group_msg", group_id=GROUP, message="安静")
        await done(first, "set_group_whole_ban", group_id=GROUP, enable=False)
        await done(second, "send_group_msg", group_id=GROUP, message="早")

    with_both(scene)


def test_members_are_listed_with_and_without_cache_when_asked() -> None:
    async def scene(first: Client, second: Client) -> None:
        for no_cache in (False, True):
            info = await done(second, "get_group_member_info", group_id=GROUP, user_id=BOT, no_cache=no_cache)
            assert info["data"].items() >= {"group_id": GROUP, "user_id": BOT, "role": "admin"}.items()  # type: ignore[attr-defined]
        members = await done(first, "get_group_member_list", group_id=GROUP)
        assert {OWNER, ANN, BOT, SECOND} <= {each["user_id"] for each in members["data"]}  # type: ignore[attr-defined]
        groups = await done(first, "get_group_list")
        assert GROUP in [each["group_id"] for each in groups["data"]]  # type: ignore[attr-defined]

    with_both(scene)


def test_the_removed_account_sees_the_group_no_more_when_it_was_kicked() -> None:
    async def scene(first: Client, second: Client) -> None:
        await done(first, "set_group_kick", group_id=GROUP, user_id=SECOND)
        await second.event(notice_type="group_decrease", sub_type="kick_me", operator_id=BOT)
        await first.event(notice_type="group_decrease", sub_type="kick", user_id=SECOND)
        assert (await second.call("get_group_info", group_id=GROUP))["message"] == f"群{GROUP}不存在"
        assert (await first.call("get_group_member_info", group_id=GROUP, user_id=SECOND))["status"] == "failed"

    with_both(scene)


def test_each_account_hears_of_its_own_groups_only_when_both_are_connected() -> None:
    world = build_world()

    async def play(simulator: Simulator) -> None:
        async with connected(simulator, BOT) as first, connected(simulator, SECOND) as second:
            world.add_group(20003, "别的群", OWNER)
            world.seat(20003, SECOND)
            world.say(20003, OWNER, "只有二号听到")
            world.say(GROUP, OWNER, "都听到")
            assert (await first.event(post_type="message"))["raw_message"] == "都听到"
            heard = await second.event(post_type="message")
            assert (heard["raw_message"], heard["self_id"]) == ("只有二号听到", SECOND)

    played(play, world=world)


def test_the_other_account_is_told_what_the_owner_does_when_it_is_done_by_actions() -> None:
    async def scene(first: Client, second: Client) -> None:
        group, whom = {"group_id": OTHER}, {"group_id": OTHER, "user_id": SECOND}
        for enable, sub_type in ((True, "set"), (False, "unset")):
            await done(first, "set_group_admin", **whom, enable=enable)
            await second.event(notice_type="group_admin", sub_type=sub_type, **whom)
        for title in ("课代表", ""):
            await done(first, "set_group_special_title", **whom, special_title=title)
            assert (await second.event(notice_type="notify", sub_type="title", **whom))["title"] == title
        await done(first, "set_group_card", **whom, card="二号机")
        assert (await second.event(notice_type="group_card", **whom))["card_new"] == "二号机"
        await done(first, "upload_group_file", **group, file="base64://eA==", name="课表.txt")
        assert (await second.event(notice_type="group_upload", **group))["file"]["name"] == "课表.txt"
        sent = await done(first, "send_group_msg", **group, message="重点")
        message = {"message_id": sent["data"]["message_id"]}  # type: ignore[index]
        for action, sub_type in (("set_essence_msg", "add"), ("delete_essence_msg", "delete")):
            await done(first, action, **message)
            await second.event(notice_type="essence", sub_type=sub_type, **group, **message)
        await done(first, "set_msg_emoji_like", **message, emoji_id=76)
        liked = await second.event(notice_type="group_msg_emoji_like", **group, **message)
        assert [str(each["emoji_id"]) for each in liked["likes"]] == ["76"]

    with_both(scene)


def test_both_sides_are_told_when_a_private_message_is_taken_back() -> None:
    async def scene(first: Client, second: Client) -> None:
        sent = await done(first, "send_private_msg", user_id=SECOND, message="发错了")
        message_id = sent["data"]["message_id"]  # type: ignore[index]
        await done(first, "delete_msg", message_id=message_id)
        for client in (first, second):
            assert (await client.event(notice_type="friend_recall", message_id=message_id))["user_id"] == BOT

    with_both(scene)


def test_who_is_muted_is_listed_with_the_end_when_asked() -> None:
    async def scene(first: Client, second: Client) -> None:
        await done(first, "set_group_ban", group_id=GROUP, user_id=SECOND, duration=60)
        listed = await done(second, "get_group_shut_list", group_id=GROUP)
        info = await done(second, "get_group_member_info", group_id=GROUP, user_id=SECOND)
        (muted,) = listed["data"]  # type: ignore[misc]
        assert (muted["user_id"], muted["shut_up_timestamp"]) == (SECOND, info["data"]["shut_up_timestamp"])  # type: ignore[index]

    with_both(scene)

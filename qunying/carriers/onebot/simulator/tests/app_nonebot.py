"""An application of somebody else: NoneBot2 with its OneBot adapter. ``python -m … PORT TOKEN``; tells on its output."""

from __future__ import annotations

import json
import sys

import nonebot
from nonebot import on_message, on_notice, on_request
from nonebot.adapters.onebot.v11 import (
    ActionFailed,
    Adapter,
    Bot,
    Event,
    GroupMessageEvent,
    GroupRequestEvent,
    MessageSegment,
)


def build(port: int, token: str) -> None:
    """Mutes, names, quotes, approves; says which of its own classes it made of every event."""
    nonebot.init(
        driver="~quart", host="127.0.0.1", port=port, onebot_access_token=token, log_level="ERROR", command_start={""}
    )
    nonebot.get_driver().register_adapter(Adapter)
    on_message().append_handler(answer)
    on_notice().append_handler(tell)
    on_request().append_handler(decide)


async def answer(bot: Bot, event: GroupMessageEvent) -> None:
    await tell(event)
    words = event.get_plaintext()
    if "报到" in words:
        await bot.set_group_card(group_id=event.group_id, user_id=event.user_id, card=words.partition("：")[2])
        await bot.send(event, MessageSegment.reply(event.message_id) + MessageSegment.text("已改好[名片]&,"))
    if "闭嘴" in words:
        try:
            await bot.set_group_ban(group_id=event.group_id, user_id=30001, duration=60)
        except ActionFailed as failure:
            await bot.send(event, f"不行：{failure.info['wording']}")


async def decide(bot: Bot, event: GroupRequestEvent) -> None:
    await tell(event)
    if "朋友" in (event.comment or ""):
        await event.approve(bot)
    else:
        await event.reject(bot, "请写明来源")


async def tell(event: Event) -> None:
    print(json.dumps({"class": type(event).__name__, "name": event.get_event_name()}), flush=True)


if __name__ == "__main__":
    build(int(sys.argv[1]), sys.argv[2])
    nonebot.run()

"""An application of somebody else: aiocqhttp as its guide shows it. ``python -m … PORT TOKEN``; tells on its output."""

from __future__ import annotations

import json
import sys
from typing import Any

from aiocqhttp import ActionFailed, CQHttp, Event


def build(token: str) -> CQHttp:
    """Warns, mutes, removes, approves; says what it was told."""
    bot = CQHttp(access_token=token)

    @bot.on_message("group")
    async def _(event: Event) -> Any:
        tell(event)
        words = str(event.message)
        if "加微信" in words:
            await bot.delete_msg(message_id=event.message_id)
            await bot.set_group_ban(group_id=event.group_id, user_id=event.user_id, duration=600)
        if "踢群主" in words:
            try:
                await bot.set_group_kick(group_id=event.group_id, user_id=30000)
            except ActionFailed as failure:
                await bot.send(event, f"不行：{failure.result['wording']}", at_sender=True)
        if "你好" in words:
            return {"reply": "你好呀", "at_sender": False}
        return None

    @bot.on_notice
    async def _(event: Event) -> None:
        tell(event)

    @bot.on_request("group")
    async def _(event: Event) -> Any:
        tell(event)
        return {"approve": "朋友" in event.comment, "reason": "请写明来源"}

    @bot.on_meta_event
    async def _(event: Event) -> None:
        tell(event)

    return bot


def tell(event: Event) -> None:
    print(json.dumps({**event, "message": str(event.get("message", ""))}), flush=True)


if __name__ == "__main__":
    build(sys.argv[2]).run(host="127.0.0.1", port=int(sys.argv[1]))

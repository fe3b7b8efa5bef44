"""Carries out effects: finds the ids, asks, and says what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qunying.carriers.base import Answer, Delivery, Outcome
from qunying.carriers.onebot import answers
from qunying.carriers.onebot.acts import ANONYMOUS, NOTICE, Act, as_message, number, read_delivery, reply_segment
from qunying.carriers.onebot.calls import ANSWER_WITHIN, NoAnswer, NotConnected
from qunying.carriers.onebot.fields import as_map, as_ref
from qunying.carriers.onebot.looking import history_since
from qunying.carriers.onebot.names import id_in, name_of
from qunying.kernel import clock
from qunying.kernel.effects import Announce, DeleteMessage, RemoveMember, Say, Whisper
from qunying.kernel.texts import Sentence, mark

if TYPE_CHECKING:
    from qunying.carriers.onebot.line import Line

NAME_WITHIN = 1.5
HISTORY = 100  # messages in a page
PAGES_BACK = (1, 10)  # near first, and then as far as a person who decides late may mean
NOBODY = Answer(Outcome.REFUSED, words=mark("匿名的人没有QQ号，管不到"))
LOST = Answer(Outcome.REFUSED, words=mark("找不到这条消息了"))
CANNOT = Answer(Outcome.REFUSED, words=mark("这个平台做不到"))
SILENCED = Answer(Outcome.REFUSED, words=mark("群里全员禁言中，账号不是管理员，说不了话"))
ALREADY_GONE = Answer(Outcome.DONE, words=mark("已经不在群里"))
ALREADY_RECALLED = Answer(Outcome.DONE, words=mark("已经撤回了"))


class Acting:
    """Knows the line over which it asks."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._whispering: dict[str, asyncio.Event] = {}

    async def act(self, delivery: Delivery) -> Answer:
        """One effect, once: nothing is asked a second time here."""
        if delivery.member_ref.startswith(ANONYMOUS):
            return NOBODY
        if isinstance(delivery.effect, Say | Announce) and self._is_silenced(delivery.group_ref):
            return SILENCED
        act = read_delivery(delivery)
        if act is None:
            return CANNOT
        try:
            if isinstance(delivery.effect, Whisper):
                return await self._whisper(delivery, act)
            return await self._do(delivery, act)
        except NotConnected:
            return answers.NOT_CONNECTED
        except NoAnswer:
            if isinstance(delivery.effect, Say | Announce):
                self._line.settling.look_back(delivery.group_ref)
            return answers.NO_ANSWER

    def _is_silenced(self, group: str) -> bool:
        """Whether everybody is muted there, and we with them."""
        return self._line.mutes.is_whole(group) and group not in self._line.leads

    async def _whisper(self, delivery: Delivery, act: Act) -> Answer:
        is_over = self._whispering[f"p{delivery.member_ref}"] = asyncio.Event()
        try:
            return await self._do(delivery, act)
        finally:
            is_over.set()
            if self._whispering.get(f"p{delivery.member_ref}") is is_over:
                del self._whispering[f"p{delivery.member_ref}"]

    async def is_said(self, chat: str, message_id: str) -> bool:
        """Whether what the account said in private was said by us, and is kept for that; else somebody typed it."""
        while chat in self._whispering:
            await self._whispering[chat].wait()
        return bool(self._line.names.name(chat, message_id))

    async def _do(self, delivery: Delivery, act: Act) -> Answer:
        params = dict(act.params)
        if act.message:
            if isinstance(delivery.effect, DeleteMessage) and self._line.names.is_recalled(
                f"g{delivery.group_ref}", act.message
            ):
                return ALREADY_RECALLED
            message_id = await self._id(delivery.group_ref, act.message)
            if isinstance(delivery.effect, Say):
                quote = [reply_segment(message_id)] if message_id else []
                params["message"] = [*quote, *params["message"]]
            elif not message_id:
                return LOST
            else:
                params["message_id"] = number(message_id)
        if isinstance(delivery.effect, Whisper):
            params |= self._bridge(delivery)
        answered = await self._line.ask(act.action, params, ANSWER_WITHIN)
        if isinstance(delivery.effect, Announce) and answers.is_unknown_action(answered):
            answered = await self._line.ask("send_group_msg", as_message(delivery, delivery.effect.text).params)
        return await self._told(delivery, answered)

    def _bridge(self, delivery: Delivery) -> dict[str, Any]:
        """The group through which we may write to who is no friend."""
        sits = (group for group, members in self._line.members.items() if delivery.member_ref in members)
        group = delivery.group_ref or next(sits, "")
        return {"group_id": number(group)} if group else {}

    async def _told(self, delivery: Delivery, answered: Mapping[str, Any]) -> Answer:
        answer = answers.read_answer(answered)
        if answer.outcome is not Outcome.DONE:
            return _unless_so_already(delivery, answer)
        data = as_map(answered.get("data"))
        message_id = as_ref(data.get("message_id"))
        if message_id:
            return Answer(Outcome.DONE, ref=await self._said(delivery, message_id))
        notice_id = as_ref(data.get("notice_id"))
        return Answer(Outcome.DONE, ref=f"{NOTICE}{notice_id}" if notice_id else "")

    async def _said(self, delivery: Delivery, message_id: str) -> str:
        """Our name for what we just said. It is asked for now, so that our own words coming back are the same message.

        Most implementations do not tell an account what it said itself: in a group we tell it ourselves, as if they had.
        """
        effect = delivery.effect
        chat = f"p{delivery.member_ref}" if isinstance(effect, Whisper) else f"g{delivery.group_ref}"
        heard = self._line.names.name(chat, message_id)
        if heard:
            return heard
        told = {**await self._message(message_id), "self_id": self._line.account, "message_id": message_id}
        heard = self._line.names.name(chat, message_id) or name_of(told)  # it may have come back meanwhile
        self._line.names.note(chat, message_id, heard)
        if isinstance(effect, Say | Announce):
            words = as_message(delivery, effect.text).params["message"]
            await self._line.listening.overhear({**told, "group_id": delivery.group_ref, "message": words})
        return heard

    async def _message(self, message_id: str) -> Mapping[str, Any]:
        """A message as the implementation has it; where it does not answer in time, that it was said just now."""
        try:
            answered = await self._line.ask("get_msg", {"message_id": number(message_id)}, NAME_WITHIN)
        except (NotConnected, NoAnswer):
            answered = {}
        return {"time": int(clock.now().timestamp()), **as_map(answered.get("data"))}

    async def _id(self, group: str, name: str) -> str:
        """The id there of a message we know by name: heard, part of the name, or found in the history."""
        known = self._line.names.id(f"g{group}", name) or id_in(name, self._line.account)
        if known or not name.startswith("s"):
            return known
        for pages in PAGES_BACK:
            said, _is_all = await history_since(self._line, group, 0, pages=pages, count=HISTORY)
            if not self._line.presence.is_there:
                raise NotConnected
            for each in said:
                message = {**each, "self_id": self._line.account}
                self._line.names.note(f"g{group}", as_ref(message.get("message_id")), name_of(message))
            if known := self._line.names.id(f"g{group}", name):
                return known
        return ""


def _unless_so_already(delivery: Delivery, answer: Answer) -> Answer:
    """Who is not there any more need not be removed."""
    is_gone = answer.words and Sentence.of_text(answer.words).template == answers.NOT_THERE
    if is_gone and isinstance(delivery.effect, RemoveMember):
        return ALREADY_GONE
    return answer

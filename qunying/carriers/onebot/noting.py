"""What a line writes beside an event before it is kept: the names of messages it speaks of, who else heard it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qunying.carriers.onebot.acts import number
from qunying.carriers.onebot.answers import is_done
from qunying.carriers.onebot.calls import NoAnswer, NotConnected
from qunying.carriers.onebot.company import Company
from qunying.carriers.onebot.fields import as_map, as_ref
from qunying.carriers.onebot.hearing import chat_of
from qunying.carriers.onebot.looking import find_member, find_stranger
from qunying.carriers.onebot.names import OURS, name_of
from qunying.carriers.onebot.parse import is_own
from qunying.carriers.onebot.segments import read_message
from qunying.kernel.events import Who

if TYPE_CHECKING:
    from qunying.carriers.onebot.line import Line

FIND_WITHIN = 2.0


class Noting:
    """Knows the line whose events it completes."""

    def __init__(self, line: Line, company: Company) -> None:
        self._line, self._company = line, company

    async def noted(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event as it is kept: the platform's own words, and ours below one word of their own."""
        chat = chat_of(event)
        ours: dict[str, Any] = {}
        if event.get("post_type") in ("message", "message_sent"):
            await self._note_message(event, chat, ours)
        meant = [each for each in _meant(event) if each]
        names = {each: name for each in meant if (name := await self.name(chat, each))}
        if names:
            ours["names"] = names
        if event.get("notice_type") == "group_recall":
            for name in names.values():
                self._line.names.note_recalled(chat, name)
        if event.get("notice_type") == "group_admin":
            ours["card"] = await self._card(event)
        if who := await self._comer(event):
            ours |= {"nickname": who.name, "card": who.card}
        if as_ref(event.get("group_id")) and event.get("message_type") != "private":
            others = self._company.others_in(as_ref(event["group_id"]), self._line.account)
            ours |= {"others": others} if others else {}
        bare = {key: value for key, value in event.items() if key != OURS}  # nobody else writes there
        return {**bare, OURS: ours} if ours else bare

    async def _note_message(self, event: Mapping[str, Any], chat: str, ours: dict[str, Any]) -> None:
        message_id = as_ref(event["message_id"])
        name = name_of(event)
        known = self._line.names.name(chat, message_id)
        if known and known != name and is_own(event):
            ours["name"] = known  # we said it, and called it so before we heard it
            return
        self._line.names.note(chat, message_id, name)
        if as_ref(event.get("user_id")) in self._company.accounts():
            ours["is_own"] = True
        for part in read_message(event.get("message", event.get("raw_message"))).strange:
            await self._line.ear.mishap("unknown_kind", f"segment {part}"[:80])

    async def name(self, chat: str, message_id: str) -> str:
        """Our name for a message by its id there: heard before, or asked for; empty where nobody knows."""
        known = self._line.names.name(chat, message_id)
        if known:
            return known
        found = await self.find(message_id)
        if found:
            name = name_of({**found, "self_id": self._line.account, "message_id": message_id})
            self._line.names.note(chat, message_id, name)
            return name
        return ""

    async def find(self, message_id: str) -> Mapping[str, Any]:
        """A message as the implementation still has it, else nothing."""
        try:
            answered = await self._line.ask("get_msg", {"message_id": number(message_id)}, FIND_WITHIN)
        except (NotConnected, NoAnswer):
            return {}
        return as_map(answered.get("data")) if is_done(answered) else {}

    async def _comer(self, event: Mapping[str, Any]) -> Who | None:
        """Who comes or asks to come, for of them only a number is told; None where nobody would say who that is."""
        user = as_ref(event.get("user_id"))
        if event.get("notice_type") == "group_increase" and user != self._line.account:
            return await find_member(self._line, as_ref(event.get("group_id")), user, FIND_WITHIN)
        if event.get("request_type") == "group" and event.get("sub_type") == "add":
            return await find_stranger(self._line, user, FIND_WITHIN)
        return None

    async def _card(self, event: Mapping[str, Any]) -> str:
        """A new role says nothing of the card, and leaves it as it is."""
        group, user = as_ref(event.get("group_id")), as_ref(event.get("user_id"))
        found = await find_member(self._line, group, user)
        return found.card if found else self._line.members.get(group, {}).get(user, "")


def _meant(event: Mapping[str, Any]) -> Iterator[str]:
    """The ids of messages that an event speaks of."""
    if event.get("notice_type") == "group_recall":
        yield as_ref(event.get("message_id"))
    elif event.get("post_type") in ("message", "message_sent"):
        yield read_message(event.get("message", event.get("raw_message"))).reply

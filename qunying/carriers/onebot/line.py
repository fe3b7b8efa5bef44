"""A QQ account as a line: hears what its OneBot implementation tells, asks it to act, notices when it is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from qunying.carriers.base import Answer, Delivery
from qunying.carriers.onebot import dialling, looking
from qunying.carriers.onebot.acting import Acting
from qunying.carriers.onebot.calls import ANSWER_WITHIN
from qunying.carriers.onebot.company import Company
from qunying.carriers.onebot.deputy import Deputy
from qunying.carriers.onebot.listening import Listening
from qunying.carriers.onebot.mutes import Mutes
from qunying.carriers.onebot.names import Names
from qunying.carriers.onebot.settling import Settling
from qunying.carriers.onebot.sockets import Sockets
from qunying.carriers.onebot.watching import Watching
from qunying.carriers.wire.line import Ear, GroupLook, Kept, WrongAccount


class Line:
    """One account. Connections come through its ``sockets``, or are dialled where the options say so."""

    def __init__(self, kept: Kept, ear: Ear, company: Company) -> None:
        self.kept, self.ear, self.company = kept, ear, company
        self.presence = company.join(kept.id, kept.account_ref)
        self.names = Names()
        self.mutes = Mutes()
        self.leads: set[str] = set()  # the groups in which we are administrator or owner
        self.members: dict[str, dict[str, str]] = {}  # by group, cards by person
        self.http = dialling.Http.of(kept)
        self.sockets = Sockets(self)
        self.listening = Listening(self)
        self.settling = Settling(self)
        self.watching = Watching(self)
        self.deputy = Deputy(self)
        self.acting = Acting(self)

    @property
    def account(self) -> str:
        """Who we are there; empty until that was said."""
        return self.presence.account

    async def run(self) -> None:
        """Keeps what is heard, dials where it is ours to dial, and watches, until it is cancelled."""
        self.company.rejoin(self.kept.id, self.presence)
        duties = [self.listening.run(), self.watching.run()]
        if dialling.is_forward(self.kept):
            duties.append(dialling.keep_dialling(self))
        if self.http is not None:
            duties.append(self.watching.keep_asking())
        try:
            async with asyncio.TaskGroup() as group:
                for duty in duties:
                    group.create_task(duty)
        finally:
            await self._end()

    async def _end(self) -> None:
        self.settling.stop()
        self.sockets.calls.lose()
        self.company.leave(self.kept.id, self.presence)
        await self.sockets.hang_up("the line was closed")
        if self.http is not None:
            await self.http.close()

    async def become(self, account: str, name: str = "") -> bool:
        """From now on this line is that account's; False where it belongs to another."""
        try:
            await self.ear.known(account, name)
        except WrongAccount:
            await self.ear.mishap("wrong_account", account[:40])
            return False
        self.presence.account = account
        return True

    async def ask(self, action: str, params: Mapping[str, Any], within: float = ANSWER_WITHIN) -> Mapping[str, Any]:
        """Has the implementation do something. Raises ``NotConnected`` or ``NoAnswer``."""
        asked = self.sockets if self.http is None else self.http
        return await asked.ask(action, params, within)

    async def act(self, delivery: Delivery) -> Answer:
        """Carries out one effect."""
        return await self.acting.act(delivery)

    async def look(self) -> Sequence[GroupLook]:
        """What our account sees right now."""
        groups = await looking.look_around(self, self.account, self.company.accounts(), self.ear.mishap, self.mutes)
        self.watching.note_looked()
        self.presence.groups = {group.ref for group in groups}
        self.members = {one.ref: self._cards(one) for one in groups}
        self.leads = {one.ref for one in groups if "Mute" in one.can}
        return groups

    def _cards(self, group: GroupLook) -> dict[str, str]:
        """By person; as they were known where the platform does not say."""
        if group.members is None:
            return self.members.get(group.ref, {})
        return {who.ref: who.card for who in group.members}

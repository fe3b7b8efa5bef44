"""The connections of an account: one that tells and one that answers, mostly the same."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qunying.carriers.onebot.calls import Calls, CannotDial, NoAnswer, NotConnected
from qunying.carriers.onebot.connection import Connection
from qunying.carriers.onebot.dialling import need_let_in
from qunying.carriers.onebot.fields import as_map, as_ref
from qunying.carriers.onebot.going import NOT_LET_IN, TURNED_AWAY, wrong_token

if TYPE_CHECKING:
    from qunying.carriers.onebot.line import Line


class Sockets:
    """Knows the line whose connections these are."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.calls = Calls()
        self._asker: Connection | None = None
        self._teller: Connection | None = None
        self._is_knocking, self._is_turned_away = False, False

    @property
    def are_open(self) -> bool:
        """Whether what the account needs is connected."""
        return self._asker is not None and self._teller is not None

    async def serve(self, connection: Connection, account: str) -> None:
        """Lives as long as a connection of that account; the one before it ends."""
        if not await self._line.become(account):
            await connection.close("another account")
            return
        await self._plug(connection)
        try:
            await connection.read(self._line.listening.hear_frame)
        finally:
            self._unplug(connection)

    async def serve_dialled(self, connection: Connection) -> None:
        """The same where we dialled: who is there has to be asked before anything counts. Raises ``CannotDial``."""
        self._asker, self._is_knocking, self._is_turned_away = connection, True, False
        reading = asyncio.create_task(connection.read(self._line.listening.hear_frame))
        reading.add_done_callback(lambda _: self._lose(connection))
        try:
            answered = await self._line.ask("get_login_info", {})
            need_let_in(answered)
            self._is_knocking = False
            account = as_ref(as_map(answered.get("data")).get("user_id"))
            if account and await self._line.become(account):
                await self._plug(connection)
                await reading
        except CannotDial:
            raise
        except (NotConnected, NoAnswer) as error:
            if self._is_turned_away or connection.socket.close_code in TURNED_AWAY:
                raise wrong_token() from error
        finally:
            self._is_knocking = False
            reading.cancel()
            self._unplug(connection)

    async def _plug(self, connection: Connection) -> None:
        old = {self._asker if connection.answers else None, self._teller if connection.tells else None}
        if connection.answers:
            self.calls.lose()
        self._asker = connection if connection.answers else self._asker
        self._teller = connection if connection.tells else self._teller
        self._line.watching.note_beat()
        for each in old - {None}:
            if each is not None and each not in (self._asker, self._teller):
                asyncio.get_running_loop().create_task(each.close("another connection came"))
        if self.are_open:
            self._line.settling.arrive()

    def _lose(self, connection: Connection) -> None:
        if connection is self._asker:
            self.calls.lose()

    def _unplug(self, connection: Connection) -> None:
        self._lose(connection)
        if connection is self._asker:
            self._asker = None
        if connection is self._teller:
            self._teller = None
        if not self.are_open:
            self._line.watching.go()

    async def ask(self, action: str, params: Mapping[str, Any], within: float) -> Mapping[str, Any]:
        """Has the implementation do something. Raises ``NotConnected`` or ``NoAnswer``."""
        if self._asker is None:
            raise NotConnected
        return await self.calls.ask(self._asker.send, action, params, within)

    def take(self, frame: Mapping[str, Any]) -> str:
        """An answer, for whoever waits for it; says what is wrong with it where nobody does, else nothing."""
        if self._is_knocking and frame.get("retcode") in NOT_LET_IN and not frame.get("echo"):
            self._is_turned_away = True
            return ""
        return self.calls.take(frame)

    async def hang_up(self, why: str) -> None:
        """Ends them."""
        for connection in {self._asker, self._teller} - {None}:
            if connection is not None:
                await connection.close(why)

"""The QQ simulator as a stage: a drill is heard through the real gateway, line and doors, and what is decided is done there."""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from qunying.carriers.base import Arrival, NotReachable
from qunying.carriers.onebot.carrier import NAME
from qunying.carriers.onebot.hearing import Sort, arrival_of, sort_of
from qunying.carriers.onebot.simulator import segments
from qunying.carriers.onebot.simulator.parts import Segment
from qunying.carriers.onebot.simulator.refusals import Refusal
from qunying.carriers.onebot.simulator.running import running
from qunying.carriers.onebot.simulator.simulator import Simulator
from qunying.carriers.onebot.simulator.wiring import Reverse, Wiring
from qunying.carriers.onebot.simulator.world import World
from qunying.carriers.onebot.wiring import wire_up
from qunying.carriers.wire import gateway as gateways
from qunying.carriers.wire import switchboard
from qunying.carriers.wire.line import Ear, Kept, Speaking
from qunying.carriers.wire.lines import do_open_line, find_line
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.pipeline.drill.script import Script
from qunying.pipeline.drill.stage import Actor, Seats, Shown, Speech
from tests.lines import gateway

ACCOUNT, FIRST_PERSON, FIRST_GROUP = 100_001, 1_800_000_001, 700_001
TOKEN = "a-token-for-plays"
HEARD_WITHIN = 20.0
MESSAGES_PER_GROUP = 100_000  # a group numbers its messages from a start of its own, so that a number means one message


class QqStage:
    """One account that owns all groups, so that it may do everything that QQ lets anybody do."""

    carrier = NAME
    account_ref = str(ACCOUNT)
    account_name = "群营小助手"

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 1, tzinfo=UTC)
        self.world = World(clock=lambda: self.now)
        self.world.add_account(ACCOUNT, self.account_name)
        self.world.state.listeners.append(self._note)
        self.heard: set[str] = set()
        self.line_id = 0
        self._people: dict[str, int] = {}
        self._groups: dict[str, int] = {}
        self._folder = Path()
        self._happened: list[str] = []
        self._awaited: set[str] = set()
        self._is_news = False
        self._down_until: datetime | None = None
        self._begin: Callable[[], Simulator] | None = None
        self.simulator: Simulator | None = None

    # before it begins

    def do_set_up(self, script: Script, at: datetime) -> None:
        """Pictures lie beside the drill file."""
        self.now, self._folder = at, script.path.parent

    def do_seat(self, seats: Seats) -> None:
        """See ``Stage``."""
        number = self._groups.setdefault(seats.id, FIRST_GROUP + len(self._groups))
        self.world.add_group(number, seats.name, ACCOUNT, capacity=seats.capacity + 1)
        self.world.state.group(number).next_seq = 1 + MESSAGES_PER_GROUP * len(self._groups)
        for actor in seats.actors:
            self.world.add_person(self._number(actor.id), actor.name)
            self.world.seat(
                number, self._number(actor.id), role="admin" if actor.role == "admin" else "member", card=actor.card
            )

    def starts_with(self, begin: Callable[[], Simulator]) -> None:
        """What connects the account once everybody is seated."""
        self._begin = begin

    def do_begin(self) -> None:
        """The account is online, and its groups were seen."""
        assert self._begin is not None
        self.simulator = self._begin()
        self._wait_until(self._is_online)
        self._wait_until(lambda: sum(key.startswith("roster") for key in self.heard) >= len(self._groups))

    def _is_online(self) -> bool:
        line = find_line(self.line_id)
        return line is not None and line.state == "online"

    # names

    def _number(self, actor: str) -> int:
        return self._people.setdefault(actor, FIRST_PERSON + len(self._people))

    def ref_of(self, actor: str) -> str:
        """See ``Stage``."""
        return str(self._number(actor))

    def group_ref(self, group: str) -> str:
        """See ``Stage``."""
        return str(self._groups[group])

    # time, and what is on its way

    def tell_time(self) -> datetime:
        """What the clock of the whole process shows."""
        return self.now

    def do_turn_clock(self, at: datetime) -> None:
        """See ``Stage``; an outage ends at its time."""
        self.now = at
        if self._down_until is not None and at >= self._down_until:
            self.do_come_back()

    def do_hear_out(self) -> bool:
        """Waits until everything that our account was told has been kept by the gateway."""
        if self._down_until is None:
            self._wait_until(lambda: self._awaited <= self.heard)
            self._awaited.clear()
        is_news, self._is_news = self._is_news, False
        return is_news

    def _note(self, self_id: int, event: dict[str, Any]) -> None:
        is_own = event["post_type"] == "message_sent"
        if sort_of(event) is not Sort.TOLD or (is_own and event["message_type"] == "private"):
            return  # what our account says itself in a group is told by the line, though not by the simulator
        is_recall = event.get("notice_type") == "group_recall"
        key = self._key_of_recall(event) if is_recall else arrival_of(event).key
        self._happened.append(key)
        self._is_news = True
        if self._down_until is None or event["post_type"] in ("message", "message_sent"):
            self._awaited.add(key)  # notices that nobody hears are not in any history

    def _key_of_recall(self, event: dict[str, Any]) -> str:
        return f"x{event['group_id']}:s{self.world.state.messages[event['message_id']].seq}"

    def _wait_until(self, is_so: Callable[[], object]) -> None:
        ends_at = time.monotonic() + HEARD_WITHIN
        while not is_so():
            if time.monotonic() > ends_at:
                raise TimeoutError(f"not heard: {sorted(self._awaited - self.heard)[:5]}")
            time.sleep(0.002)

    # what people do

    def has_voice(self, group: str, actor: str, at: datetime) -> bool:
        """See ``Stage``."""
        member = self.world.state.group(self._groups[group]).members.get(self._number(actor))
        return member is not None and member.muted_until <= int(at.timestamp())

    def do_join(self, group: str, actor: Actor, at: datetime, via: str, inviter: str) -> str:
        """See ``Stage``; QQ tells nobody by which way somebody came."""
        number = self._number(actor.id)
        self.world.add_person(number, actor.name)
        self.world.state.person(number).nickname = actor.name
        with self._acting(at):
            if inviter:
                self.world.invite(self._groups[group], number, by=self._number(inviter))
            else:
                self.world.join(self._groups[group], number)
            if actor.card:
                self.world.set_card(self._groups[group], number, actor.card)
        return self._done()

    def do_leave(self, group: str, actor: str, at: datetime, operator: str) -> str:
        """See ``Stage``."""
        with self._acting(at):
            if operator:
                self.world.kick(self._groups[group], self._number(actor), by=self._number(operator))
            else:
                self.world.leave(self._groups[group], self._number(actor))
        return self._done()

    def do_speak(self, group: str, actor: str, speech: Speech, at: datetime) -> str:
        """See ``Stage``; mentions stand before the words, as QQ puts them."""
        parts = [*self._quoted(speech.reply_to), *(segments.at(self.ref_of(each)) for each in speech.mentions)]
        parts += [segments.text(speech.text)] if speech.text else []
        parts += self._shown(speech.shown) if speech.shown else []
        with self._acting(at):
            message = self.world.say(self._groups[group], self._number(actor), parts)
        return f"s{message.seq}"

    def _quoted(self, ref: str) -> list[Segment]:
        return [segments.reply(self._message(ref))] if ref.startswith("s") else []

    def _message(self, ref: str) -> int:
        """The world's number of what was said under that name; sequence numbers of groups do not overlap."""
        return next(
            one.message_id for one in self.world.state.messages.values() if f"s{one.seq}" == ref and one.group_id
        )

    def _shown(self, shown: Shown) -> list[Segment]:
        match shown.kind:
            case "contact":
                meta = {"nickname": shown.name, "contact": f"帐号：{shown.url}", "tag": "推荐联系人"}
                card = {
                    "app": "com.tencent.contact.lua",
                    "prompt": f"推荐联系人：{shown.name}",
                    "meta": {"contact": meta},
                }
                return [Segment("json", {"data": json.dumps(card, ensure_ascii=False)})]
            case "image":
                picture = self._folder / shown.url
                if not picture.exists():  # it was taken from the platform before anybody could look at it
                    return [segments.image(f"{self.world.state.files_at}/_file/{picture.name}")]
                return [segments.image(f"base64://{base64.b64encode(picture.read_bytes()).decode()}")]
            case "file":
                return [Segment("file", {"file": shown.name})]
        return [Segment("forward", {"id": shown.url})]

    def do_edit(self, group: str, actor: str, of: str, text: str, at: datetime) -> str:
        """Nobody can change what was said on QQ."""
        raise BadUse("QQ has no edits")

    def do_recall(self, group: str, of: str, by: str, at: datetime) -> str:
        """See ``Stage``."""
        message = self._message(of)
        who = self._number(by) if by else self.world.state.messages[message].sender_id
        with self._acting(at):
            self.world.recall(message, by=who)
        return of

    def do_whisper(self, actor: Actor, text: str, at: datetime) -> str:
        """See ``Stage``; through a group in which both sit, where there is one."""
        number = self._number(actor.id)
        self.world.add_person(number, actor.name)
        bridge = next((one for one in self._groups.values() if number in self.world.state.group(one).members), 0)
        if not bridge:
            self.world.make_friends(number, ACCOUNT)
        with self._acting(at):
            self.world.whisper(number, ACCOUNT, text, via_group=bridge)
        return self._done()

    @contextmanager
    def _acting(self, at: datetime) -> Iterator[None]:
        self.now = at
        self._happened.clear()
        try:
            yield
        except Refusal as refusal:
            raise BadUse(str(refusal)) from refusal

    def _done(self) -> str:
        """The key of the first thing that was told of what was just done."""
        return self._happened[0].rpartition(":")[2] if self._happened else ""

    # outages

    def do_go_down(self, until: datetime) -> None:
        """See ``Stage``; what happens meanwhile is in the history only."""
        assert self.simulator is not None
        self._down_until = until
        self.simulator.cut(ACCOUNT)
        self._wait_until(self._is_unreachable)

    def do_come_back(self) -> None:
        """See ``Stage``."""
        if self._down_until is not None and self.simulator is not None:
            self._down_until = None
            self.simulator.mend(ACCOUNT)
            self._wait_until(lambda: not self._is_unreachable())

    def _is_unreachable(self) -> bool:
        try:
            switchboard.do_look(self.line_id)
        except NotReachable:
            return True
        return False


@dataclass
class _HeardEar:
    """An ear that also tells the stage what was kept."""

    ear: Ear
    stage: QqStage
    _rosters: Iterator[int] = field(default_factory=lambda: count(1))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ear, name)

    async def hear(self, arrivals: Sequence[Arrival], cursor: str | None = None) -> None:
        await self.ear.hear(arrivals, cursor)
        self.stage.heard.update(one.key for one in arrivals)

    async def seen(self, groups: Sequence[Any]) -> None:
        await self.ear.seen(groups)
        self.stage.heard.update(f"roster:{next(self._rosters)}" for _ in groups)


@contextmanager
def qq_stage() -> Iterator[QqStage]:
    """A stage with gateway and simulator; the clock of the whole process is the play's until it ends."""
    stage = QqStage()
    inner = wire_up()

    def make(kept: Kept, ear: Ear) -> Speaking:
        return inner.make(kept, _HeardEar(ear, stage))  # type: ignore[arg-type]

    wiring = gateways.Wiring(make, inner.door, inner.path)
    with ExitStack() as running_on:
        running_on.enter_context(mock.patch.object(clock, "now", stage.tell_time))
        # a play's clock jumps: nobody slept
        running_on.enter_context(mock.patch.object(gateways, "GONE_AFTER", timedelta.max))

        def begin() -> Simulator:
            port = free_port()
            options = {"picture_hosts": f"127.0.0.1:{port}/_file/"}
            stage.line_id = do_open_line(NAME, options, {"token": TOKEN}, at=stage.now)
            address = running_on.enter_context(gateway({NAME: wiring}))
            reverse = Reverse(address.replace("http", "ws") + "/onebot/v11/ws", again_after=0.05)
            wired = Wiring(ACCOUNT, port=port, token=TOKEN, reverse=(reverse,))
            return running_on.enter_context(running(stage.world, wired))

        stage.starts_with(begin)
        yield stage


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])

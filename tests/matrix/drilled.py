"""A real homeserver as a stage: a drill's people use it with clients of their own, and its clock is the play's."""

from __future__ import annotations

import itertools
import json
import mimetypes
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from qunying.carriers.matrix import line as lines_module
from qunying.carriers.matrix.carrier import MATRIX
from qunying.carriers.matrix.line import Line
from qunying.carriers.wire import gateway as gateways
from qunying.carriers.wire import lines
from qunying.carriers.wire.models import Line as KeptLine
from qunying.kernel import clock
from qunying.kernel.effects import Mute
from qunying.kernel.errors import BadUse
from qunying.outbox.models import OutboxItem
from qunying.pipeline.drill.script import Script
from qunying.pipeline.drill.stage import Actor, Seats, Shown, Speech
from tests.lines import gateway
from tests.matrix.clocked import do_turn
from tests.matrix.synapse import Refused, Synapse, User

HEARD_WITHIN = 20.0
LISTENS_FOR = 0.2
STAFF = 50
_questions = itertools.count()


@dataclass
class Town:
    """A homeserver with its clock, and people who were registered for some play and can be cast again: registering takes long."""

    synapse: Synapse
    clock: Path
    people: list[User] = field(default_factory=list)
    accounts: int = 0

    def person(self, number: int) -> User:
        """Somebody, always the same for the same number."""
        while len(self.people) <= number:
            self.people.append(self.synapse.register(f"p{len(self.people)}"))
        return self.people[number]

    def account(self) -> User:
        """An account of ours that is in no room yet."""
        self.accounts += 1
        return self.synapse.register(f"qunying{self.accounts}", "群营小助手")


class MatrixStage:
    """Rooms that our account made; whoever comes wears the play's name in that room."""

    carrier = MATRIX.name
    account_name = "群营小助手"

    def __init__(self, town: Town, way: Way) -> None:
        self.now = datetime(2024, 1, 1, tzinfo=UTC)
        self.line_id = 0
        self._town, self._way = town, way
        self.us = town.account()
        self._people: dict[str, User] = {}
        self._rooms: dict[str, str] = {}
        self._chats: dict[str, str] = {}
        self._uploads: dict[Path, str] = {}
        self._folder = Path()
        self._position = 0
        self._down_until: datetime | None = None
        self._begin: Callable[[], None] | None = None

    @property
    def account_ref(self) -> str:
        """See ``Stage``."""
        return self.us.ref

    # before it begins

    def do_set_up(self, script: Script, at: datetime) -> None:
        """Pictures lie beside the drill file."""
        self._folder = script.path.parent
        self.do_turn_clock(at)

    def do_seat(self, seats: Seats) -> None:
        """See ``Stage``."""
        staff = {self.ref_of(one.id): STAFF for one in seats.actors if one.role == "admin"}
        powers = {"users": staff}  # whoever makes a room stands above all numbers
        room = self.us.make_room(seats.name, power_level_content_override=powers)
        self._rooms[seats.id] = room
        for actor in seats.actors:
            self._enter(room, actor)

    def starts_with(self, begin: Callable[[], None]) -> None:
        """What connects the account once everybody is seated."""
        self._begin = begin

    def do_begin(self) -> None:
        """The account is online, and everything up to now is behind it."""
        assert self._begin is not None
        self._begin()
        self._wait_until(self._is_online, "online")
        self._position = self._positions_now()
        self._wait_until(lambda: self._position_heard() >= self._position, "the beginning")

    def _is_online(self) -> bool:
        line = lines.find_line(self.line_id)
        return line is not None and line.state == "online"

    # names

    def _user(self, actor: str) -> User:
        if actor not in self._people:
            self._people[actor] = self._town.person(len(self._people))
        return self._people[actor]

    def ref_of(self, actor: str) -> str:
        """See ``Stage``."""
        return self._user(actor).ref

    def group_ref(self, group: str) -> str:
        """See ``Stage``."""
        return self._rooms[group]

    # time, and what is on its way

    def tell_time(self) -> datetime:
        """What the clock of the whole process shows."""
        return self.now

    def do_turn_clock(self, at: datetime) -> None:
        """See ``Stage``; an outage ends at its time, and whose mute is over has their voice back."""
        self.now = at
        do_turn(self._town.clock, at)
        if self._down_until is not None and at >= self._down_until:
            self.do_come_back()
        if self._down_until is None and OutboxItem.objects.filter(kind=Mute.__name__).exists():
            self._wait_until(lambda: not self._overdue_mutes(), "voices are given back")

    def do_hear_out(self) -> bool:
        """Waits until the line has heard all that the server has."""
        if self._down_until is not None:
            return False
        position = self._positions_now()
        is_news, self._position = position > self._position, position
        self._wait_until(lambda: self._position_heard() >= position, "what happened")
        return is_news

    def _positions_now(self) -> int:
        """How far the server's story of rooms goes."""
        headers = {"Authorization": f"Bearer {self.us.token}"}
        question = f"q{next(_questions)}"  # the same question again would be answered as before
        query = {"timeout": "0", "filter": json.dumps({"room": {"rooms": []}, "event_fields": [question]})}
        answer = self.us.client.get("/_matrix/client/v3/sync", headers=headers, params=query)
        return _position(answer.json()["next_batch"])

    def _position_heard(self) -> int:
        return _position(KeptLine.objects.values_list("cursor", flat=True).get(pk=self.line_id))

    def _overdue_mutes(self) -> bool:
        now = self.now.timestamp() * 1000
        for room in self._rooms.values():
            with suppress(Refused):
                words = self.us.ask("GET", "user", self.us.ref, "rooms", room, "account_data", lines_module.MUTES)
                if any(until <= now for until in words.get("until", words).values() if isinstance(until, int)):
                    return True
        return False

    def _wait_until(self, is_so: Callable[[], object], what: str) -> None:
        ends_at = time.monotonic() + HEARD_WITHIN
        while not is_so():
            if time.monotonic() > ends_at:
                raise TimeoutError(f"not heard: {what}")
            time.sleep(0.005)

    # what people do

    def has_voice(self, group: str, actor: str, at: datetime) -> bool:
        """See ``Stage``."""
        room, ref = self._rooms[group], self.ref_of(actor)
        try:
            is_in = self.us.state(room, "m.room.member", ref).get("membership") == "join"
        except Refused:
            return False
        levels = self.us.state(room, "m.room.power_levels")
        return is_in and levels["users"].get(ref, levels["users_default"]) >= levels["events_default"]

    def _enter(self, room: str, actor: Actor) -> str:
        """Comes in under the name of the play; Matrix has one name per room, which is what others call a card."""
        user, name = self._user(actor.id), actor.card or actor.name
        answer = user.ask("PUT", "rooms", room, "state", "m.room.member", user.ref, membership="join", displayname=name)
        return str(answer["event_id"])

    def do_join(self, group: str, actor: Actor, at: datetime, via: str, inviter: str) -> str:
        """See ``Stage``; Matrix tells nobody by which way somebody came."""
        with self._acting(at):
            if inviter:
                self._user(inviter).ask("POST", "rooms", self._rooms[group], "invite", user_id=self.ref_of(actor.id))
            return self._enter(self._rooms[group], actor)

    def do_leave(self, group: str, actor: str, at: datetime, operator: str) -> str:
        """See ``Stage``."""
        with self._acting(at):
            path = ("rooms", self._rooms[group], "state", "m.room.member", self.ref_of(actor))
            return str(self._user(operator or actor).ask("PUT", *path, membership="leave")["event_id"])

    def do_speak(self, group: str, actor: str, speech: Speech, at: datetime) -> str:
        """See ``Stage``."""
        more: dict[str, Any] = {}
        if speech.mentions:
            more["m.mentions"] = {"user_ids": [self.ref_of(each) for each in speech.mentions]}
        if speech.reply_to:
            more["m.relates_to"] = {"m.in_reply_to": {"event_id": speech.reply_to}}
        with self._acting(at):
            shown = (
                self._shown(speech.shown, speech.text) if speech.shown else {"msgtype": "m.text", "body": speech.text}
            )
            return self._user(actor).send(self._rooms[group], **shown, **more)

    def _shown(self, shown: Shown, text: str) -> dict[str, Any]:
        if shown.kind not in ("image", "file"):
            raise BadUse(f"{shown.kind} cannot be shown on this stage")
        name = Path(shown.name).name
        words = {"body": text, "filename": name} if text else {"body": name}
        return {"msgtype": f"m.{shown.kind}", "url": self._upload(self._folder / shown.url), **words}

    def _upload(self, file: Path) -> str:
        """Where it lies; who passes a picture on does not put it there a second time."""
        if not file.exists():  # it was taken from the platform before anybody could look at it
            return "mxc://test/gone"
        if file in self._uploads:
            return self._uploads[file]
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {"Authorization": f"Bearer {self.us.token}", "Content-Type": kind}
        answer = self.us.client.post("/_matrix/media/v3/upload", headers=headers, content=file.read_bytes())
        self._uploads[file] = str(answer.json()["content_uri"])
        return self._uploads[file]

    def do_edit(self, group: str, actor: str, of: str, text: str, at: datetime) -> str:
        """See ``Stage``."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": of}
        with self._acting(at):
            words = {"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
            self._user(actor).send(self._rooms[group], **words)
        return of

    def do_recall(self, group: str, of: str, by: str, at: datetime) -> str:
        """See ``Stage``."""
        room = self._rooms[group]
        with self._acting(at):
            sender = self.us.ask("GET", "rooms", room, "event", of)["sender"]
            author = next((one for one in self._people.values() if one.ref == sender), self.us)
            who = self._user(by) if by else author
            who.count += 1
            who.ask("PUT", "rooms", room, "redact", of, f"{who.ref}{who.count}")
        return of

    def do_whisper(self, actor: Actor, text: str, at: datetime) -> str:
        """See ``Stage``; they open a chat with our account, which comes in."""
        user = self._user(actor.id)
        with self._acting(at):
            if actor.id not in self._chats:
                self._chats[actor.id] = room = user.ask(
                    "POST", "createRoom", preset="trusted_private_chat", is_direct=True, invite=[self.us.ref]
                )["room_id"]
                self._wait_until(lambda: self._is_in(user, room), "our account comes into the chat")
            return user.say(self._chats[actor.id], text)

    def _is_in(self, user: User, room: str) -> bool:
        return user.state(room, "m.room.member", self.us.ref).get("membership") == "join"

    @contextmanager
    def _acting(self, at: datetime) -> Iterator[None]:
        self.now = at
        do_turn(self._town.clock, at)
        try:
            yield
        except Refused as refused:
            raise BadUse(str(refused)) from refused

    # outages

    def do_go_down(self, until: datetime) -> None:
        """See ``Stage``."""
        self._down_until = until
        self._way.close()
        self._wait_until(lambda: not self._is_online(), "the server is away")

    def do_come_back(self) -> None:
        """See ``Stage``."""
        if self._down_until is not None:
            self._down_until = None
            self._way.open()
            self._wait_until(self._is_online, "the server is back")


def _position(token: str) -> int:
    """The place in the story of rooms: the number in front."""
    first = token.partition("_")[0].removeprefix("s").partition("~")[0]
    return int(first) if first.isdecimal() else 0


class Way:
    """The only way to a server, which can be closed: what is under way breaks off, and nobody gets in."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._is_open = True
        self._under_way: list[socket.socket] = []
        threading.Thread(target=self._let_in, daemon=True).start()

    def close(self) -> None:
        """Nobody gets through any more."""
        self._is_open = False
        for one in self._under_way:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._under_way.clear()

    def open(self) -> None:
        """Everybody gets through again."""
        self._is_open = True

    def end(self) -> None:
        """The way is not needed any more."""
        self.close()
        self._door.close()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._door.accept()
                if not self._is_open:
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self._to))
                self._under_way += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while words := one.recv(65536):
            other.sendall(words)
    for each in (one, other):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def matrix_stage(town: Town) -> Iterator[MatrixStage]:
    """A stage on that homeserver; the clock of the whole process is the play's until it ends."""
    way = Way(int(town.synapse.address.rpartition(":")[2]))
    stage = MatrixStage(town, way)
    with ExitStack() as running_on:
        running_on.callback(way.end)
        running_on.enter_context(mock.patch.object(clock, "now", stage.tell_time))
        # a play's clock jumps: nobody slept
        running_on.enter_context(mock.patch.object(gateways, "GONE_AFTER", timedelta.max))
        for name in ("LISTENS_FOR", "FIRST_REST", "LONGEST_REST"):
            running_on.enter_context(mock.patch.object(lines_module, name, LISTENS_FOR))

        def begin() -> None:
            options = {"homeserver": f"http://127.0.0.1:{way.port}", "user": stage.account_ref}
            stage.line_id = lines.do_open_line(MATRIX.name, options, {"token": stage.us.token}, at=stage.now)
            running_on.enter_context(gateway({MATRIX.name: gateways.Wiring(Line)}))

        stage.starts_with(begin)
        yield stage

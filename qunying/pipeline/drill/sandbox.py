"""The sandbox as a stage: everything happens at once and is heard at once."""

from __future__ import annotations

from datetime import datetime

from qunying.carriers.sandbox import room
from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.carriers.sandbox.pictures import do_put_up_shelf
from qunying.pipeline.drill.script import Script
from qunying.pipeline.drill.stage import Actor, Seats, Speech


class SandboxStage:
    """Names of the play are names of the platform; time is told with every act."""

    carrier = SANDBOX.name
    account_ref = room.ACCOUNT_REF
    account_name = room.ACCOUNT_NAME

    def do_set_up(self, script: Script, at: datetime) -> None:
        """Pictures lie beside the drill file."""
        do_put_up_shelf(script.path.parent)

    def do_seat(self, seats: Seats) -> None:
        """See ``Stage``."""
        room.do_seat(seats.id, [_user(actor) for actor in seats.actors])

    def do_begin(self) -> None:
        """Nothing has to be connected."""

    def ref_of(self, actor: str) -> str:
        """See ``Stage``."""
        return actor

    def group_ref(self, group: str) -> str:
        """See ``Stage``."""
        return group

    def do_turn_clock(self, at: datetime) -> None:
        """Nothing goes by itself here."""

    def do_hear_out(self) -> bool:
        """What is done is in the feed already."""
        return False

    def has_voice(self, group: str, actor: str, at: datetime) -> bool:
        """See ``Stage``."""
        return room.has_voice(group, actor, at)

    def do_join(self, group: str, actor: Actor, at: datetime, via: str, inviter: str) -> str:
        """See ``Stage``."""
        return room.do_join(group, _user(actor), at, via=via, inviter=inviter)

    def do_leave(self, group: str, actor: str, at: datetime, operator: str) -> str:
        """See ``Stage``."""
        return room.do_leave(group, actor, at, operator=operator)

    def do_speak(self, group: str, actor: str, speech: Speech, at: datetime) -> str:
        """See ``Stage``."""
        shown = speech.shown
        return room.do_speak(
            group,
            actor,
            speech.text,
            at,
            kind=shown.kind if shown else "text",
            reply_to=speech.reply_to,
            mentions=speech.mentions,
            media=[{"kind": shown.kind, "name": shown.name, "url": shown.url}] if shown else [],
        )

    def do_edit(self, group: str, actor: str, of: str, text: str, at: datetime) -> str:
        """See ``Stage``; the message keeps its reference."""
        room.do_edit(group, actor, of, text, at)
        return of

    def do_recall(self, group: str, of: str, by: str, at: datetime) -> str:
        """See ``Stage``; answers the message."""
        room.do_recall(group, of, by, at)
        return of

    def do_whisper(self, actor: Actor, text: str, at: datetime) -> str:
        """See ``Stage``."""
        return room.do_whisper(_user(actor), text, at)

    def do_go_down(self, until: datetime) -> None:
        """See ``Stage``."""
        room.do_go_down(until)

    def do_come_back(self) -> None:
        """See ``Stage``."""
        room.do_come_back()


def _user(actor: Actor) -> room.User:
    return room.User(actor.id, actor.name, actor.card, actor.role)

"""Matrix as a carrier."""

from __future__ import annotations

from qunying.carriers.base import Carrier
from qunying.carriers.matrix.parse import parse
from qunying.carriers.matrix.pictures import open_picture
from qunying.carriers.wire.feed import fetching
from qunying.carriers.wire.switchboard import sending
from qunying.kernel.effects import (
    Announce,
    ApproveJoin,
    Ban,
    DeleteMessage,
    Invite,
    Mute,
    Pin,
    RejectJoin,
    RemoveMember,
    Say,
    Unban,
    Unmute,
    Whisper,
)
from qunying.kernel.texts import mark

NAME = "matrix"
DOES = frozenset(
    kind.__name__
    for kind in (
        Say,
        Announce,
        Whisper,
        DeleteMessage,
        Mute,
        Unmute,
        RemoveMember,
        Ban,
        Unban,
        ApproveJoin,
        RejectJoin,
        Pin,
        Invite,
    )
)
MATRIX = Carrier(
    name=NAME,
    title=mark("Matrix 房间"),
    parse=parse,
    send=sending(NAME),
    fetch=fetching(NAME),
    does=DOES,
    open_picture=open_picture,
    has_lines=True,
)

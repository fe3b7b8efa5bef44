"""The questions of a conversation that nobody has answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PATIENCE = 600.0  # seconds in which nobody has to have answered yet


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said in a conversation: ``who`` is a number because names may be shared, ``at`` in seconds.

    ``asks``: somebody waits for an answer to it; ``replies``: the carrier says that it answers something.
    """

    id: int
    who: int
    at: float
    asks: bool = False
    replies: bool = False


def waiting(turns: Iterable[Turn], now: float) -> tuple[Turn, ...]:
    """The first open question of each asker in one conversation, once there was time to answer it.

    Turns come in time order, without what was withdrawn; ``now`` is on their clock. Whatever anybody else says after a
    question is taken as an answer, whoever it is and however good it is; only another question is none, unless it replies.
    """
    found: dict[int, Turn] = {}
    for turn in turns:
        if not turn.asks or turn.replies:
            found = {who: asked for who, asked in found.items() if who == turn.who}
        if turn.asks:
            found.setdefault(turn.who, turn)
    return tuple(asked for asked in found.values() if now - asked.at >= PATIENCE)

"""Lines of a room put together into conversations, and the questions in them that nobody has answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qunying.judgement.threads.lines import Line
from qunying.judgement.threads.threads import Threads

PATIENCE = 600.0  # seconds in which nobody has to have answered yet


@dataclass(frozen=True, slots=True)
class Turn:
    """A line with who said it, a number because names may be shared. ``asks``: somebody waits for an answer to it."""

    line: Line
    who: int
    asks: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said about one thing, in order, without what was withdrawn. ``waiting`` are the questions left open in it."""

    turns: tuple[Turn, ...]
    waiting: tuple[Turn, ...]

    @property
    def opener(self) -> Turn:
        """The line it began with."""
        return self.turns[0]

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody who said something in it, whoever came first first."""
        return tuple(dict.fromkeys(turn.who for turn in self.turns))


def converse(turns: Iterable[Turn], now: float) -> list[Conversation]:
    """The conversations of one room, whichever began first first. Turns come in time order, ``now`` on their clock."""
    threads, together = Threads(), dict[str, list[Turn]]()
    for turn in turns:
        standing = together.setdefault(threads.place(turn.line).thread, [])
        if not turn.is_withdrawn:
            standing.append(turn)
    found = [Conversation(tuple(each), _waiting(each, now)) for each in together.values() if each]
    return sorted(found, key=lambda one: one.opener.line.at)


def _waiting(turns: list[Turn], now: float) -> tuple[Turn, ...]:
    """The first open question of each asker, once there was time to answer it.

    Whatever anybody else says after it in the conversation is taken as an answer, whoever it is and however good it is;
    only another question is none, unless the carrier says that it replies to something.
    """
    found: dict[int, Turn] = {}
    for turn in turns:
        if not turn.asks or turn.line.reply_to:
            found = {who: asked for who, asked in found.items() if who == turn.who}
        if turn.asks:
            found.setdefault(turn.who, turn)
    return tuple(asked for asked in found.values() if now - asked.line.at >= PATIENCE)

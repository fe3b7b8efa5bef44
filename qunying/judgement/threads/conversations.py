"""Lines of a room put together into conversations, and the questions in them that nobody has answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

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
    """What was said about one thing, in order, without what was withdrawn. ``waiting`` is the question left open in it."""

    turns: tuple[Turn, ...]
    waiting: Turn | None

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


def _waiting(turns: list[Turn], now: float) -> Turn | None:
    """The first question after which nobody but the asker said anything, once there was time to answer it.

    Whatever anybody else says there is taken as an answer, whoever it is and however good it is.
    """
    last = turns[-1].who
    alone = list(takewhile(lambda turn: turn.who == last, reversed(turns)))
    return next((turn for turn in reversed(alone) if turn.asks and now - turn.line.at >= PATIENCE), None)

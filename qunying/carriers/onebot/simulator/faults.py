"""What goes wrong on demand, for tests of those who must live with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["late", "never", "lost", "twice", "garbled", "cut", "refused"]
MALFORMED = '{"status":"ok","retcode":0,"data":{"mess'


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to an answer.

    ``late`` after ``seconds``; ``never`` though it was done; ``lost`` not done and not answered; ``twice``; ``garbled``
    a broken frame; ``cut`` done, and the connection breaks instead of an answer; ``refused`` not done, with ``words``.
    """

    kind: Kind
    action: str = ""  # «» is any
    times: int = 1
    seconds: float = 0.0
    words: str = "风控拦截"


@dataclass(slots=True)
class Faults:
    """The faults that wait for an action of one account."""

    waiting: list[Fault] = field(default_factory=list)
    used: dict[int, int] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """The next actions of that kind go wrong."""
        self.waiting.append(fault)

    def take(self, action: str) -> Fault | None:
        """The fault for this action, counted down; None where all goes well."""
        found = next((each for each in self.waiting if each.action in ("", action)), None)
        if found is None:
            return None
        self.used[id(found)] = self.used.get(id(found), 0) + 1
        if self.used[id(found)] >= found.times:
            self.waiting.remove(found)
            del self.used[id(found)]
        return found

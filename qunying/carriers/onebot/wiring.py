"""How QQ's lines are made and reached; known only to the process that holds them."""

from __future__ import annotations

from qunying.carriers.onebot.company import Company
from qunying.carriers.onebot.door import door
from qunying.carriers.onebot.line import Line
from qunying.carriers.wire.gateway import Wiring
from qunying.carriers.wire.line import Ear, Kept

PATH = "onebot"


def wire_up() -> Wiring:
    """Lines that know of each other, so that one account listens to a group and others stand by."""
    company = Company()

    def make(kept: Kept, ear: Ear) -> Line:
        return Line(kept, ear, company)

    return Wiring(make, door, path=PATH)

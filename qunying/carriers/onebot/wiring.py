"""How QQ's lines are made and reached; known only to the process that holds them."""

from __future__ import annotations

from qunying.carriers.wire.gateway import Wiring
from qunying.carriers.wire.line import Ear, Kept

from .company import Company
from .door import door
from .line import Line

PATH = "onebot"


def wire_up() -> Wiring:
    """Lines that know of each other, so that one account listens to a group and others stand by."""
    company = Company()

    def make(kept: Kept, ear: Ear) -> Line:
        return Line(kept, ear, company)

    return Wiring(make, door, path=PATH)

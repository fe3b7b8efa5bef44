"""The live carriers, in the order of the console's list."""

from __future__ import annotations

from qunying.carriers.base import Carrier
from qunying.carriers.matrix.carrier import MATRIX
from qunying.carriers.onebot.carrier import QQ
from qunying.carriers.sandbox.carrier import SANDBOX

CARRIERS: tuple[Carrier, ...] = (SANDBOX, QQ, MATRIX)


def find_carrier(name: str) -> Carrier | None:
    """The carrier of that name; None for groups that came from a file and have none."""
    return next((carrier for carrier in CARRIERS if carrier.name == name), None)

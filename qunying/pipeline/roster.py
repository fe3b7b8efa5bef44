"""Who is asked about everything that happens, in this order. A capability is a folder and one line here."""

from __future__ import annotations

from qunying.capabilities.incidents.capability import INCIDENTS
from qunying.capabilities.onboarding.capability import ONBOARDING
from qunying.capabilities.order.capability import ORDER
from qunying.capabilities.rules.capability import RULES
from qunying.kernel.capability import Capability

ROSTER: tuple[Capability, ...] = (ORDER, ONBOARDING, RULES, INCIDENTS)


def find_capability(name: str) -> Capability | None:
    """The capability of that name, None when there is none."""
    return next((capability for capability in ROSTER if capability.name == name), None)

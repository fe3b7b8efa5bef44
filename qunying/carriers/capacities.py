"""How many people a group of each platform can hold, as long as nobody has noted something else."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

USUAL = 500
CAPACITIES: Mapping[str, int] = MappingProxyType(
    {
        "wechat": 500,
        "wecom": 500,  # with people outside the company
        "qq": 500,  # up to 3,000 for those who pay
        "telegram": 200_000,
        "whatsapp": 1024,
        "signal": 1000,
        "instagram": 250,
        "discord": 500_000,
    }
)


def capacity_of(carrier: str) -> int:
    """The most people that a group of this carrier holds by itself."""
    return CAPACITIES.get(carrier, USUAL)

"""The same again and again: floods by one account. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from qunying.capabilities.order.knowing import Said

WITHIN = timedelta(seconds=60)
SAME = 5  # the same words by one account
LONG = 12  # letters: of longer words fewer are a flood
SAME_LONG = 4
MANY = 30  # messages of one account in so short a time, goes_together they say
BURST = timedelta(seconds=20)
EVERYDAY = 4  # letters: «收到», «1», «哈哈» are said by many, often, and mean no harm


def flood_of(plain: str, same: Sequence[Said], all_of_them: Sequence[Said], at: datetime) -> float:
    """How likely it is, 0 to 1, that these words flood the group.

    ``same`` are earlier messages of the same account with these very words, ``all_of_them`` every earlier one of it.
    """
    again = 1 + sum(at - one.at <= WITHIN for one in same)
    needed = SAME_LONG if len(plain) >= LONG else SAME
    if len(plain) > EVERYDAY and again >= needed:
        return 0.9
    if 1 + sum(at - one.at <= BURST for one in all_of_them) >= MANY:
        return 0.6
    return 0.0

"""What a capability that takes steps against members lets people see of them and do about them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from qunying.kernel.scene import GroupScene


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTold:
    """A step against somebody: because of which event, by which rule (its code), when, and whether somebody took it back.

    ``stands``: it was done, not only decided.
    """

    id: int
    cause_key: str
    group_id: int
    identity_id: int
    rule: str
    step: int
    at: datetime
    lifted_at: datetime | None
    stands: bool


class Lift(Protocol):
    """Takes a step back with all that followed from it; answers how many acts that were. Raises ``BadUse`` for one that was."""

    def __call__(self, step_id: int, *, user_id: int, at: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanctions:
    """``list_steps`` tells all that was ever done about these people in a community, oldest first; ``tell_rule`` is a rule as the
    group words it, ``tell_gently`` what is said to a member in private who is let off with it, in the group's language.
    """

    list_steps: Callable[[int, Collection[int]], list[StepTold]]
    do_lift: Lift
    tell_rule: Callable[[str, GroupScene], str]
    tell_gently: Callable[[str, GroupScene], str]

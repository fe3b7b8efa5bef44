"""What a capability lets drills look for and let staff do, beside effects, tasks and cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened: whom it was about, where, the event that caused it and the messages that show it."""

    kind: str
    at: datetime
    state: str
    group_id: int | None = None
    member_ids: tuple[int, ...] = ()
    cause_key: str = ""
    message_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillFind:
    """Things of these kinds, for which a drill may look with the same filters as for effects.

    ``list_happened`` tells all of a community that happened, in order.
    """

    kinds: tuple[str, ...]
    list_happened: Callable[[int], list[Happened]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDeed:
    """What somebody of the staff does, and about what: the latest open thing of that kind ("" of any) and about that member,
    where one is named."""

    community_id: int
    staff_ref: str
    user_id: int
    kind: str
    member_id: int | None
    at: datetime

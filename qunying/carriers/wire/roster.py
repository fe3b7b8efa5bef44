"""Who sits in a group, as the platform lists them when a line comes up: said once, and again only when it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from qunying.carriers.base import Arrival
from qunying.carriers.wire.line import GroupLook
from qunying.kernel.events import Who

ROSTER = "qunying.roster"  # the type of the payload, which no platform uses


def roster_arrivals(groups: Sequence[GroupLook], at: datetime) -> list[Arrival]:
    """One arrival per group whose members are known; the same list again has the same key on the same day.

    A list without anybody is none: believed, it would have everybody gone.
    """
    return [_arrival(one, at) for one in groups if one.members]


def _arrival(group: GroupLook, at: datetime) -> Arrival:
    members = [[who.ref, who.name, who.card, who.role] for who in sorted(group.members or (), key=lambda who: who.ref)]
    payload = {"type": ROSTER, "name": group.name, "members": members}
    digest = hashlib.sha256(json.dumps([group.ref, payload], ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
    said = {**payload, "at": at.isoformat()}  # not part of the key: looking again is no news
    return Arrival(f"roster:{at.date()}:{digest[:32]}", at, said, group_ref=group.ref)


def is_roster(payload: Mapping[str, Any]) -> bool:
    """Whether a payload is ours."""
    return payload.get("type") == ROSTER


def read_roster(payload: Mapping[str, Any]) -> tuple[str, tuple[Who, ...]]:
    """The group's name and who is there. Raises ``KeyError`` or ``TypeError`` for anything else."""
    return payload["name"], tuple(Who(*words) for words in payload["members"])

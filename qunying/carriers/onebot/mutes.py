"""Who may not speak in which group: as we were told, and as the platform lists it when we come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qunying.carriers.onebot.fields import as_ref, as_size, as_time

EVERYBODY = "0"
TOLERANCE = 60  # seconds by which an end that is listed may differ from one that was told


class Mutes:
    """Of one account. What stands in its groups when it first looks is where it begins, and is told to nobody."""

    def __init__(self) -> None:
        self._until: dict[str, dict[str, int]] = {}
        self._told: dict[str, bool] = {}
        self._whole: dict[str, bool] = {}
        self._looked: set[str] = set()

    def note(self, event: Mapping[str, Any]) -> None:
        """A ``group_ban`` that is told."""
        group, user = as_ref(event.get("group_id")), as_ref(event.get("user_id"))
        is_on = event.get("sub_type") != "lift_ban"
        if not user:
            self._whole[group] = self._told[group] = is_on
            return
        at = as_time(event.get("time"))
        seconds = as_size(event.get("duration")) or 0
        self._until.setdefault(group, {})[user] = int(at.timestamp()) + seconds if at and is_on else 0

    def see_whole(self, group: str, *, is_on: bool) -> None:
        """Whether the platform shows everybody there muted."""
        self._whole[group] = is_on

    def is_whole(self, group: str) -> bool:
        """Whether everybody but who leads the group is muted there."""
        return self._whole.get(group, False)

    def see(self, group: str, listed: Mapping[str, int], now: int) -> dict[str, int]:
        """What a list of the muted changes: until when per person, now for who may speak again; ``EVERYBODY`` is one of them."""
        told, whole = self._until.get(group, {}), self.is_whole(group)
        ends = {user: (max(told.get(user, 0), now), max(listed.get(user, 0), now)) for user in {*told, *listed}}
        changed = {user: end for user, (before, end) in ends.items() if abs(end - before) > TOLERANCE}
        if self._told.get(group, False) != whole:
            changed[EVERYBODY] = now + 1 if whole else now
        is_first = group not in self._looked
        self._looked.add(group)
        self._until[group], self._told[group] = dict(listed), whole
        return {} if is_first else changed


def as_ban(group: str, user: str, until: int, account: str, now: int) -> dict[str, Any]:
    """The event that would have told it; who did it nobody knows."""
    return {
        "time": now,
        "self_id": account,
        "post_type": "notice",
        "notice_type": "group_ban",
        "sub_type": "ban" if until > now else "lift_ban",
        "group_id": group,
        "user_id": user,
        "duration": until - now,
    }

"""Recalls that nobody told us of: what we heard lately, and what of it a whole history no longer has.

Only messages that QQ itself numbers are looked for: other names end with the process that gave them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qunying.carriers.onebot.fields import as_ref, as_text, as_time
from qunying.carriers.onebot.names import name_of
from qunying.carriers.onebot.parse import name_of_message

MOST = 200  # messages per group
AS_LONG = 3600  # seconds before the break
FEW = 1


@dataclass(frozen=True, slots=True)
class Told:
    """A message of a group that we told: QQ's number for it, and its id, author and second there."""

    number: int
    message_id: str
    user: str
    second: int

    @property
    def name(self) -> str:
        """Our name for it."""
        return f"s{self.number}"


class Lately:
    """The newest messages of every group."""

    def __init__(self) -> None:
        self._told: dict[str, deque[Told]] = {}

    def note(self, event: Mapping[str, Any]) -> None:
        """An event that is told."""
        is_said = event.get("message_type") == "group" and event.get("post_type") in ("message", "message_sent")
        if not is_said or is_empty(event):
            return
        number, at = _number(name_of_message(event)), as_time(event.get("time"))
        if number and at is not None:
            told = Told(number, as_ref(event["message_id"]), as_ref(event["user_id"]), int(at.timestamp()))
            self._told.setdefault(as_ref(event["group_id"]), deque(maxlen=MOST)).append(told)

    def list_told(self, group: str, before: int) -> list[Told]:
        """What was told of a group in the last hour before that second, and since."""
        return [one for one in self._told.get(group, ()) if one.second >= before - AS_LONG]

    def forget(self, group: str, gone: Iterable[Told]) -> None:
        """These are looked for no more."""
        lost = set(gone)
        self._told[group] = deque((one for one in self._told.get(group, ()) if one not in lost), maxlen=MOST)


def find_missing(told: Sequence[Told], history: Sequence[Mapping[str, Any]]) -> list[Told] | None:
    """What is not in a whole history any more though messages before and after it are, or is there without its words.

    None where so much is missing that the history must have a hole.
    """
    there = {number: is_empty(each) for each in history if (number := _number(name_of(each)))}
    if not there:
        return []
    within = {one.number: one for one in told if min(there) < one.number < max(there) or one.number in there}
    missing = [one for number, one in within.items() if there.get(number, True)]
    return missing if len(missing) <= max(FEW, len(within) // 2) else None


def _number(name: str) -> int:
    digits = name.removeprefix("s")
    return int(digits) if name.startswith("s") and digits.isdecimal() and len(digits) < 19 else 0


def is_empty(message: Mapping[str, Any]) -> bool:
    """NapCat keeps the place of what was recalled, without words."""
    return message.get("message") in ("", []) and not as_text(message.get("raw_message"))


def as_recall(told: Told, group: str, account: str, now: int) -> dict[str, Any]:
    """The event that would have told it; who did it nobody knows."""
    return {
        "time": now,
        "self_id": account,
        "post_type": "notice",
        "notice_type": "group_recall",
        "group_id": group,
        "user_id": told.user,
        "message_id": told.message_id,
    }

"""One action on its way: who calls, with what, in which world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .. import rights
from ..params import Params
from ..parts import Group, Segment
from ..segments import read_message
from ..state import State
from ..wiring import Wiring


@dataclass(frozen=True, slots=True)
class Call:
    """An action that an account was asked to do."""

    state: State
    wiring: Wiring
    self_id: int
    params: Params

    def group_id(self) -> int:
        """The group it is about; refused where the account is not in it."""
        group_id = self.params.integer("group_id")
        rights.need_member(self.state, group_id, self.self_id)
        return group_id

    def group(self) -> Group:
        """The same, as a group."""
        return self.state.group(self.group_id())

    def user_id(self) -> int:
        """The person it is about."""
        return self.params.integer("user_id")

    def message_id(self, name: str = "message_id") -> int:
        """The message it is about, by the world's number."""
        return self.state.id_from(self.self_id, self.params.integer(name))

    def seen(self, message_id: int) -> int:
        """The number by which the caller knows a message."""
        return self.state.id_for(self.self_id, message_id)

    def message(self) -> tuple[Segment, ...]:
        """What is to be said, quotes by the world's numbers."""
        escape = self.params.boolean("auto_escape", default=False)
        return tuple(map(self._own, read_message(self.params.raw("message"), auto_escape=escape)))

    def _own(self, segment: Segment) -> Segment:
        number = str(segment.data.get("id", ""))
        if segment.type != "reply" or not number.removeprefix("-").isdigit():
            return segment
        return Segment("reply", {**segment.data, "id": str(self.state.id_from(self.self_id, int(number)))})


Handler = Callable[[Call], Any]

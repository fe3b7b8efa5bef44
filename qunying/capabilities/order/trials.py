"""Lists as a rehearsal may try them, also those that are off."""

from __future__ import annotations

from datetime import datetime

from qunying.capabilities.order.lists_kept import do_switch_list
from qunying.capabilities.order.models import WordList
from qunying.capabilities.order.ready import stamped
from qunying.kernel.capability import Trial


def list_trials(community_id: int) -> list[Trial]:
    """The lists of a community, by name."""
    rows = WordList.objects.filter(community=community_id).order_by("title")
    return [_trial(*row) for row in rows.values_list("pk", "title", "stamp", "is_on")]


def _trial(list_id: int, title: str, stamp: str, is_on: bool) -> Trial:  # noqa: FBT001 - as the row has it
    def do_switch(on: bool, user_id: int, at: datetime) -> None:  # noqa: FBT001 - as the kernel has it
        do_switch_list(list_id, is_on=on, user_id=user_id, at=at)

    return Trial(str(list_id), title, {"lists": (stamped(list_id, stamp),)}, is_on, do_switch)

"""Every action we know, by its name on the wire."""

from __future__ import annotations

from collections.abc import Mapping

from . import accounts, groups, messages, quick, walls
from .call import Handler

ACTIONS: Mapping[str, Handler] = {
    **accounts.ACTIONS,
    **groups.ACTIONS,
    **messages.ACTIONS,
    **walls.ACTIONS,
    **quick.ACTIONS,
}

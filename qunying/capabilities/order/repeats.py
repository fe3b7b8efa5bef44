"""Floods: the same again and again, by one account. Pure."""

from __future__ import annotations

from qunying.capabilities.order.flood import WITHIN, flood_of
from qunying.capabilities.order.heard import Heard, take_a_step
from qunying.capabilities.order.knowing import Seen
from qunying.kernel.events import MessageReceived
from qunying.kernel.opinions import Opinion


def about_repeating(heard: Heard, seen: Seen) -> Opinion | None:
    """None where nothing floods the group."""
    if not isinstance(heard.event, MessageReceived) or not seen.plain:
        return None
    at = heard.event.at
    said = heard.memory.said.get((heard.group.id, heard.who), ())
    earlier = [one for one in said if at - WITHIN <= one.at <= at and one.key != heard.event.source_key]
    if not earlier:
        return None
    score = flood_of(seen.plain, [one for one in earlier if one.mark == seen.mark], earlier, at)
    if not heard.is_enough(score, heard.settings.ask_from):
        return None
    return take_a_step(heard, "flood", "order.floods", score)

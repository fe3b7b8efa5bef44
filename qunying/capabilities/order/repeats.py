"""Floods: the same again and again, by one account. Pure."""

from __future__ import annotations

from qunying.capabilities.order.flood import WITHIN, flood_of
from qunying.capabilities.order.heard import Heard, take_a_step
from qunying.capabilities.order.signs import mark_of
from qunying.kernel.events import MessageReceived
from qunying.kernel.opinions import Opinion


def about_repeating(heard: Heard, plain: str) -> Opinion | None:
    """None where nothing floods the group."""
    score = repeating_of(heard, plain)
    if not heard.is_enough(score, heard.settings.ask_from):
        return None
    return take_a_step(heard, "flood", "order.floods", score)


def repeating_of(heard: Heard, plain: str) -> float:
    """How likely it is, 0 to 1, that these folded words flood the group."""
    if not isinstance(heard.event, MessageReceived) or not plain:
        return 0.0
    at = heard.event.at
    said = heard.memory.said.get((heard.group.id, heard.who), ())
    earlier = [one for one in said if at - WITHIN <= one.at <= at and one.key != heard.event.source_key]
    if not earlier:
        return 0.0
    mark = mark_of(plain)
    return flood_of(plain, [one for one in earlier if one.mark == mark], earlier, at)

"""Floods: by one account, and by several new ones that say the same. Pure."""

from __future__ import annotations

from qunying.capabilities.order.flood import LONG, WITHIN, calls_of, flood_of, is_wordless, pictures_of
from qunying.capabilities.order.heard import Heard, take_a_step
from qunying.capabilities.order.knowing import WAVE_WITHIN, Said, Seen
from qunying.kernel.events import MessageReceived
from qunying.kernel.opinions import Opinion
from qunying.kernel.readings import Verdict

RULE = "flood"
CAMPAIGN, LARGE_CAMPAIGN = 3, 5  # new accounts that say the same
SAYS_OWN = (Verdict.INTRODUCTION, Verdict.CHECKIN)  # many newcomers say these alike
MAY_ADVERTISE = 0.3


def about_repeating(heard: Heard, seen: Seen) -> Opinion | None:
    """None where nothing floods the group."""
    score = repeating_of(heard, seen)
    if heard.is_enough(score, heard.settings.ask_from):
        return take_a_step(heard, RULE, "order.floods", score)
    return _about_campaign(heard, seen)


def repeating_of(heard: Heard, seen: Seen) -> float:
    """How likely it is, 0 to 1, that one account floods the group with this message."""
    event = heard.event
    if not isinstance(event, MessageReceived):
        return 0.0
    return max(_flood(heard, seen, event), calls_of(len({one.ref for one in event.mentions})))


def _flood(heard: Heard, seen: Seen, event: MessageReceived) -> float:
    earlier = _earlier(heard, event)
    if not earlier:
        return 0.0
    if is_wordless(event.text, event.kind):
        return pictures_of(earlier, event.at)
    return flood_of(seen, earlier, event.at)


def _earlier(heard: Heard, event: MessageReceived) -> list[Said]:
    said = heard.memory.said.get((heard.group.id, heard.who), ())
    return [one for one in said if event.at - WITHIN <= one.at <= event.at and one.key != event.source_key]


def _about_campaign(heard: Heard, seen: Seen) -> Opinion | None:
    """Several new accounts with the same long words, in whatever groups: a person looks, and where it may be advertising and they
    are many it is dealt with at once."""
    count = campaign_of(heard, seen)
    if count < CAMPAIGN:
        return None
    advertises = heard.reading.probability(Verdict.AD) >= MAY_ADVERTISE
    score = 0.85 if advertises and count >= LARGE_CAMPAIGN else 0.6
    return take_a_step(heard, RULE, "order.campaign", score, more={"count": count})


def campaign_of(heard: Heard, seen: Seen) -> int:
    """How many new accounts say these long words, whoever says them now among them; 0 where that is no matter."""
    if not isinstance(heard.event, MessageReceived) or not heard.is_new or len(seen.plain) < LONG:
        return 0
    if any(map(heard.reading.is_so, SAYS_OWN)):
        return 0
    lately = heard.lately("same", WAVE_WITHIN, here=False)
    return len({one.identity_id for one in lately if seen.letters in one.marks} | {heard.who})

"""What is to be done about a message that holds words the operator has listed. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from qunying.capabilities.order.heard import PERCENT, Heard, Params, delete, take_a_step
from qunying.capabilities.order.knowing import NAME
from qunying.capabilities.order.ladders import AT_ONCE
from qunying.capabilities.order.lists import ASK, DELETE, STEP, WATCH, Lists
from qunying.capabilities.order.signs import reports
from qunying.capabilities.order.steps import effects_of
from qunying.judgement.patterns.wordlists import Hit
from qunying.kernel.opinions import Opinion, Reason

RULE = "words"


def about_listed(heard: Heard, hits: Sequence[Hit], heat: float = 0.0) -> Opinion | None:
    """What the lists say to do about their words in a message; None where those are only to be watched.

    Who reports or warns of something has to name it: a person looks first.
    """
    lists = heard.memory.lists[heard.group.id]
    hit = lists.hardest(hits)
    do, evidence = lists.does[hit.listed], tuple(dict.fromkeys(one.word for one in hits))
    if do == WATCH:
        return None
    named = _named(lists, hit)
    if do == ASK or reports(heard.event.text):
        return take_a_step(heard, RULE, "order.listed_asks", 1.0, evidence, heat, asks=True, more=named)
    if do == STEP:
        return take_a_step(heard, RULE, "order.listed", 1.0, evidence, heat, more=named)
    params: Params = {"name": heard.member.shown_name, "rule": RULE, "heat": round(heat * PERCENT), **named}
    if do == DELETE:
        return Opinion(NAME, Reason("order.listed_goes", params), (delete(heard),), evidence)
    removing = effects_of(AT_ONCE.steps[0], heard.group, heard.member, heard.event.source_key, RULE)
    return Opinion(NAME, Reason("order.listed_removes", {**params, "step": 1}), removing, evidence)


def about_watched(heard: Heard, hits: Sequence[Hit]) -> Opinion:
    """That words were found which are to be counted only."""
    named = _named(heard.memory.lists[heard.group.id], hits[0])
    words = tuple(dict.fromkeys(one.word for one in hits))
    return Opinion(NAME, Reason("order.listed_watched", {"name": heard.member.shown_name, **named}), (), words)


def _named(lists: Lists, hit: Hit) -> Params:
    return {"word": hit.word[:60], "list": lists.titles.get(hit.listed, "")}

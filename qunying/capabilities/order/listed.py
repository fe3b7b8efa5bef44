"""What is to be done about a message that holds words the operator has listed. Pure."""

from __future__ import annotations

from qunying.capabilities.order.heard import PERCENT, Heard, Params, delete, take_a_step
from qunying.capabilities.order.knowing import NAME
from qunying.capabilities.order.ladders import AT_ONCE
from qunying.capabilities.order.lists import ASK, DELETE, STEP, WATCH, Lists
from qunying.capabilities.order.signs import reports
from qunying.capabilities.order.steps import effects_of
from qunying.judgement.patterns.wordlists import Hit
from qunying.kernel.opinions import Opinion, Reason

RULE = "words"


def about_listed(heard: Heard, heat: float = 0.0) -> Opinion | None:
    """What the lists say to do; None where no word is found, or only such as are to be watched.

    Who reports or warns of something has to name it: a person looks first.
    """
    found = _hits(heard)
    if found is None:
        return None
    lists, hits = found
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


def about_watched(heard: Heard) -> Opinion | None:
    """That a word was found which is to be counted only."""
    found = _hits(heard)
    if found is None:
        return None
    lists, hits = found
    words = tuple(dict.fromkeys(one.word for one in hits))
    params: Params = {"name": heard.member.shown_name, **_named(lists, hits[0])}
    return Opinion(NAME, Reason("order.listed_watched", params), (), words)


def _hits(heard: Heard) -> tuple[Lists, tuple[Hit, ...]] | None:
    lists = heard.memory.lists.get(heard.group.id)
    hits = lists.find(heard.event.text) if lists else ()
    return (lists, hits) if lists and hits else None


def _named(lists: Lists, hit: Hit) -> Params:
    return {"word": hit.word[:60], "list": lists.titles.get(hit.listed, "")}

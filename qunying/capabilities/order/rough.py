"""Rough words and quarrels: disagreement is left alone, a quarrel is somebody's to step into, punished is nobody for it. Pure."""

from __future__ import annotations

from datetime import timedelta

from qunying.capabilities.order.heard import PERCENT, Heard, Params, leave_alone, take_a_step
from qunying.capabilities.order.heat import COOL, KEPT_FROM, WITHIN, Heat, Quarrel, find_quarrel, read_heat
from qunying.capabilities.order.knowing import NAME, Seen, Trace
from qunying.capabilities.order.signs import laughs
from qunying.kernel.effects import OpenIncident
from qunying.kernel.events import MessageReceived
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.readings import Verdict

QUARREL = "quarrel:"
SAME_QUARREL = timedelta(hours=2)
INSULTING, INSULTS = 0.75, 3  # so many lines of one side, each so hot, are for a person to look at
IN_DOUBT = 0.6


def about_rough_words(heard: Heard, seen: Seen) -> Opinion | None:
    """What to do about how somebody speaks; None where there is nothing to it."""
    heat = read_heat_of(heard, seen)
    quarrel = quarrel_of(heard, heat)
    if quarrel:
        return _open_incident(heard, heat, quarrel)
    return _about_insults(heard, heat) if heat.score >= KEPT_FROM else None


def read_heat_of(heard: Heard, seen: Seen) -> Heat:
    """How hostile a message is."""
    event, reading = heard.event, heard.reading
    if not seen.may_be_hot and reading.probability(Verdict.ABUSE) < KEPT_FROM:
        return COOL
    spoken_to = isinstance(event, MessageReceived) and bool(event.reply_to or event.mentions)
    return read_heat(
        seen.plain,
        reading.probability(Verdict.ABUSE),
        laughs=laughs(seen.plain),
        spoken_to=spoken_to,
        complains=reading.is_so(Verdict.COMPLAINT),
    )


def quarrel_of(heard: Heard, heat: Heat) -> Quarrel | None:
    """The quarrel that words of this heat belong to; None where there is none."""
    if heat.score < KEPT_FROM and not heat.threatens:
        return None
    lines = heard.lately("heat", WITHIN)
    if not lines:
        return None
    if heat.score >= KEPT_FROM:
        event = heard.event
        lines.append(
            Trace(event.source_key, event.community_id, heard.group.id, heard.who, event.at, "heat", heat.score)
        )
    return find_quarrel(lines, heard.who, heard.event.at, threatens=heat.threatens)


def _open_incident(heard: Heard, heat: Heat, quarrel: Quarrel) -> Opinion:
    """One incident for a quarrel, however long it goes on; it is told only who else takes part."""
    opened = [one for one in heard.lately("opened", SAME_QUARREL) if one.key.startswith(QUARREL)]
    people = frozenset(quarrel.members)
    same = [one for one in opened if one.marks & people]
    if people <= frozenset().union(*(one.marks for one in same)):
        return leave_alone(heard, "order.quarrel_goes_on", heat.score, heat=heat.score)
    incident = OpenIncident(
        key=same[0].key if same else f"{QUARREL}{quarrel.first_key}",
        kind="quarrel",
        group_id=heard.group.id,
        members=quarrel.members,
        message_keys=quarrel.keys,
    )
    params: Params = {"name": heard.member.shown_name, "count": len(people), "heat": round(heat.score * PERCENT)}
    return Opinion(NAME, Reason("order.quarrel", params), (incident,), (), heat.score)


def _about_insults(heard: Heard, heat: Heat) -> Opinion:
    earlier = [one for one in heard.lately("heat", WITHIN) if one.identity_id == heard.who and one.score >= INSULTING]
    if heat.score < INSULTING or len(earlier) + 1 < INSULTS:
        return leave_alone(heard, "order.rough", heat.score, heat=heat.score)
    return take_a_step(heard, "abuse", "order.insults", IN_DOUBT, heat=heat.score)

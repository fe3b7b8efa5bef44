"""Advertising and drawing people away: what is shown, by whom, beside whom. Pure."""

from __future__ import annotations

from datetime import timedelta

from qunying.capabilities.order.drawing import Drawing, Sender, read_drawing
from qunying.capabilities.order.heard import Heard, leave_alone, take_a_step
from qunying.capabilities.order.knowing import WAVE_WITHIN, Trace
from qunying.capabilities.order.signs import Signs
from qunying.capabilities.order.waves import clear_away, find_wave
from qunying.kernel.opinions import Opinion

RULE = "promotion"
JOINS_IN_WAVE, WAVE_OF_JOINS = 3, timedelta(minutes=10)
OFFICIAL_FOR = timedelta(days=7)
REGULAR = 20  # messages in this group


def about_promotion(heard: Heard, signs: Signs) -> Opinion | None:
    """None where the message shows neither handle nor card nor a link of that kind."""
    drawing = draw(heard, signs)
    evidence = tuple(point.code for point in drawing.points)
    if not evidence:
        return None
    wave = find_wave(heard, drawing)
    if wave or (drawing.poses and heard.is_enough(drawing.score, heard.settings.act_from)):
        return clear_away(heard, drawing, wave)
    if heard.is_enough(drawing.score, heard.settings.ask_from):
        return take_a_step(heard, RULE, "order.draws", drawing.score, evidence)
    return leave_alone(heard, "order.draws_little", drawing.score, evidence)


def draw(heard: Heard, signs: Signs) -> Drawing:
    """How likely it is that the message draws people away."""
    official = heard.lately("official", OFFICIAL_FOR, here=False)
    shown, forgiven = heard.lately("draw", WAVE_WITHIN, here=False), _forgiven(heard)
    return read_drawing(
        signs,
        heard.reading,
        _sender(heard),
        staff=heard.group.staff_names,
        official=frozenset().union(*(one.marks for one in official)),
        others=[one for one in shown if one.identity_id != heard.who and one not in forgiven],
        own=_acted_on(heard),
        mine=[one for one in heard.lately("draw", OFFICIAL_FOR, here=False) if one.identity_id == heard.who],
        forgiven=forgiven,
        allowed=heard.settings.allow_domains,
        any_link=heard.ladder.any_link,
    )


def _acted_on(heard: Heard) -> list[Trace]:
    """What somebody showed before and was told not to."""
    steps = heard.memory.standing(heard.event.community_id, heard.who, RULE, heard.event.at)
    told = {one.at for one in steps if one.stands}
    mine = heard.lately("draw", OFFICIAL_FOR, here=False) if told else []
    return [one for one in mine if one.identity_id == heard.who and one.at in told]


def _forgiven(heard: Heard) -> list[Trace]:
    """What was shown lately, by whomever, and a person said that it may stand.

    Of whoever had something done to them since nothing is: what was proposed may have gone with them, and nobody said no.
    """
    shown = heard.lately("draw", OFFICIAL_FOR, here=False)
    home, sanctions = heard.event.community_id, heard.memory.sanctions
    let = {
        (one.identity_id, one.at)
        for who in {trace.identity_id for trace in shown}
        if not any(one.stands for one in sanctions.get((home, who), ()))
        for one in sanctions.get((home, who), ())
        if one.is_forgiven and one.rule == RULE
    }
    return [one for one in shown if (one.identity_id, one.at) in let] if let else []


def _sender(heard: Heard) -> Sender:
    joined, together = heard.member.joined_at, 0
    if heard.is_new and joined:
        known = heard.memory.lately(heard.event.community_id, "join", joined - WAVE_OF_JOINS, joined + WAVE_OF_JOINS)
        together = len({one.identity_id for one in known if one.group_id == heard.group.id})
    return Sender(
        names=(heard.member.name, heard.member.card),
        is_new=heard.is_new,
        came_in_wave=together >= JOINS_IN_WAVE,
        is_regular=not heard.is_new and heard.spoken >= REGULAR,
    )

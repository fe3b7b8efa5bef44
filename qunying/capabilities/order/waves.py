"""Waves and impostors: accounts that came to draw people away are removed at once, all of them, and the group is told who is ours. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from qunying.capabilities.order.drawing import Drawing
from qunying.capabilities.order.heard import PERCENT, Heard, Params
from qunying.capabilities.order.knowing import NAME, Memory, Trace
from qunying.capabilities.order.words import said_of_staff
from qunying.kernel.effects import DeleteMessage, Effect, OpenIncident, RemoveMember, Say
from qunying.kernel.opinions import Opinion, Reason

RULE = "posing"
WAVE = "wave:"
SAME_WAVE = timedelta(hours=2)
NEWS_STAYS_GOOD = timedelta(minutes=30)


def find_wave(heard: Heard, drawing: Drawing) -> tuple[Trace, ...]:
    """What others of the same wave showed: all of them are newcomers, as this one is. Nothing where it is no wave."""
    asks = heard.settings.ask_from
    if not heard.is_new or not heard.is_enough(drawing.score, asks):
        return ()
    return tuple(one for one in drawing.beside if one.is_new and heard.is_enough(one.score, asks))


def clear_away(heard: Heard, drawing: Drawing, wave: tuple[Trace, ...]) -> Opinion:
    """Removes whoever poses or is in a wave, with what they showed; says once in a group who speaks for the community."""
    effects = [*_remove(heard.memory, _own_trace(heard, drawing)), *_remove_others(heard.memory, wave)]
    effects += [*_tell_group(heard), *_open_incident(heard, wave)]
    people = {heard.who, *(one.identity_id for one in wave)}
    params: Params = {
        "name": heard.member.shown_name,
        "score": round(drawing.score * PERCENT),
        "rule": RULE,
        "step": 1,
        "count": len(people),
    }
    code = "order.wave" if wave else "order.poses_as_staff"
    evidence = tuple(point.code for point in drawing.points)
    return Opinion(NAME, Reason(code, params), tuple(effects), evidence, drawing.score)


def _own_trace(heard: Heard, drawing: Drawing) -> Trace:
    event = heard.event
    return Trace(event.source_key, event.community_id, heard.group.id, heard.who, event.at, "draw", drawing.score)


def _remove(memory: Memory, shown: Trace) -> Iterator[Effect]:
    """What they showed goes, and they do, unless they are on their way out already."""
    yield DeleteMessage(group_id=shown.group_id, message_key=shown.key, member=shown.identity_id)
    if not _is_out(memory, shown):
        yield RemoveMember(group_id=shown.group_id, member=shown.identity_id)


def _remove_others(memory: Memory, wave: tuple[Trace, ...]) -> Iterator[Effect]:
    """Who was only in doubt until now. What the others showed is gone with them."""
    met: set[int] = set()
    for one in wave:
        if _is_out(memory, one):
            continue
        removing = list(_remove(memory, one))
        yield from removing[:1] if one.identity_id in met else removing
        met.add(one.identity_id)


def _is_out(memory: Memory, shown: Trace) -> bool:
    steps = memory.sanctions.get((shown.community_id, shown.identity_id), ())
    return any(one.rule == RULE and one.group_id == shown.group_id and not one.is_over for one in steps)


def _tell_group(heard: Heard) -> Iterator[Effect]:
    told = any(one.key.startswith(WAVE) for one in heard.lately("opened", SAME_WAVE))
    if heard.group.staff_names and not told:
        text = said_of_staff(heard.group, heard.group.staff_names)
        yield Say(group_id=heard.group.id, text=text, expires_after=NEWS_STAYS_GOOD)


def _open_incident(heard: Heard, wave: tuple[Trace, ...]) -> Iterator[Effect]:
    """One incident for a wave, however many groups it reaches; opened already, it learns who else takes part."""
    if not wave:
        return
    known = [one.key for one in heard.lately("opened", SAME_WAVE, here=False) if one.key.startswith(WAVE)]
    yield OpenIncident(
        key=known[0] if known else f"{WAVE}{wave[0].key}",
        kind="competitor_wave",
        group_id=heard.group.id,
        members=tuple(dict.fromkeys([*(one.identity_id for one in wave), heard.who])),
        message_keys=(*(one.key for one in wave), heard.event.source_key),
    )

"""What to do next, by rule, each with the numbers it stands on. Where nothing stands out nothing is said."""

from __future__ import annotations

from collections.abc import Callable

from qunying.insights.findings import Facts, Suggestion

MOST = 3
MANY_MESSAGES = 20
QUIETER = -0.3
HELD_BY_FEW = 0.5
FEW_SPEAKERS = 6
MANY_MEMBERS = 20
SILENT = 0.7
SOME_NEWCOMERS = 3
MANY_LEFT = 3
SOME_WAITING = 2

Rule = Callable[[Facts], Suggestion | None]


def suggest(facts: Facts) -> tuple[Suggestion, ...]:
    """At most three, the most pressing first."""
    found = (rule(facts) for rule in RULES)
    return tuple(suggestion for suggestion in found if suggestion)[:MOST]


def answer_what_waits(facts: Facts) -> Suggestion | None:
    """Questions were asked and nobody went on."""
    waiting = facts.talks.waiting
    if len(waiting) < SOME_WAITING:
        return None
    return Suggestion("answer_what_waits", {"waiting": len(waiting), "name": waiting[0].name})


def ask_why_they_left(facts: Facts) -> Suggestion | None:
    """More left than came."""
    count = facts.headcount
    went = count.left - count.removed
    if went < MANY_LEFT or went <= count.joined:
        return None
    return Suggestion("ask_why_they_left", {"left": went, "joined": count.joined})


def wake_up(facts: Facts) -> Suggestion | None:
    """The group fell quiet: somebody who often speaks can begin, at the hour when most are there."""
    now, before = facts.now.messages, facts.before.messages
    if before < MANY_MESSAGES or (now - before) / before > QUIETER:
        return None
    numbers: dict[str, object] = {"before": before, "now": now, "change": (now - before) / before}
    if not facts.speakers:
        return Suggestion("wake_up_from_silence", numbers)
    return Suggestion("wake_up", numbers | {"name": facts.speakers[0].name} | _best_hour(facts))


def _best_hour(facts: Facts) -> dict[str, object]:
    """The busiest hour, where there is one to speak of."""
    if facts.peak is None or not facts.peak.is_telling:
        return {}
    return {"weekday": facts.peak.weekday, "hour": facts.peak.hour}


def greet_newcomers(facts: Facts) -> Suggestion | None:
    """Most of those who came have not said a word."""
    new = facts.newcomers
    if facts.now.is_by_nobody or new.joined < SOME_NEWCOMERS or new.spoke * 2 >= new.joined:
        return None
    return Suggestion("greet_newcomers", {"joined": new.joined, "mute": new.joined - new.spoke})


def share_the_load(facts: Facts) -> Suggestion | None:
    """Three people say most of it, and there are others who could."""
    share = facts.now.top_share
    if share is None or share < HELD_BY_FEW or facts.now.speakers < FEW_SPEAKERS or facts.now.known < MANY_MESSAGES:
        return None
    following = facts.speakers[3]
    return Suggestion("share_the_load", {"share": share, "name": following.name, "messages": following.messages})


def ask_something_small(facts: Facts) -> Suggestion | None:
    """Nearly everybody is silent: a question that one word answers is the lowest step."""
    count = facts.headcount
    if facts.now.is_by_nobody or count.members < MANY_MEMBERS or count.silent < SILENT * count.members:
        return None
    numbers: dict[str, object] = {"silent": count.silent, "members": count.members}
    return Suggestion("ask_something_small", numbers | _best_hour(facts))


RULES: tuple[Rule, ...] = (
    answer_what_waits,
    ask_why_they_left,
    wake_up,
    greet_newcomers,
    share_the_load,
    ask_something_small,
)

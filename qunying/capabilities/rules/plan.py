"""When a rule is to be said in a group, and when somebody is to be told of it in private. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from qunying.capabilities.rules.knowing import ASKED as IS_ASKED
from qunying.capabilities.rules.knowing import NAME, NOTED, Memory, Spoken
from qunying.capabilities.rules.knowing import WAITING as IS_WAITING
from qunying.capabilities.rules.words import AT_ONCE, settings_of
from qunying.kernel.scene import GroupScene, Mode, RuleInForce

MORNING, AFTERNOON = time(10), time(17)
ENOUGH_BEFORE = timedelta(hours=12)  # said by somebody so shortly before: it need not be said again
PRIVATE_WITHIN = timedelta(days=30)
PRIVATE_LATER = timedelta(hours=4)  # after it was said in the group, where a deadline is near
PRIVATE_AT_ONCE = 100
NEXT_LOT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done in a group at a moment: which rules are said, and who is told of which in private."""

    said: tuple[RuleInForce, ...] = ()
    told: tuple[tuple[int, tuple[RuleInForce, ...]], ...] = ()


def due_at(group: GroupScene, memory: Memory, now: datetime) -> Due:
    """What is due there by now; a rule that is over meanwhile, because we come late, is told to nobody any more."""
    group = group.at(now)
    said = tuple(rule for rule in group.rules if _is_by(next_saying(group, memory, rule), now))[:AT_ONCE]
    told: dict[int, list[RuleInForce]] = {}
    for rule in group.rules:
        if rule not in said:
            for member, at in _privately(group, memory, rule):
                if at <= now:
                    told.setdefault(member, []).append(rule)
    some = sorted(told.items())[:PRIVATE_AT_ONCE]
    return Due(said, tuple((member, tuple(rules[:AT_ONCE])) for member, rules in some))


def next_at(group: GroupScene, memory: Memory, now: datetime) -> datetime | None:
    """The next moment from ``now`` on at which something is to be done there, outside of its quiet hours; None for never."""
    group = group.at(now)
    moments = [at for rule in group.rules if (at := next_saying(group, memory, rule)) is not None]
    moments += [at for rule in group.rules for _, at in _privately(group, memory, rule)]
    ends = max((rule.ends_at or datetime.max.replace(tzinfo=now.tzinfo) for rule in group.rules), default=now)
    at = min((max(moment, now) for moment in moments), default=None)
    opens = group.quiet.next_open(at) if at is not None else None
    return opens if opens is not None and opens < ends else None


def next_saying(group: GroupScene, memory: Memory, rule: RuleInForce) -> datetime | None:
    """When that rule is to be said in the group next; None where it need not be: nobody there has missed it, or it is over."""
    if not memory.unreached(group.id, rule):
        return None
    spoken = memory.spoken_in(group.id, rule)
    last = _last_said(spoken, group.mode(NAME))
    first, *others = _moments(group, rule)
    missed = [first] if last is None else []
    missed += [at for at in others if last is None or last < at - ENOUGH_BEFORE]
    if not missed:
        return None
    at = max(min(missed), next_free_day(group, memory))
    return at if rule.ends_at is None or at < rule.ends_at else None


def _moments(group: GroupScene, rule: RuleInForce) -> list[datetime]:
    settings = settings_of(group)
    first = rule.since + timedelta(hours=settings.wait_hours)
    days = sorted({settings.first_days, settings.last_days} - {0}, reverse=True)
    before = [_on_day_before(group, rule, day, MORNING) for day in days]
    return [first, *(at for at in before if at is not None and at > first)]


def _on_day_before(group: GroupScene, rule: RuleInForce, days: int, hour: time) -> datetime | None:
    """That hour so many days before the last day on which the rule matters."""
    if rule.ends_at is None:
        return None
    last = (rule.ends_at - timedelta(seconds=1)).astimezone(group.quiet.zone).date()
    return datetime.combine(last - timedelta(days=days), hour, group.quiet.zone).astimezone(rule.ends_at.tzinfo)


def next_free_day(group: GroupScene, memory: Memory) -> datetime:
    """From when on the group may hear of rules again: once a day is enough, however many rules there are."""
    zone = group.quiet.zone
    asked = [memory.spoken_in(group.id, rule).asked_at for rule in group.rules]
    last = max((at for at in asked if at is not None), default=None)
    if last is None:
        return min(rule.since for rule in group.rules)
    return datetime.combine(last.astimezone(zone).date() + timedelta(days=1), MORNING, zone).astimezone(last.tzinfo)


def _last_said(spoken: Spoken, mode: Mode) -> datetime | None:
    moments = (spoken.heard_at, _asked_at(spoken, mode))
    return max((at for at in moments if at is not None), default=None)


def _asked_at(spoken: Spoken, mode: Mode) -> datetime | None:
    counts = spoken.state in {IS_ASKED, IS_WAITING} or (spoken.state == NOTED and mode is Mode.OBSERVE)
    return spoken.asked_at if counts else None


def _privately(group: GroupScene, memory: Memory, rule: RuleInForce) -> Iterator[tuple[int, datetime]]:
    """Who of a group is to be told of that rule in private, and from when on."""
    settings = settings_of(group)
    if not settings.private_at_most:
        return
    reminded = reminded_of(group, memory)
    for member in memory.unreached(group.id, rule):
        if not memory.is_home(group.id, member):
            continue
        begins = _private_from(group, memory, rule, memory.members[group.id][member])
        if begins is not None:
            at = max(begins, next_free(group, reminded.get(member, ())) or begins)
            if rule.ends_at is None or at < rule.ends_at:
                yield member, at


def _private_from(group: GroupScene, memory: Memory, rule: RuleInForce, joined_at: datetime | None) -> datetime | None:
    settings = settings_of(group)
    last_chance = _on_day_before(group, rule, settings.last_days, AFTERNOON)
    if last_chance is not None:
        return max(last_chance, rule.since + timedelta(hours=settings.wait_hours) + PRIVATE_LATER)
    spoken = memory.spoken_in(group.id, rule)
    said_at = spoken.first_heard_at or _asked_at(spoken, group.mode(NAME))
    if said_at is None:
        return None
    return max(said_at, joined_at or said_at) + timedelta(hours=settings.private_after_hours)


def reminded_of(group: GroupScene, memory: Memory) -> dict[int, list[datetime]]:
    """When each member was told in private of anything, oldest first."""
    found: dict[int, list[datetime]] = {}
    counts_noted = group.mode(NAME) is Mode.OBSERVE
    for one in memory.reminders.values():
        if one.community_id == group.community_id and (one.state != NOTED or counts_noted):
            found.setdefault(one.identity_id, []).append(one.at)
    return {member: sorted(moments) for member, moments in found.items()}


def next_free(group: GroupScene, reminded: Sequence[datetime]) -> datetime | None:
    """From when on somebody may be told something in private again."""
    if not reminded:
        return None
    settings = settings_of(group)
    after_last = reminded[-1] + timedelta(days=settings.private_every_days)
    if not 0 < settings.private_at_most <= len(reminded):  # none at all: only somebody who asks for it by hand
        return after_last
    return max(after_last, reminded[-settings.private_at_most] + PRIVATE_WITHIN)


def _is_by(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now

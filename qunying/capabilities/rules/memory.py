"""What is known of rules and who has seen them: read once per batch, written once at its end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from qunying.capabilities.rules.knowing import NAME, REACH, Meaning, Memory, Reach, Reminder, Spoken, Warned, meaning_of
from qunying.capabilities.rules.models import RuleReached, RuleReminder, RuleSpoken
from qunying.capabilities.rules.plan import PRIVATE_WITHIN
from qunying.capabilities.rules.recognising import confirms
from qunying.capabilities.rules.words import settings_of
from qunying.communities.queries import staff_of
from qunying.intake.queries import list_timers
from qunying.kernel import clock
from qunying.kernel.events import Event, FactHappened, MemberJoined, MessageReceived, TimerDue
from qunying.kernel.scene import GroupScene, Mode, Scene
from qunying.outbox.queries import find_warnings
from qunying.people.present import list_present_members, list_seats_of
from qunying.store import rows

_REACHED = ["how", "at", "group_id", "act_key", "rule_id", "meaning", "identity_id"]
_SPOKEN = ["first_heard_at", "heard_at", "source_key", "asked_at", "act_key", "state", "group_id", "rule_id", "meaning"]
_REMINDER = ["community_id", "group_id", "identity_id", "at", "meanings", "state", "act_key"]


def brief(events: Sequence[Event], scene: Scene) -> Memory:
    """What is known about the rules of the groups of a batch, and of those who speak there; nothing where there are no rules."""
    ruled = {pk: group for pk, group in scene.groups.items() if group.rules and group.mode(NAME) is not Mode.OFF}
    answers = [event for event in events if isinstance(event, MessageReceived) and event.is_private]
    memory = _told_in_private([event for event in answers if confirms(event.text)], scene)
    here = [event for event in events if event.group_id in ruled]
    return _in_groups(memory, here, ruled, scene) if here else memory


def _told_in_private(answers: Sequence[MessageReceived], scene: Scene) -> Memory:
    """What those were told who answer in private that they have read something."""
    if not answers:
        return Memory()
    who = {scene.member(event, event.sender).identity_id for event in answers}
    since = min(event.at for event in answers) - PRIVATE_WITHIN
    reminders = _reminders(RuleReminder.objects.filter(identity__in=who, at__gte=since))
    meanings = {meaning for one in reminders.values() for meaning in one.meanings}
    return Memory(reminders=reminders, reached=_reached(meanings, who) if meanings else {})


def _in_groups(memory: Memory, events: Sequence[Event], groups: Mapping[int, GroupScene], scene: Scene) -> Memory:
    told = {event.group_id for event in events}
    here = {pk: group for pk, group in groups.items() if pk in told}
    meanings = {meaning_of(rule) for group in here.values() for rule in group.rules}
    keys = {_key(event) for event in events if isinstance(event, FactHappened) and event.capability == NAME} - {""}
    failed = list(RuleReached.objects.filter(act_key__in=keys).values_list(*_REACHED)) if keys else []
    planned = _planned(events, keys, {row[3] for row in failed}) | _come_long_ago(events, here)
    members = _members({pk: here[pk] for pk in planned}) if planned else {}
    speak = {scene.member(event, event.sender).identity_id for event in events if isinstance(event, MessageReceived)}
    warned = {member.identity_id for (group_id, _), member in scene.members.items() if group_id in here}
    warnings = _let_go(events)
    warned.update(one.member_id for one in warnings.values())
    to_tell = {who for there in members.values() for who in there}
    people = speak | warned | to_tell
    reminders = read_reminders(to_tell, min(event.at for event in events), keys) if planned else {}
    comes = any(isinstance(event, MemberJoined) for event in events)
    return replace(
        memory,
        spoken=read_spoken(here),
        reached={**memory.reached, **_reached(meanings, people), **_by_key(failed)},
        reminders={**memory.reminders, **reminders},
        members=members,
        seats=_seats(people, here) if planned else {},
        wakes_at=_wakes(here) if comes or planned else {},
        warnings=warnings,
    )


def _let_go(events: Sequence[Event]) -> dict[str, Warned]:
    """The warnings that a person let go, by their keys; one query where anything was let go."""
    facts = [event for event in events if isinstance(event, FactHappened) and event.capability == NAME]
    keys = {_key(event) for event in facts if event.name == "effect.approved"} - {""}
    return {key: Warned(*one) for key, one in find_warnings(keys).items()} if keys else {}


def _planned(events: Sequence[Event], keys: Collection[str], ours: Collection[str]) -> set[int]:
    """The groups in which it is decided who is told next."""
    known = {*ours, *RuleReminder.objects.filter(act_key__in=keys).values_list("act_key", flat=True)} if keys else set()
    if keys:
        known.update(RuleSpoken.objects.filter(act_key__in=keys).values_list("act_key", flat=True))
    return {
        event.group_id
        for event in events
        if event.group_id is not None
        and isinstance(event, TimerDue | FactHappened)
        and event.capability == NAME
        and (isinstance(event, TimerDue) or not event.name.startswith("effect.") or _key(event) in known)
    }


def _come_long_ago(events: Sequence[Event], groups: Mapping[int, GroupScene]) -> set[int]:
    """The groups of which we learn so late that somebody came that they are looked for in this very batch."""
    now = clock.now()
    return {
        event.group_id
        for event in events
        if isinstance(event, MemberJoined)
        and event.group_id is not None
        and event.at + timedelta(hours=settings_of(groups[event.group_id]).private_after_hours) <= now
    }


def _key(event: FactHappened) -> str:
    return str(event.payload.get("key", "")) if event.name.startswith("effect.") else ""


def _members(groups: Mapping[int, GroupScene]) -> dict[int, dict[int, datetime | None]]:
    """Per group everybody who is to know its rules: all but staff and programs."""
    roster = staff_of({group.community_id for group in groups.values()})
    staff = {(line.community_id, line.carrier, line.ref) for lines in roster.values() for line in lines}
    members: dict[int, dict[int, datetime | None]] = {pk: {} for pk in groups}
    for seat in list_present_members(groups):
        group = groups[seat.group_id]
        if (group.community_id, group.carrier, seat.ref) not in staff:
            members[seat.group_id][seat.identity_id] = seat.joined_at
    return members


def _seats(people: Collection[int], groups: Mapping[int, GroupScene]) -> dict[int, frozenset[int]]:
    seats = list_seats_of(people, {group.community_id for group in groups.values()})
    return {who: frozenset(there) for who, there in seats.items()}


def read_reminders(people: Collection[int], at: datetime, keys: Collection[str] = ()) -> dict[str, Reminder]:
    """What these people were told in private lately, and what the effects of these keys are about."""
    since = at - PRIVATE_WITHIN
    lately = Q(identity__in=rows.among(people), at__gte=since)
    return _reminders(RuleReminder.objects.filter(lately | Q(act_key__in=keys)))


def _reminders(found: QuerySet[RuleReminder]) -> dict[str, Reminder]:
    reminders = {}
    for home, group, who, at, told, state, key in found.order_by("at", "id").values_list(*_REMINDER):
        reminders[key] = Reminder(key, home, group, who, at, tuple((rule, version) for rule, version in told), state)
    return reminders


def _reached(meanings: Iterable[Meaning], people: Collection[int]) -> dict[tuple[Meaning, int], Reach | None]:
    wanted = set(meanings)
    found = RuleReached.objects.filter(
        rule__in={rule for rule, _ in wanted}, identity__in=rows.among(people)
    ).values_list(*_REACHED)
    return {who: reach for who, reach in _by_key(list(found)).items() if who[0] in wanted}


def _by_key(found: Iterable[tuple[object, ...]]) -> dict[tuple[Meaning, int], Reach | None]:
    reached: dict[tuple[Meaning, int], Reach | None] = {}
    for *reach, rule, meaning, identity in found:
        reached[((rule, meaning), identity)] = Reach(*reach)  # type: ignore[index, arg-type]
    return reached


def read_spoken(groups: Mapping[int, GroupScene]) -> dict[tuple[int, Meaning], Spoken]:
    """How the rules of these groups were said there."""
    wanted = {(pk, *meaning_of(rule)) for pk, group in groups.items() for rule in group.rules}
    found = rows.select(RuleSpoken, _SPOKEN, _SPOKEN[-3:], sorted(wanted))
    return {(group, (rule, meaning)): Spoken(*spoken) for *spoken, group, rule, meaning in found}


def _wakes(groups: Mapping[int, GroupScene]) -> dict[int, datetime]:
    timers = list_timers(NAME, sorted(groups))
    return {timer.lane.group_id: timer.at for timer in timers if timer.key == REACH and timer.lane.group_id is not None}


def save(memory: Memory) -> None:
    """Writes what is new: one row per member and meaning, per group and meaning, per private reminder."""
    if memory.new_reached:
        _do_save_reached(memory)
    if memory.new_spoken:
        _do_save_spoken(memory)
    if memory.new_reminders:
        _do_save_reminders(memory)


def _do_save_reached(memory: Memory) -> None:
    key = _REACHED[-3:]
    wanted = sorted((*meaning, who) for meaning, who in memory.new_reached)
    known = {row[1:]: row[0] for row in rows.select(RuleReached, ["id", *key], key, wanted)}
    written, gone = [], []
    for meaning, who in sorted(memory.new_reached):
        reach = memory.reached[(meaning, who)]
        if reach is not None:
            written.append((reach.how, reach.at, reach.group_id, reach.act_key, *meaning, who))
        elif (*meaning, who) in known:
            gone.append(known[(*meaning, who)])
    rows.insert(RuleReached, _REACHED, [row for row in written if row[-3:] not in known], ignore=True)
    rows.update(RuleReached, _REACHED[:-3], key, [row for row in written if row[-3:] in known])
    if gone:
        RuleReached.objects.filter(pk__in=rows.among(gone)).delete()


def _do_save_spoken(memory: Memory) -> None:
    key = _SPOKEN[-3:]
    written = []
    for group, meaning in sorted(memory.new_spoken):
        one = memory.spoken[(group, meaning)]
        heard = (one.first_heard_at, one.heard_at, one.source_key)
        written.append((*heard, one.asked_at, one.act_key, one.state, group, *meaning))
    known = set(rows.select(RuleSpoken, key, key, [row[-3:] for row in written]))
    rows.insert(RuleSpoken, _SPOKEN, [row for row in written if row[-3:] not in known], ignore=True)
    rows.update(RuleSpoken, _SPOKEN[:-3], key, [row for row in written if row[-3:] in known])


def _do_save_reminders(memory: Memory) -> None:
    written = []
    for act_key in sorted(memory.new_reminders):
        one = memory.reminders[act_key]
        meanings = [list(meaning) for meaning in one.meanings]
        written.append((one.community_id, one.group_id, one.identity_id, one.at, meanings, one.state, act_key))
    known = {key for (key,) in rows.select(RuleReminder, ["act_key"], ["act_key"], [(row[-1],) for row in written])}
    rows.insert(RuleReminder, _REMINDER, [row for row in written if row[-1] not in known], ignore=True)
    rows.update(RuleReminder, ["state"], ["act_key"], [row[-2:] for row in written if row[-1] in known])

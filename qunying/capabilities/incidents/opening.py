"""Opens what others found: one incident per key, however often and by however many workers it is said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qunying.capabilities.incidents.kinds import choose_owner, kind_named
from qunying.capabilities.incidents.models import Incident, Moment
from qunying.capabilities.incidents.work import Place, message_links, steps_of, talks_with
from qunying.communities.queries import GroupInfo, StaffLine, choices_of, get_community, infos_of_groups, staff_of
from qunying.desk.actions import Opening, do_open_tasks
from qunying.journal.actions import do_record_facts
from qunying.kernel.capability import Decided
from qunying.kernel.effects import OpenIncident, OpenTask
from qunying.kernel.facts import Fact
from qunying.kernel.keys import fitted
from qunying.kernel.opinions import Act, Decision
from qunying.kernel.scene import Mode
from qunying.people.queries import names_of
from qunying.store import rows
from qunying.talk.queries import list_message_ids

NAME = "incidents"
TALKED_THROUGH = frozenset({"quarrel"})  # kinds in which everybody involved is talked to in private
STAFF_NAMED = 5
Seat = tuple[int, str]  # a community, and the key of an incident in it
_INCIDENT = (
    "community_id",
    "key",
    "group_id",
    "cause_key",
    "kind",
    "severity",
    "owner_ref",
    "owner_name",
    "opened_at",
    "closing_words",
)
_MOMENT = ("incident_id", "key", "at", "kind", "params", "member_id", "message_key", "text")


@dataclass(frozen=True, slots=True)
class Call:
    """One act that asks for an incident."""

    key: str
    cause_key: str
    at: datetime
    community_id: int
    effect: OpenIncident

    @property
    def seat(self) -> Seat:
        """Which incident is meant."""
        return self.community_id, fitted(self.effect.key, 200)


@dataclass(frozen=True, slots=True)
class Around:
    """What the opening of incidents needs to know, read once for a whole batch."""

    groups: Mapping[int, GroupInfo]
    rosters: Mapping[int, Sequence[StaffLine]]
    names: Mapping[int, str]
    message_ids: Mapping[tuple[int, str], int]


@dataclass(frozen=True, slots=True)
class Told:
    """What one call says that was not known of its incident."""

    call: Call
    incident: Incident
    is_first: bool
    moments: Sequence[Moment]

    @property
    def members(self) -> list[int]:
        """Who is new in it."""
        return [one.member_id for one in self.moments if one.member_id is not None]


def do_open_incidents(decided: Decided) -> None:
    """Opens an incident for each of these acts, or adds to the one that is open under its key.

    An act counts once for ever. Where incidents are off it counts for nothing.
    """
    asked = [call for decision, act in decided for call in _calls(decision, act)]
    groups = infos_of_groups({call.effect.group_id for call in asked if call.effect.group_id is not None})
    calls = _fresh(_heard(asked, groups))
    if not calls:
        return
    around = _look_around(calls, groups)
    told = _tell(calls, _do_find_or_open(calls, around))
    work = [(one, task) for one in told for task in _work(one, around)]
    _do_keep([*(moment for one in told for moment in one.moments), *(_of_task(one, task) for one, task in work)])
    do_open_tasks([Opening(task, one.call.community_id, one.call.at) for one, task in work])
    do_record_facts([_opened(one) for one in told if one.is_first])


def _calls(decision: Decision, act: Act) -> list[Call]:
    event, effect = decision.event, act.effect
    if not isinstance(effect, OpenIncident):
        return []
    return [Call(fitted(act.key, 240), fitted(event.key, 255), event.at, event.community_id, effect)]


def _heard(calls: Sequence[Call], groups: Mapping[int, GroupInfo]) -> list[Call]:
    choices = choices_of(list(groups.values())) if groups else {}
    off = {group for (group, name), choice in choices.items() if name == NAME and choice.mode is Mode.OFF}
    return [call for call in calls if call.effect.group_id not in off]


def _fresh(calls: Sequence[Call]) -> list[Call]:
    """Without those that were counted before."""
    keys = {_found(call): call for call in reversed(calls)}
    known = set(Moment.objects.filter(kind="found", key__in=keys).values_list("key", flat=True)) if keys else set()
    return [call for key, call in reversed(keys.items()) if key not in known]


def _found(call: Call) -> str:
    return f"found:{call.key}"


def _look_around(calls: Sequence[Call], groups: Mapping[int, GroupInfo]) -> Around:
    members = {member for call in calls for member in call.effect.members}
    shown = {(call.effect.group_id, key) for call in calls for key in call.effect.message_keys}
    return Around(
        groups=groups,
        rosters=staff_of({call.community_id for call in calls}),
        names={pk: one.name or one.ref for pk, one in names_of(members).items()},
        message_ids=list_message_ids({(group, key) for group, key in shown if group is not None}),
    )


def _do_find_or_open(calls: Sequence[Call], around: Around) -> dict[Seat, Incident]:
    """The open incident of each of these calls. Whoever opens one second waits for the first and finds theirs."""
    openers = {call.seat: call for call in reversed(calls)}
    found = _find_open(openers)
    while missing := sorted(openers.keys() - found.keys()):  # again where one was closed at that very moment
        rows.insert(Incident, _INCIDENT, [_row(openers[seat], around) for seat in missing], ignore=True)
        found |= _find_open(missing)
    return found


def _find_open(seats: Collection[Seat]) -> dict[Seat, Incident]:
    """Held until the transaction ends, so that nobody closes them or adds to them meanwhile."""
    homes, keys = {home for home, _key in seats}, {key for _home, key in seats}
    open_ones = Incident.objects.select_for_update().filter(closed_at=None, community__in=homes, key__in=keys)
    found = {(one.community_id, one.key): one for one in open_ones.order_by("pk")}
    return {seat: one for seat, one in found.items() if seat in seats}


def _row(call: Call, around: Around) -> tuple[object, ...]:
    effect = call.effect
    owner = choose_owner(effect.kind, around.rosters.get(call.community_id, ()))
    return (
        call.community_id,
        call.seat[1],
        effect.group_id,
        call.cause_key,
        effect.kind,
        kind_named(effect.kind).severity.value,
        owner.ref if owner else "",
        owner.name if owner else "",
        call.at,
        "",
    )


def _tell(calls: Sequence[Call], incidents: Mapping[Seat, Incident]) -> list[Told]:
    """What each call adds, in order: the first to a seat opened it, unless that stood open before."""
    moments = [(call, incidents[call.seat], _moments(call, incidents[call.seat])) for call in calls]
    seen = _list_known([one for *_of, some in moments for one in some])
    told, opened = [], set()
    for call, incident, some in moments:
        new = [one for one in some if (one.incident_id, one.key) not in seen]
        seen |= {(one.incident_id, one.key) for one in new}
        is_first = incident.pk not in opened and incident.cause_key == call.cause_key
        opened.add(incident.pk)
        told.append(Told(call, incident, is_first, new))
    return told


def _moments(call: Call, incident: Incident) -> list[Moment]:
    """All that a call says, as lines of the incident's course."""
    members = [
        Moment(incident=incident, key=f"member:{one}", at=call.at, kind="member", member_id=one)
        for one in dict.fromkeys(call.effect.members)
    ]
    messages = [
        Moment(incident=incident, key=f"message:{key}", at=call.at, kind="message", message_key=key)
        for key in dict.fromkeys(call.effect.message_keys)
    ]
    return [Moment(incident=incident, key=_found(call), at=call.at, kind="found"), *members, *messages]


def _list_known(moments: Sequence[Moment]) -> set[tuple[int, str]]:
    place = ("incident_id", "key")
    return set(rows.select(Moment, place, place, [(one.incident_id, one.key) for one in moments]))


def _work(told: Told, around: Around) -> list[OpenTask]:
    """The tasks that come of it: what its kind needs when it begins, a talk with everybody who is new in a quarrel."""
    call, kind = told.call, told.incident.kind
    talked_to = {pk: around.names.get(pk, "") for pk in told.members} if kind in TALKED_THROUGH else {}
    if not talked_to and not told.is_first:
        return []
    place = _place(told, around)
    steps = steps_of(kind, place, cause=call.cause_key, at=call.at) if told.is_first else []
    return [*talks_with(talked_to, place, cause=call.cause_key, at=call.at), *steps]


def _place(told: Told, around: Around) -> Place:
    call, group = told.call, around.groups.get(told.call.effect.group_id or 0)
    home = None if group else get_community(call.community_id)
    known = [around.message_ids.get((call.effect.group_id or 0, key)) for key in call.effect.message_keys]
    return Place(
        group_id=call.effect.group_id,
        name=group.name if group else home.name if home else "",
        language=group.language if group else home.language if home else "",
        owner=told.incident.owner_name,
        staff=tuple(line.name for line in around.rosters.get(call.community_id, ())[:STAFF_NAMED]),
        links=message_links(group.id, [pk for pk in known if pk is not None]) if group else (),
    )


def _of_task(told: Told, task: OpenTask) -> Moment:
    return Moment(
        incident=told.incident, key=f"task:{task.key}", at=told.call.at, kind="task", params={"task": task.key}
    )


def _do_keep(moments: Sequence[Moment]) -> None:
    rows.insert(Moment, _MOMENT, [[getattr(one, name) for name in _MOMENT] for one in moments], ignore=True)


def _opened(told: Told) -> Fact:
    call, incident = told.call, told.incident
    return Fact(
        name="incident.opened",
        at=call.at,
        community_id=call.community_id,
        group_id=call.effect.group_id,
        key=f"incident.opened:{call.key}",
        words={"incident": incident.pk, "kind": incident.kind, "severity": incident.severity},
    )

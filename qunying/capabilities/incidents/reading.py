"""What the pages of incidents show, read and put into words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from qunying.capabilities.incidents.addresses import address
from qunying.capabilities.incidents.context import (
    ClosedRow,
    Head,
    IncidentPage,
    IncidentsPage,
    OpenRow,
    Owner,
    PersonRow,
    TaskRow,
    Tried,
)
from qunying.capabilities.incidents.course import Done, Sources, read_course, tell_course
from qunying.capabilities.incidents.queries import (
    IncidentLine,
    list_closed_incidents,
    list_open_incidents,
    list_people_in,
    list_task_keys,
)
from qunying.capabilities.incidents.words import tell_incident, tell_owner, tell_severity, tone_of
from qunying.communities.queries import StaffLine, infos_of_groups, list_community_names, staff_of
from qunying.communities.sign_ins import names_of_users
from qunying.desk.queries import list_tasks_with
from qunying.kernel.texts import Sentence
from qunying.people.maybe_same import persons_of
from qunying.people.queries import names_of
from qunying.ui.figures import duration

CLOSED_SHOWN = 30
MESSAGES_LEARNT = 60
HURRY = timedelta(hours=1)


class Todo(Done, Protocol):
    """A task as far as these pages need it."""

    pk: int
    key: str
    identity_id: int | None
    kind: str
    details: str
    state: str
    due_at: datetime | None


def read_desk(community_ids: Collection[int] | None, now: datetime) -> IncidentsPage:
    """All incidents within somebody's reach, open ones first, with a constant number of queries."""
    opened, closed = list_open_incidents(community_ids), list_closed_incidents(community_ids, CLOSED_SHOWN)
    both = [*opened, *closed]
    groups = _names_of_groups(both)
    homes = list_community_names({line.community_id for line in both})
    tasks = _tasks_of([line.id for line in opened])
    return IncidentsPage(
        open=tuple(_open_row(line, groups, homes, tasks.get(line.id, []), now) for line in opened),
        closed=tuple(_closed_row(line, groups, homes) for line in closed),
        sandbox_href=address("console:sandbox"),
    )


def _names_of_groups(lines: Iterable[IncidentLine]) -> dict[int, str]:
    ids = {line.group_id for line in lines if line.group_id is not None}
    return {pk: info.name for pk, info in infos_of_groups(ids).items()} if ids else {}


def _tasks_of(incident_ids: Sequence[int]) -> dict[int, list[Todo]]:
    keys = list_task_keys(incident_ids) if incident_ids else {}
    tasks = {task.key: task for task in list_tasks_with({key for some in keys.values() for key in some})}
    return {incident: [tasks[key] for key in some if key in tasks] for incident, some in keys.items()}


def _open_row(
    line: IncidentLine, groups: Mapping[int, str], homes: Mapping[int, str], tasks: Sequence[Todo], now: datetime
) -> OpenRow:
    return OpenRow(
        id=line.id,
        title=tell_incident(line.kind),
        group=groups.get(line.group_id or 0, ""),
        community=homes.get(line.community_id, ""),
        severity=tell_severity(line.severity),
        tone=tone_of(line.severity),
        lasts=duration(now - line.opened_at),
        owner=tell_owner(line.owner_name),
        has_owner=bool(line.owner_name),
        next=_next(line, tasks),
    )


def _closed_row(line: IncidentLine, groups: Mapping[int, str], homes: Mapping[int, str]) -> ClosedRow:
    ended = line.closed_at or line.opened_at
    return ClosedRow(
        id=line.id,
        title=tell_incident(line.kind),
        group=groups.get(line.group_id or 0, ""),
        community=homes.get(line.community_id, ""),
        closed_at=ended,
        took=duration(ended - line.opened_at),
        owner=tell_owner(line.owner_name),
        words=line.closing_words,
    )


def _next(line: IncidentLine, tasks: Sequence[Todo]) -> str:
    """What comes next, in a sentence."""
    waiting = sorted(
        (task for task in tasks if task.state == "open"), key=lambda task: (task.due_at is None, task.due_at)
    )
    if not line.owner_name:
        return _("先定谁来负责")
    if waiting:
        return _("下一步：%(title)s") % {"title": _title(waiting[0])}
    return _("待办都做完了，可以结束") if tasks else _("到群里看看，做了什么就记下来")


def _title(task: Todo) -> str:
    return Sentence.of_text(task.title).said(_)


def read_incident(line: IncidentLine, now: datetime, *, can_decide: bool, can_set: bool, tried: Tried) -> IncidentPage:
    """One incident with all that belongs to it, with a constant number of queries."""
    tasks, members = _tasks_of([line.id]).get(line.id, []), list_people_in([line.id]).get(line.id, [])
    sources = read_course(line, members, tasks, now)
    left = sum(task.state == "open" for task in tasks)
    closers = names_of_users([line.closed_by_id]) if line.closed_by_id else {}
    roster = staff_of([line.community_id]).get(line.community_id, [])
    return IncidentPage(
        head=_head(line, tasks, now),
        owners=tuple(_owner(one, line) for one in roster),
        people=_people(members, tasks),
        tasks=tuple(sorted((_task(task, now) for task in tasks), key=lambda task: task.is_done)),
        left=left,
        course=tell_course(sources),
        is_cut=sources.is_cut,
        closing_words=line.closing_words,
        closed_by=closers.get(line.closed_by_id or 0, ""),
        can_decide=can_decide,
        learn_href=_learn_href(line, sources) if can_set else "",
        tried=tried,
    )


def _learn_href(line: IncidentLine, sources: Sources) -> str:
    """Where the words that its messages share become a list; empty where there are too few, or no such page."""
    messages = [one.id for one in (*sources.shown.values(), *sources.said)]
    ids = ",".join(map(str, list(dict.fromkeys(messages))[:MESSAGES_LEARNT]))
    found = address("order:learn") if "," in ids else ""
    return f"{found}?community={line.community_id}&messages={ids}" if found else ""


def _head(line: IncidentLine, tasks: Sequence[Todo], now: datetime) -> Head:
    groups = _names_of_groups([line])
    is_open = line.closed_at is None
    return Head(
        id=line.id,
        title=tell_incident(line.kind),
        severity=tell_severity(line.severity),
        tone=tone_of(line.severity),
        group=groups.get(line.group_id or 0, ""),
        group_href=address("console:group", line.group_id) if line.group_id else "",
        community=list_community_names([line.community_id]).get(line.community_id, ""),
        opened_at=line.opened_at,
        closed_at=line.closed_at,
        lasts=duration((line.closed_at or now) - line.opened_at),
        owner=tell_owner(line.owner_name),
        has_owner=bool(line.owner_name),
        next=_next(line, tasks) if is_open else "",
        is_ready=is_open and bool(tasks) and all(task.state == "done" for task in tasks),
    )


def owner_value(one: StaffLine) -> str:
    """How a line of the roster is named in the form."""
    return f"{one.carrier}/{one.ref}"


def _owner(one: StaffLine, line: IncidentLine) -> Owner:
    return Owner(owner_value(one), one.name, (one.ref, one.name) == (line.owner_ref, line.owner_name))


def _people(members: Sequence[int], tasks: Sequence[Todo]) -> tuple[PersonRow, ...]:
    names, persons = names_of(members), persons_of(members)
    talks = {task.identity_id: task for task in tasks if task.kind == "private_talk"}
    return tuple(_person(pk, names[pk].name or names[pk].ref, persons, talks.get(pk)) for pk in members if pk in names)


def _person(pk: int, name: str, persons: Mapping[int, int], talk: Todo | None) -> PersonRow:
    words, tone = "", ""
    if talk is not None and talk.state == "done":
        words, tone = _("聊过了"), "teal"
    elif talk is not None:
        words = _("%(name)s 去聊") % {"name": talk.assigned} if talk.assigned else _("等人去聊")
        tone = "look"
    return PersonRow(name, pk, address("console:person", persons[pk]) if pk in persons else "", words, tone)


def _task(task: Todo, now: datetime) -> TaskRow:
    lines = [line for line in task.details.splitlines() if line.strip()]
    spare = task.due_at - now if task.due_at and task.state == "open" else None
    return TaskRow(
        id=task.pk,
        title=_title(task),
        assigned=task.assigned,
        is_done=task.state == "done",
        done_at=task.done_at,
        late=_("过了 %(time)s") % {"time": duration(-spare)} if spare is not None and spare < timedelta(0) else "",
        soon=_("还剩 %(time)s") % {"time": duration(spare)}
        if spare is not None and timedelta(0) <= spare < HURRY
        else "",
        words=tuple(line for line in lines if not line.startswith("/")),
        links=tuple(line for line in lines if line.startswith("/")),
    )

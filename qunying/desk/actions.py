"""Opens and closes work for people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db import transaction

from qunying.desk.models import Case, Task
from qunying.desk.reviewing import closed_fact, do_hold_case, do_settle_case
from qunying.journal.actions import do_record_facts
from qunying.kernel.effects import OpenCase, OpenTask
from qunying.kernel.facts import Fact
from qunying.kernel.keys import fitted
from qunying.store import rows

_TASK_COLUMNS = [
    "key",
    "community_id",
    "group_id",
    "identity_id",
    "kind",
    "title",
    "details",
    "assigned",
    "state",
    "opened_at",
    "due_at",
]
_CASE_COLUMNS = [
    "key",
    "community_id",
    "group_id",
    "identity_id",
    "message_key",
    "kind",
    "score",
    "capability",
    "reason",
    "state",
    "opened_at",
]
Work = TypeVar("Work", OpenTask, OpenCase)


@dataclass(frozen=True, slots=True)
class Opening(Generic[Work]):
    """A task or case that a community asks for at a moment."""

    work: Work
    community_id: int
    at: datetime


def do_open_task(task: OpenTask, *, community_id: int, at: datetime) -> None:
    """Opens a task unless one with its key is open."""
    do_open_tasks([Opening(task, community_id, at)])


def do_open_tasks(openings: Sequence[Opening[OpenTask]]) -> None:
    """Opens tasks, in order, unless one with the same key is open."""
    asked = {fitted(one.work.key, 200): one for one in reversed(openings)}
    for key in Task.objects.filter(key__in=asked, state="open").values_list("key", flat=True) if asked else ():
        del asked[key]
    new = list(reversed(asked.items()))
    rows.insert(Task, _TASK_COLUMNS, [_task_row(key, one) for key, one in new], ignore=True)
    do_record_facts([_opened("task.opened", key, one) for key, one in new])


def _task_row(key: str, opening: Opening[OpenTask]) -> tuple[object, ...]:
    task = opening.work
    return (
        key,
        opening.community_id,
        task.group_id,
        task.member,
        task.kind,
        task.title[:300],
        task.details,
        task.assigned,
        "open",
        opening.at,
        task.due_at,
    )


@transaction.atomic
def do_finish_task(task_id: int, *, user_id: int, at: datetime) -> bool:
    """Marks a task as done by somebody; False when it was done already."""
    done = Task.objects.filter(pk=task_id, state="open").update(state="done", done_at=at, done_by_id=user_id)
    if done:
        task = Task.objects.get(pk=task_id)
        do_record_facts([_turned("task.done", task, at, f"user:{user_id}")])
    return bool(done)


@transaction.atomic
def do_reopen_task(task_id: int, *, user_id: int, at: datetime) -> bool:
    """Takes a «done» back; False when it is open."""
    opened = Task.objects.filter(pk=task_id, state="done").update(state="open", done_at=None, done_by=None)
    if opened:
        do_record_facts([_turned("task.reopened", Task.objects.get(pk=task_id), at, f"user:{user_id}")])
    return bool(opened)


def do_assign_tasks(keys: Collection[str], assigned: str) -> int:
    """Gives what is still open of these tasks to somebody else ("" for nobody); answers how many it were."""
    return Task.objects.filter(key__in=keys, state="open").update(assigned=assigned[:128])


def do_open_cases(openings: Sequence[Opening[OpenCase]]) -> None:
    """Opens cases, in order, unless one with the same key is open."""
    asked = {fitted(one.work.key, 255): one for one in reversed(openings)}
    for key in Case.objects.filter(key__in=asked, state="open").values_list("key", flat=True) if asked else ():
        del asked[key]
    new = list(reversed(asked.items()))
    rows.insert(Case, _CASE_COLUMNS, [_case_row(key, one) for key, one in new], ignore=True)
    do_record_facts([_opened("case.opened", key, one) for key, one in new])


def _case_row(key: str, opening: Opening[OpenCase]) -> tuple[object, ...]:
    case = opening.work
    return (
        key,
        opening.community_id,
        case.group_id,
        case.member,
        case.message_key,
        case.kind,
        case.score,
        case.capability,
        case.reason,
        "open",
        opening.at,
    )


def do_drop_cases(keys_at: Mapping[str, datetime]) -> None:
    """Closes open cases that nobody need decide any more, each at its moment."""
    cases = list(Case.objects.filter(key__in=keys_at, state="open").order_by("id")) if keys_at else []
    for case in cases:
        case.state = "dismissed"
    closed = [(case.state, keys_at[case.key], case.pk, "open") for case in cases]
    rows.update(Case, ["state", "closed_at"], ["id", "state"], closed)
    do_record_facts([closed_fact(case, keys_at[case.key], "system") for case in cases])


@transaction.atomic
def do_close_case(key: str, *, is_approved: bool, user_id: int | None, at: datetime) -> bool:
    """Closes the open case of that key; False when there is none. Raises ``Taken`` where somebody else holds it."""
    case = do_hold_case(key, user_id=user_id, at=at)
    if case is None:
        return False
    do_settle_case(case, "approved" if is_approved else "dismissed", user_id=user_id, at=at)
    return True


def _opened(name: str, key: str, opening: Opening[Work]) -> Fact:
    return Fact(
        name=name,
        at=opening.at,
        community_id=opening.community_id,
        group_id=opening.work.group_id,
        identity_id=opening.work.member,
        key=fitted(f"{name}:{key}:{opening.at.isoformat()}", 255),
        words={"kind": opening.work.kind},
    )


def _turned(name: str, task: Task, at: datetime, actor: str) -> Fact:
    return Fact(
        name=name,
        at=at,
        community_id=task.community_id,
        group_id=task.group_id,
        identity_id=task.identity_id,
        actor=actor,
        key=f"{name}:{task.pk}:{at.isoformat()}",
        words={"kind": task.kind, "task": task.pk},
    )


def do_forget_work(community_ids: Sequence[int], at_most: int) -> int:
    """Removes up to so many tasks and so many cases of communities that are being removed; answers how many."""
    tasks = list(Task.objects.filter(community_id__in=community_ids).values_list("pk", flat=True)[:at_most])
    cases = list(Case.objects.filter(community_id__in=community_ids).values_list("pk", flat=True)[:at_most])
    Task.objects.filter(pk__in=tasks).delete()
    Case.objects.filter(pk__in=cases).delete()
    return len(tasks) + len(cases)

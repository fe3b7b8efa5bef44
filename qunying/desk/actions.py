"""Opens and closes work for people."""

from __future__ import annotations

from datetime import datetime

from qunying.desk.models import Case, Task
from qunying.journal.actions import do_record_facts
from qunying.kernel.effects import OpenCase, OpenTask
from qunying.kernel.facts import Fact


def do_open_task(task: OpenTask, *, community_id: int, at: datetime) -> None:
    """Opens a task unless one with its key is open."""
    _, is_new = Task.objects.get_or_create(
        key=task.key[:200],
        state="open",
        defaults={
            "community_id": community_id,
            "group_id": task.group_id,
            "identity_id": task.member,
            "kind": task.kind,
            "title": task.title[:300],
            "details": task.details,
            "assigned": task.assigned,
            "opened_at": at,
            "due_at": task.due_at,
        },
    )
    if is_new:
        _do_note("task.opened", task.key, community_id, task.group_id, task.member, at, "system", task.kind)


def do_finish_task(task_id: int, *, user_id: int, at: datetime) -> bool:
    """Marks a task as done by somebody; False when it was done already."""
    done = Task.objects.filter(pk=task_id, state="open").update(state="done", done_at=at, done_by_id=user_id)
    if done:
        task = Task.objects.get(pk=task_id)
        actor = f"user:{user_id}"
        _do_note("task.done", f"{task.pk}", task.community_id, task.group_id, task.identity_id, at, actor, task.kind)
    return bool(done)


def do_reopen_task(task_id: int) -> bool:
    """Takes a «done» back; False when it is open."""
    return bool(Task.objects.filter(pk=task_id, state="done").update(state="open", done_at=None, done_by=None))


def do_open_case(case: OpenCase, *, community_id: int, at: datetime) -> None:
    """Opens a case unless one with its key is open."""
    _, is_new = Case.objects.get_or_create(
        key=case.key[:255],
        state="open",
        defaults={
            "community_id": community_id,
            "group_id": case.group_id,
            "identity_id": case.member,
            "message_key": case.message_key,
            "kind": case.kind,
            "score": case.score,
            "opened_at": at,
        },
    )
    if is_new:
        _do_note("case.opened", case.key, community_id, case.group_id, case.member, at, "system", case.kind)


def do_close_case(key: str, *, is_approved: bool, user_id: int | None, at: datetime) -> bool:
    """Closes the open case of that key; False when there is none."""
    case = Case.objects.filter(key=key, state="open").first()
    if case is None:
        return False
    state = "approved" if is_approved else "dismissed"
    closed = Case.objects.filter(pk=case.pk, state="open").update(state=state, closed_at=at, closed_by_id=user_id)
    if closed:
        actor = f"user:{user_id}" if user_id else "system"
        _do_note("case.closed", f"{case.pk}", case.community_id, case.group_id, case.identity_id, at, actor, case.kind)
    return bool(closed)


def _do_note(
    name: str,
    key: str,
    community_id: int,
    group_id: int | None,
    member: int | None,
    at: datetime,
    actor: str,
    kind: str,
) -> None:
    fact = Fact(
        name=name,
        at=at,
        community_id=community_id,
        group_id=group_id,
        identity_id=member,
        actor=actor,
        key=f"{name}:{key}:{at.isoformat()}",
        words={"kind": kind},
    )
    do_record_facts([fact])

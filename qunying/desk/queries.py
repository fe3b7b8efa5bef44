"""What waits for people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet

from qunying.desk.models import DECIDED as DECIDED_STATES
from qunying.desk.models import Case, Task

Work = TypeVar("Work", Task, Case)
DECIDED = DECIDED_STATES


def find_open_task(community_id: int, kind: str = "", identity_id: int | None = None) -> Task | None:
    """The latest open task of a community, of that kind and about that person where they are named."""
    return _named(Task.objects.filter(community_id=community_id, state="open"), kind, identity_id).first()


def find_open_case(community_id: int, kind: str = "", identity_id: int | None = None) -> Case | None:
    """The latest open case of a community, of that kind and about that person where they are named."""
    return _named(Case.objects.filter(community_id=community_id, state="open"), kind, identity_id).first()


def _named(open_ones: QuerySet[Work], kind: str, identity_id: int | None) -> QuerySet[Work]:
    if kind:
        open_ones = open_ones.filter(kind=kind)
    if identity_id is not None:
        open_ones = open_ones.filter(identity_id=identity_id)
    return open_ones.order_by("-id")


def list_tasks(community_ids: Collection[int], *, state: str = "open", limit: int = 100) -> list[Task]:
    """Tasks of these communities in that state, the most urgent first."""
    return list(Task.objects.filter(community_id__in=community_ids, state=state).order_by("due_at", "id")[:limit])


def list_cases(community_ids: Collection[int], *, state: str = "open", limit: int = 100) -> list[Case]:
    """Cases of these communities in that state, newest first."""
    return list(Case.objects.filter(community_id__in=community_ids, state=state).order_by("-id")[:limit])


def count_open_tasks(community_ids: Collection[int] | None) -> int:
    """Open tasks of these communities; None means of all."""
    tasks = Task.objects.filter(state="open")
    return (tasks if community_ids is None else tasks.filter(community_id__in=community_ids)).count()


def count_open_cases(community_ids: Collection[int] | None) -> int:
    """Open cases of these communities; None means of all."""
    cases = Case.objects.filter(state="open")
    return (cases if community_ids is None else cases.filter(community_id__in=community_ids)).count()


def count_open_by_community(community_ids: Collection[int]) -> dict[int, int]:
    """How many tasks and cases wait for a person in each of these communities; those without are absent."""
    found: dict[int, int] = {}
    for model in (Task, Case):
        rows = model.objects.filter(state="open", community_id__in=community_ids).order_by().values("community_id")
        for community, count in rows.annotate(n=Count("pk")).values_list("community_id", "n"):
            found[community] = found.get(community, 0) + count
    return found


def find_task(task_id: int) -> Task | None:
    """That task, None where there is none."""
    return Task.objects.filter(pk=task_id).first()


def list_done_tasks(community_ids: Collection[int], since: datetime, limit: int) -> list[Task]:
    """Tasks of these communities that were done since then, the latest first."""
    done = Task.objects.filter(community_id__in=community_ids, state="done", done_at__gte=since)
    return list(done.order_by("-done_at")[:limit])


def list_decided_cases(community_ids: Collection[int], since: datetime, limit: int) -> list[Case]:
    """Cases of these communities that somebody decided since then, the latest first."""
    decided = Case.objects.filter(community_id__in=community_ids, closed_at__gte=since, closed_by__isnull=False)
    return list(decided.exclude(state="open").order_by("-closed_at")[:limit])


def list_answered(community_ids: Collection[int], keys: Collection[str]) -> set[str]:
    """Which of these appeals, by their keys, a person of these communities has answered."""
    answered = Case.objects.filter(
        community_id__in=community_ids, key__in=keys, kind="appeal", state__in=("lifted", "upheld")
    )
    return set(answered.values_list("key", flat=True))


def find_case(case_id: int) -> Case | None:
    """That case, None where there is none."""
    return Case.objects.filter(pk=case_id).first()


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task as whoever asked for it follows it: ``state`` is open or done."""

    id: int
    key: str
    identity_id: int | None
    state: str
    assigned: str
    due_at: datetime | None
    done_at: datetime | None
    details: str


def list_task_states(keys: Collection[str]) -> dict[str, TaskState]:
    """The latest task of each of these keys, open or done; what was never asked for is absent."""
    columns = ("pk", "key", "identity_id", "state", "assigned", "due_at", "done_at", "details")
    found = Task.objects.filter(key__in=keys).order_by("id").values_list(*columns)
    return {row[1]: TaskState(*row) for row in found}


def list_task_keys(task_ids: Collection[int]) -> dict[int, str]:
    """The keys of these tasks; one query, none for no tasks."""
    return dict(Task.objects.filter(pk__in=task_ids).values_list("pk", "key")) if task_ids else {}


def list_tasks_with(keys: Collection[str]) -> list[Task]:
    """The tasks of these keys, open and done, in the order of their opening; one query, none for no keys."""
    return list(Task.objects.filter(key__in=keys).order_by("id")) if keys else []


def list_decisions_about(group_ids: Collection[int], since: datetime, until: datetime) -> dict[tuple[int, str], bool]:
    """By (group, key of the message) what people decided in cases opened in that time because of it: whether something was done about it."""
    decided = Case.objects.filter(
        group_id__in=group_ids, kind="approval", opened_at__gte=since, opened_at__lt=until, closed_by__isnull=False
    )
    places = (
        decided.exclude(message_key="")
        .exclude(state__in=("open", "undone"))
        .order_by("id")
        .values_list("group_id", "message_key", "state")
    )
    return {(group, key): state != "dismissed" for group, key, state in places if group is not None}


@dataclass(frozen=True, slots=True)
class QueueWish:
    """Whose queue: open cases of these communities (None: of all), without what ``user_id`` handed on to others.

    What was given to them heads it; then what is overdue (appeals opened before ``overdue``), then by suspicion, or the
    oldest first. What they said yes to and somebody else has to, comes last.
    """

    community_ids: Collection[int] | None
    user_id: int
    overdue: datetime
    is_oldest_first: bool = False


def list_queue(wish: QueueWish, limit: int) -> list[Case]:
    """The cases of a queue, in its order."""
    suspicion = () if wish.is_oldest_first else (F("score").desc(nulls_last=True),)
    known = _queue(wish).annotate(
        is_given=_truth(Q(assigned__isnull=False) & Q(assigned=wish.user_id)),
        is_late=_truth(Q(kind="appeal") & Q(opened_at__lt=wish.overdue)),
        is_said=_truth(Q(first_by__isnull=False) & Q(first_by=wish.user_id)),
    )
    return list(known.order_by("is_said", "-is_given", "-is_late", *suspicion, "opened_at", "pk")[:limit])


def count_queue(wish: QueueWish) -> int:
    """How many cases are in a queue."""
    return _queue(wish).count()


def count_open_and_queued(community_ids: Collection[int] | None, wish: QueueWish) -> tuple[int, int]:
    """How many cases are open in these communities (None: in all), and how many are in a queue; in one query."""
    counts = Case.objects.filter(state="open").aggregate(
        open=Count("pk", filter=_within(community_ids)),
        queued=Count("pk", filter=_within(wish.community_ids) & ~_handed_on(wish)),
    )
    return counts["open"], counts["queued"]


def _within(community_ids: Collection[int] | None) -> Q:
    return Q(pk__isnull=False) if community_ids is None else Q(community_id__in=community_ids)


def _truth(what: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(what, output_field=BooleanField())


def _queue(wish: QueueWish) -> QuerySet[Case]:
    return Case.objects.filter(_within(wish.community_ids), state="open").exclude(_handed_on(wish))


def _handed_on(wish: QueueWish) -> Q:
    """What they gave to somebody else, and did not get back."""
    is_theirs = Q(assigned__isnull=False) & Q(assigned=wish.user_id)
    return Q(handed_on_by__isnull=False) & Q(handed_on_by=wish.user_id) & ~is_theirs


def list_decided_by(user_id: int, limit: int) -> list[Case]:
    """The latest cases that somebody decided, the latest first."""
    decided = Case.objects.filter(closed_by=user_id, closed_at__isnull=False).exclude(state="open")
    return list(decided.order_by("-closed_at", "-pk")[:limit])


def count_decided_by(user_id: int, since: datetime) -> int:
    """How many cases somebody decided since then."""
    return Case.objects.filter(closed_by=user_id, closed_at__gte=since).exclude(state="open").count()


def count_alike(case: Case) -> dict[str, int]:
    """How cases of the same capability and reason in the same community were decided by people, by state."""
    alike = Case.objects.filter(community_id=case.community_id, capability=case.capability, reason=case.reason)
    decided = alike.exclude(state__in=("open", "undone")).filter(closed_by__isnull=False)
    return dict(decided.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))

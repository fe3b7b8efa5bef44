"""What people finished today, with the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qunying.communities.access import Reach
from qunying.communities.queries import get_group_names
from qunying.console.colleagues import names_of_colleagues
from qunying.console.reasons import tell_title
from qunying.console.today.analytics import begin_of_today
from qunying.desk.actions import do_close_case, do_finish_task, do_reopen_task
from qunying.desk.queries import find_case, find_task, list_decided_cases, list_done_tasks
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.review.deciding import APPEAL, APPROVAL, FAILED

SHOWN = 15


@dataclass(frozen=True, slots=True)
class Done:
    """One finished line. ``undo`` is where its way back posts to, empty where there is none."""

    key: str
    what: str
    at: datetime
    where: tuple[str, ...]
    undo: str = ""


def read_done(communities: Mapping[int, str], now: datetime) -> list[Done]:
    """What was finished in these communities since midnight, the latest first."""
    ids, since = list(communities), begin_of_today(now)
    tasks, cases = list_done_tasks(ids, since, SHOWN), list_decided_cases(ids, since, SHOWN)
    places = {row.group_id for row in tasks if row.group_id} | {row.group_id for row in cases if row.group_id}
    groups = get_group_names(places)
    people = names_of_colleagues(
        {row.done_by_id for row in tasks if row.done_by_id} | {row.closed_by_id for row in cases if row.closed_by_id}
    )
    done = [
        Done(
            key=f"task{task.pk}",
            what=tell_title(task.title),
            at=task.done_at or now,
            where=_shown(groups.get(task.group_id or 0), people.get(task.done_by_id or 0)),
            undo=reverse("console:today-undone", args=[task.pk]),
        )
        for task in tasks
    ]
    done += [
        Done(
            key=f"case{case.pk}",
            what=_decided(case.kind, case.state),
            at=case.closed_at or now,
            where=_shown(groups.get(case.group_id or 0), people.get(case.closed_by_id or 0)),
        )
        for case in cases
    ]
    return sorted(done, key=lambda one: one.at, reverse=True)[:SHOWN]


def _decided(kind: str, state: str) -> str:
    if kind == APPEAL:
        return _("申诉有理，撤销了处理") if state == "lifted" else _("答复了一件申诉")
    if kind != APPROVAL:
        return _("看过了一件出错的判断") if kind == FAILED else _("判断了一件事")
    if state == "softened":
        return _("放轻了一件")
    return _("点头放行了一条") if state == "approved" else _("没同意发一条")


def _shown(*parts: str | None) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def do_finish(task_id: int, reach: Reach, *, user_id: int, at: datetime) -> str:
    """Marks a task within somebody's reach as done; answers its title. Raises ``BadUse`` where there is none open."""
    task = find_task(task_id)
    if task is None or not reach.covers(task.community_id):
        raise BadUse(mark("没有这一件"))
    if not do_finish_task(task_id, user_id=user_id, at=at):
        raise BadUse(mark("别人已经做完了"))
    return tell_title(task.title)


def do_reopen(task_id: int, reach: Reach, *, user_id: int, at: datetime) -> str:
    """Takes «done» back; answers the title. Raises ``BadUse`` where the task is open or not within reach."""
    task = find_task(task_id)
    if task is None or not reach.covers(task.community_id):
        raise BadUse(mark("没有这一件"))
    try:
        with transaction.atomic():
            is_open = do_reopen_task(task_id, user_id=user_id, at=at)
    except IntegrityError as error:  # the same work was opened anew meanwhile, and there is one open task per key
        raise BadUse(mark("同一件事已经重新开了一件")) from error
    if not is_open:
        raise BadUse(mark("它本来就开着"))
    return tell_title(task.title)


def do_see_case(case_id: int, reach: Reach, *, user_id: int, at: datetime) -> None:
    """Closes a case that only wanted to be looked at. Raises ``BadUse`` for what is decided at the review."""
    case = find_case(case_id)
    if case is None or not reach.covers(case.community_id) or case.kind in (APPROVAL, APPEAL):
        raise BadUse(mark("没有这一件"))
    if not do_close_case(case.key, is_approved=False, user_id=user_id, at=at):
        raise BadUse(mark("别人已经看过了"))

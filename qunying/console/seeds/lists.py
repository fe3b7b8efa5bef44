"""Shortlists put into words: who is on them, what is planned, whether they stayed and what they started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.console.colleagues import names_of_colleagues
from qunying.console.seeds.context import ListedRow, ListLine, ListPage, ListsPage
from qunying.console.seeds.head import SeedsHead
from qunying.desk.queries import TaskState, list_task_states
from qunying.insights.seeds.following import COMPARED, Followed, follow
from qunying.insights.seeds.kept import signals_of_row
from qunying.insights.seeds.signals import Signals
from qunying.insights.seeds.winning import Candidate, talk_key
from qunying.people.ladder import list_signals_of
from qunying.people.shortlists import (
    ShortlistedRow,
    ShortlistRow,
    list_people_by_list,
    list_shortlisted,
    list_shortlists,
)
from qunying.ui.figures import number

DONE = "done"
MUCH = 1.2


def read_lists(head: SeedsHead) -> ListsPage:
    """All lists of a community, with how many of each were talked with."""
    found = list_shortlists(head.id)
    people = list_people_by_list([one.id for one in found])
    tasks = list_task_states([talk_key(pk, person) for pk, some in people.items() for person in some])
    users = names_of_colleagues({one.made_by for one in found if one.made_by})
    return ListsPage(head, tuple(_line(head, one, people.get(one.id, ()), tasks, users) for one in found))


def _line(
    head: SeedsHead,
    one: ShortlistRow,
    people: Sequence[int],
    tasks: Mapping[str, TaskState],
    users: Mapping[int, str],
) -> ListLine:
    states = [tasks[talk_key(one.id, person)].state for person in people if talk_key(one.id, person) in tasks]
    return ListLine(
        id=one.id,
        href=reverse("console:seeds-list", args=[head.id, one.id]),
        name=one.name,
        people=one.people,
        made_at=one.made_at,
        made_by=users.get(one.made_by or 0, ""),
        talked=states.count(DONE),
        planned=len(states),
    )


def candidates_of(head: SeedsHead, people: Sequence[ShortlistedRow]) -> list[Candidate]:
    """Those on a list with what they did as last counted."""
    rows = list_signals_of(head.id, [one.person_id for one in people])
    return [
        Candidate(
            one.person_id,
            one.name,
            signals_of_row(rows[one.person_id]) if one.person_id in rows else Signals(),
            one.listed_as,
        )
        for one in people
    ]


def read_list(head: SeedsHead, shortlist: ShortlistRow, now: datetime, error: str = "", typed: str = "") -> ListPage:
    """One list: everybody beside as long a time before."""
    people = list_shortlisted(shortlist.id)
    followed = follow(people, head.id, head.timezone, now)
    keys = {one.person_id: talk_key(shortlist.id, one.listed_as) for one in people}
    tasks = list_task_states(list(keys.values()))
    rows = tuple(_row(one, tasks.get(keys[one.person_id])) for one in followed)
    return ListPage(
        head=head,
        id=shortlist.id,
        name=shortlist.name,
        title=_title(followed),
        how=_(
            "从放进名单那天起到昨天，最多看最近 %(days)s 天，和放进名单之前同样长的一段比。说过话的天数、带起的（有别人接话的）对话都只数这个社群的群。"
        )
        % {"days": number(COMPARED)},
        rows=rows,
        planned=len(tasks),
        talked=sum(task.state == DONE for task in tasks.values()),
        is_dropped=shortlist.dropped_at is not None,
        error=error,
        typed=typed or shortlist.name,
    )


def _title(followed: Sequence[Followed]) -> str:
    """The answer: did they stay, and what did they start."""
    if not followed:
        return _("名单上还没有人")
    stayed = sum(one.is_present for one in followed)
    numbers = {"people": number(len(followed)), "stayed": number(stayed)}
    if not any(one.span for one in followed):
        return _("%(people)s 人，今天才放进名单，明天起看得到变化") % numbers
    begun = sum(one.since.openings for one in followed)
    words = ngettext(
        "%(people)s 人里 %(stayed)s 人还在，带起了 %(n)s 段对话",
        "%(people)s 人里 %(stayed)s 人还在，带起了 %(n)s 段对话",
        begun,
    )
    return words % {**numbers, "n": number(begun)}


def _row(one: Followed, task: TaskState | None) -> ListedRow:
    change, tone = _change(one)
    talk, talk_tone = _talk(task)
    span = max(1, one.span)
    return ListedRow(
        person_id=one.person_id,
        name=one.name,
        href=reverse("console:person", args=[one.person_id]),
        added_at=one.added_at,
        is_present=one.is_present,
        days=_beside(one.before.days, one.since.days, one.span),
        openings=_beside(one.before.openings, one.since.openings, one.span),
        days_part=min(1.0, one.since.days / span),
        days_before_part=min(1.0, one.before.days / span),
        change=change,
        tone=tone,
        talk=talk,
        talk_tone=talk_tone,
        talk_due=task.due_at if task and task.state != DONE else None,
        words=task.details if task else "",
    )


def _beside(before: int, since: int, span: int) -> str:
    return f"{number(before)} → {number(since)}" if span else "–"


def _change(one: Followed) -> tuple[str, str]:
    """What became of somebody, in two words, and in which tone."""
    if not one.is_present:
        return _("走了"), "act"
    if not one.span:
        return _("才放进来"), "plain"
    if not one.since.days:
        return _("没再说话"), "look"
    before, since = one.before.days + one.before.openings, one.since.days + one.since.openings
    if since >= MUCH * before:
        return _("更常来了"), "teal"
    return (_("和以前差不多"), "plain") if MUCH * since >= before else (_("来得少了"), "look")


def _talk(task: TaskState | None) -> tuple[str, str]:
    if task is None:
        return _("没安排"), "plain"
    if task.state == DONE:
        return _("聊过了"), "teal"
    return (_("%(name)s 去聊") % {"name": task.assigned} if task.assigned else _("等人去聊")), "look"

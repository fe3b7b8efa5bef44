"""What needs a person now, ranked by what waiting costs: people hurt first, then promises, then what would be nice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.queries import get_group_names
from qunying.console.reasons import tell_kind, tell_title
from qunying.console.today.cases import want_cases
from qunying.console.today.rehearsed import want_rehearsals
from qunying.console.today.wanting import Names, Need, Waiting, Wanting
from qunying.desk.queries import list_cases, list_tasks
from qunying.insights.queries import Weeks
from qunying.intake.queries import FailedEnvelopes, failed_by_community
from qunying.kernel.capability import TodayLine
from qunying.outbox.hands import KIND as BY_HAND
from qunying.outbox.hands import read_details
from qunying.outbox.queries import Doubtful, list_asked_in, list_in_doubt
from qunying.pipeline.review.deciding import APPROVAL
from qunying.pipeline.roster import ROSTER
from qunying.ui.figures import duration, exact, percent

LOOKED_AT = 200
SOON = timedelta(hours=12)
HURRY = timedelta(minutes=15)
WORDS_SHOWN = 60


class Todo(Waiting, Protocol):
    """A task."""

    kind: str
    title: str
    assigned: str
    details: str
    due_at: datetime | None


class Queued(Protocol):
    """An effect of the outbox as far as this list needs it."""

    pk: int
    group_id: int | None
    kind: str
    payload: Any
    queued_at: datetime
    expires_at: datetime


def rank_needs(communities: Names, quiet: Sequence[Weeks], now: datetime, user_id: int = 0) -> list[Wanting]:
    """Everything that waits for a person in these communities, the most harmful to leave first; ``user_id`` has their own too."""
    ids = list(communities)
    cases = list_cases(ids, limit=LOOKED_AT)
    found = [
        *(_want_task(task, communities, now) for task in list_tasks(ids, limit=LOOKED_AT)),
        *_want_approvals([case for case in cases if case.kind == APPROVAL and case.score is None], now),
        *want_cases(cases, communities, now),
        *_want_retries(communities),
        *_want_checks(ids),
        *_want_visits(quiet),
        *_want_of_capabilities(ids, now),
        *(want_rehearsals(user_id, communities) if user_id else ()),
    ]
    return sorted(found, key=lambda one: (-one.harm, one.at or now, one.key))


def tell_needs(shown: Sequence[Wanting]) -> tuple[Need, ...]:
    """These lines in words."""
    places = {place for one in shown for place in one.places if place}
    groups = get_group_names(places)
    return tuple(one.tell(groups) for one in shown)


def take_minutes(wanting: Iterable[Wanting]) -> int:
    """How long all of it will take, roughly."""
    return sum(one.minutes for one in wanting)


def _want_task(task: Todo, communities: Names, now: datetime) -> Wanting:
    late = task.due_at is not None and task.due_at < now
    soon = task.due_at is not None and not late and task.due_at - now < SOON
    tell = partial(_task, task, communities, now, late=late, soon=soon)
    harm = 0.8 if late else 0.5 if soon else 0.4
    return Wanting(f"task{task.pk}", harm, task.opened_at, tell, minutes=3, places=(task.group_id,))


def _task(task: Todo, communities: Names, now: datetime, groups: Names, *, late: bool, soon: bool) -> Need:
    said, way = read_details(task.details) if task.kind == BY_HAND else ("", "")
    return Need(
        key=f"task{task.pk}",
        what=tell_title(task.title),
        action=_("做完了"),
        href=_group(task.group_id),
        post=reverse("console:today-done", args=[task.pk]),
        where=(*_hands(task), *_where(task, groups, communities)),
        quote=said,
        way=way,
        lateness=_("过了 %(time)s") % {"time": duration(now - task.due_at)} if late and task.due_at else "",
        hurry=_("还剩 %(time)s") % {"time": duration(task.due_at - now)} if soon and task.due_at else "",
        at=task.opened_at,
        tone="act" if late else "look",
    )


def _hands(task: Todo) -> tuple[str, ...]:
    """Who is asked to do by hand what the platform would not let us."""
    return (task.assigned,) if task.kind == BY_HAND and task.assigned else ()


def _want_approvals(cases: Sequence[Waiting], now: datetime) -> list[Wanting]:
    """Effects that wait for a nod: one line per kind, so that forty greetings do not bury the one removal."""
    by_kind: dict[str, list[Queued]] = defaultdict(list)
    for item in list_asked_in([case.key for case in cases]) if cases else ():
        by_kind[item.kind].append(item)
    return [_want_approval(kind, waiting, now) for kind, waiting in by_kind.items()]


def _want_approval(kind: str, items: Sequence[Queued], now: datetime) -> Wanting:
    ends = min(item.expires_at for item in items)
    harm = 0.7 if ends - now < HURRY else 0.55
    tell = partial(_approval, kind, items, ends, now)
    return Wanting(f"approve{kind}", harm, items[0].queued_at, tell, len(items), (items[0].group_id,))


def _approval(kind: str, items: Sequence[Queued], ends: datetime, now: datetime, groups: Names) -> Need:
    places = {item.group_id for item in items}
    words = str(items[0].payload.get("text", ""))[:WORDS_SHOWN]
    what = ngettext("%(n)s 条等你点头：%(kind)s", "%(n)s 条等你点头：%(kind)s", len(items))
    quote = (_("「%(words)s」") % {"words": words},) if words else ()
    return Need(
        key=f"approve{kind}",
        what=what % {"n": exact(len(items)), "kind": tell_kind(kind)},
        action=_("去点头"),
        name=groups.get(items[0].group_id or 0, "") if len(places) == 1 else "",
        href=_address("console:review"),
        where=(
            *(() if len(places) == 1 else (ngettext("%(n)s 个群", "%(n)s 个群", len(places)) % {"n": len(places)},)),
            *quote,
        ),
        hurry=_("%(time)s后作废") % {"time": duration(ends - now)} if timedelta(0) < ends - now < SOON else "",
        lateness=_("已经过了时候，同意也会照发") if ends <= now else "",
        at=items[0].queued_at,
    )


def _want_retries(communities: Names) -> list[Wanting]:
    return [
        Wanting(f"failed{row.community_id}", 0.78, row.oldest_at, partial(_retry, row, communities))
        for row in failed_by_community(list(communities))
    ]


def _retry(row: FailedEnvelopes, communities: Names, _groups: Names) -> Need:
    return Need(
        key=f"failed{row.community_id}",
        what=ngettext("%(n)s 条没能处理", "%(n)s 条没能处理", row.count) % {"n": exact(row.count)},
        action=_("再试一次"),
        name=communities[row.community_id],
        post=reverse("console:today-retry", args=[row.community_id]),
        where=(_("后面的照常处理，这几条先放着"),),
        at=row.oldest_at,
        tone="act",
    )


def _want_checks(community_ids: Sequence[int]) -> list[Wanting]:
    items = list_in_doubt(community_ids, LOOKED_AT)
    if not items:
        return []
    places = tuple(dict.fromkeys(item.group_id for item in items))[:3]
    tell = partial(_check, items, places)
    return [Wanting("doubt", 0.6, items[0].queued_at, tell, minutes=len(items), places=places)]


def _check(items: Sequence[Doubtful], places: Sequence[int | None], groups: Names) -> Need:
    names = (groups.get(place or 0, "") for place in places)
    return Need(
        key="doubt",
        what=ngettext("%(n)s 条不知道发没发成", "%(n)s 条不知道发没发成", len(items)) % {"n": exact(len(items))},
        action=_("去核对"),
        href=_address("console:outbox", query="?state=unknown"),
        where=(_("到群里看一眼，发了就勾「已发出」"), _("、").join(filter(None, names))),
        at=items[0].queued_at,
    )


def _want_visits(quiet: Sequence[Weeks]) -> list[Wanting]:
    """Only the quietest: the others stand beside, and a list of forty would bury what is urgent."""
    return [Wanting(f"quiet{quiet[0].group_id}", 0.1, None, partial(_visit, quiet[0], len(quiet) - 1))] if quiet else []


def _visit(worst: Weeks, others: int, _groups: Names) -> Need:
    said = _("到昨天的 7 天 %(this)s 条，之前 7 天 %(last)s 条") % {
        "this": exact(worst.counts[-1]),
        "last": exact(worst.counts[-2]),
    }
    more = ngettext("另外 %(n)s 个群也静下来了", "另外 %(n)s 个群也静下来了", others) % {"n": exact(others)}
    return Need(
        key=f"quiet{worst.group_id}",
        what=_("一周安静了 %(share)s") % {"share": percent(-(worst.change or 0.0))},
        action=_("看群"),
        name=worst.name,
        href=_group(worst.group_id),
        where=(said, more) if others else (said,),
        tone="hollow",
    )


def _want_of_capabilities(community_ids: Sequence[int], now: datetime) -> list[Wanting]:
    return [
        Wanting(f"{capability.name}{place}", line.harm, line.at, partial(_line, f"{capability.name}{place}", line))
        for capability in ROSTER
        if capability.today is not None
        for place, line in enumerate(capability.today(community_ids, now))
    ]


def _line(key: str, line: TodayLine, _groups: Names) -> Need:
    return Need(
        key=key,
        what=line.what,
        action=line.action,
        href=line.href,
        where=(line.where,) if line.where else (),
        at=line.at,
        tone=line.tone or "hollow",
    )


def _where(row: Waiting, groups: Names, communities: Names) -> tuple[str, ...]:
    names = (groups.get(row.group_id or 0, ""), communities.get(row.community_id, ""))
    return tuple(name for name in names if name)


def _group(group_id: int | None) -> str:
    return reverse("console:group", args=[group_id]) if group_id else ""


def _address(url_name: str, query: str = "") -> str:
    try:
        return reverse(url_name) + query
    except NoReverseMatch:  # the screen was taken out
        return ""

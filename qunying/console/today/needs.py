"""What needs a person now, ranked by what waiting costs: people hurt first, then promises, then what would be nice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.urls import NoReverseMatch, reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.queries import infos_of_groups
from qunying.console.reasons import tell_kind, tell_title
from qunying.desk.queries import list_cases, list_tasks
from qunying.insights.queries import Weeks
from qunying.intake.queries import failed_by_community
from qunying.kernel.capability import TodayLine
from qunying.outbox.queries import items_by_key, list_in_doubt
from qunying.pipeline.roster import ROSTER
from qunying.ui.figures import duration, exact, percent

LOOKED_AT = 200
APPROVAL = "approve:"
SOON = timedelta(hours=12)
HURRY = timedelta(minutes=15)
WORDS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Need:
    """One line: what, where, how long, one action. ``post`` is where its button posts to, else ``href`` is followed.

    Addresses are made when they are shown: of hundreds of lines a page shows a dozen. ``harm`` 0…1 orders the list; ``lateness`` is shown in red, ``hurry`` in amber; ``minutes`` is what it takes.
    """

    key: str
    what: str
    harm: float
    action: str
    name: str = ""
    href: str | Promise = ""
    post: str | Promise = ""
    where: tuple[str, ...] = ()
    lateness: str = ""
    hurry: str = ""
    at: datetime | None = None
    tone: str = "look"
    minutes: int = 2


class Waiting(Protocol):
    """A task or a case as far as this list needs it."""

    pk: int
    key: str
    community_id: int
    group_id: int | None
    kind: str
    opened_at: datetime


class Todo(Waiting, Protocol):
    """A task."""

    title: str
    due_at: datetime | None


class Queued(Protocol):
    """An effect of the outbox as far as this list needs it."""

    pk: int
    group_id: int | None
    kind: str
    payload: Any
    queued_at: datetime
    expires_at: datetime


def read_needs(communities: Mapping[int, str], quiet: Sequence[Weeks], now: datetime) -> list[Need]:
    """Everything that waits for a person in these communities, the most harmful to leave first."""
    ids = list(communities)
    tasks, cases = list_tasks(ids, limit=LOOKED_AT), list_cases(ids, limit=LOOKED_AT)
    doubtful = list_in_doubt(ids, LOOKED_AT)
    rows: list[Todo | Waiting | Queued] = [*tasks, *cases, *doubtful]
    places = {row.group_id for row in rows if row.group_id}
    groups = {pk: info.name for pk, info in infos_of_groups(places).items()} if places else {}
    found = [
        *(_task(task, groups, communities, now) for task in tasks),
        *_approvals([case for case in cases if case.kind == "approval"], groups, now),
        *(_case(case, groups, communities) for case in cases if case.kind != "approval"),
        *_failed(communities),
        *_doubts(doubtful, groups),
        *_quiet(quiet),
        *_of_capabilities(ids, now),
    ]
    return sorted(found, key=lambda need: (-need.harm, need.at or now, need.key))


def take_minutes(needs: Iterable[Need]) -> int:
    """How long all of it will take, roughly."""
    return sum(need.minutes for need in needs)


def _task(task: Todo, groups: Mapping[int, str], communities: Mapping[int, str], now: datetime) -> Need:
    late = task.due_at is not None and task.due_at < now
    soon = task.due_at is not None and not late and task.due_at - now < SOON
    harm = 0.8 if late else 0.5 if soon else 0.4
    return Need(
        key=f"task{task.pk}",
        what=tell_title(task.title),
        harm=harm,
        action=_("做完了"),
        href=_group(task.group_id),
        post=reverse_lazy("console:today-done", args=[task.pk]),
        where=_where(task, groups, communities),
        lateness=_("过了 %(time)s") % {"time": duration(now - task.due_at)} if late and task.due_at else "",
        hurry=_("还剩 %(time)s") % {"time": duration(task.due_at - now)} if soon and task.due_at else "",
        at=task.opened_at,
        tone="act" if late else "look",
        minutes=3,
    )


def _approvals(cases: Sequence[Waiting], groups: Mapping[int, str], now: datetime) -> list[Need]:
    """Effects that wait for a nod: one line per kind, so that forty greetings do not bury the one removal."""
    items = items_by_key([case.key.removeprefix(APPROVAL) for case in cases]) if cases else {}
    by_kind: dict[str, list[Queued]] = defaultdict(list)
    for item in sorted(items.values(), key=lambda item: item.pk):
        by_kind[item.kind].append(item)
    return [_approval(kind, waiting, groups, now) for kind, waiting in by_kind.items()]


def _approval(kind: str, items: Sequence[Queued], groups: Mapping[int, str], now: datetime) -> Need:
    ends = min(item.expires_at for item in items)
    hurries = ends - now < HURRY
    places = {item.group_id for item in items}
    words = str(items[0].payload.get("text", ""))[:WORDS_SHOWN]
    what = ngettext("%(n)s 条等你点头：%(kind)s", "%(n)s 条等你点头：%(kind)s", len(items))
    quote = (_("「%(words)s」") % {"words": words},) if words else ()
    return Need(
        key=f"approve{kind}",
        what=what % {"n": exact(len(items)), "kind": tell_kind(kind)},
        harm=0.7 if hurries else 0.55,
        action=_("去点头"),
        name=groups.get(items[0].group_id or 0, "") if len(places) == 1 else "",
        href=_address("console:outbox", query="?state=needs_approval"),
        where=(
            *(() if len(places) == 1 else (ngettext("%(n)s 个群", "%(n)s 个群", len(places)) % {"n": len(places)},)),
            *quote,
        ),
        hurry=_("%(time)s后作废") % {"time": duration(ends - now)} if timedelta(0) < ends - now < SOON else "",
        lateness=_("已经过了时候，同意也会照发") if ends <= now else "",
        at=items[0].queued_at,
        tone="look",
        minutes=len(items),
    )


def _case(case: Waiting, groups: Mapping[int, str], communities: Mapping[int, str]) -> Need:
    is_failure = case.kind == "failed"
    return Need(
        key=f"case{case.pk}",
        what=_("判断时出了错，先拦着等人看一眼") if is_failure else _("有一件要你判断"),
        harm=0.75 if is_failure else 0.6,
        action=_("看过了"),
        name=groups.get(case.group_id or 0, ""),
        href=_group(case.group_id),
        post=reverse_lazy("console:today-seen", args=[case.pk]),
        where=_where(case, groups, communities)[1:] if case.group_id else _where(case, groups, communities),
        at=case.opened_at,
        tone="act" if is_failure else "look",
    )


def _failed(communities: Mapping[int, str]) -> list[Need]:
    return [
        Need(
            key=f"failed{row.community_id}",
            what=ngettext("%(n)s 条没能处理", "%(n)s 条没能处理", row.count) % {"n": exact(row.count)},
            harm=0.78,
            action=_("再试一次"),
            name=communities[row.community_id],
            post=reverse("console:today-retry", args=[row.community_id]),
            where=(_("后面的照常处理，这几条先放着"),),
            at=row.oldest_at,
            tone="act",
        )
        for row in failed_by_community(list(communities))
    ]


def _doubts(items: Sequence[Queued], groups: Mapping[int, str]) -> list[Need]:
    if not items:
        return []
    places = list(dict.fromkeys(groups.get(item.group_id or 0, "") for item in items))
    return [
        Need(
            key="doubt",
            what=ngettext("%(n)s 条不知道发没发成", "%(n)s 条不知道发没发成", len(items)) % {"n": exact(len(items))},
            harm=0.6,
            action=_("去核对"),
            href=_address("console:outbox", query="?state=unknown"),
            where=(_("到群里看一眼，发了就勾「已发出」"), _("、").join(filter(None, places[:3]))),
            at=items[0].queued_at,
            minutes=len(items),
        )
    ]


def _quiet(quiet: Sequence[Weeks]) -> list[Need]:
    """Only the quietest: the others stand beside, and a list of forty would bury what is urgent."""
    if not quiet:
        return []
    worst, others = quiet[0], len(quiet) - 1
    said = _("到昨天的 7 天 %(this)s 条，之前 7 天 %(last)s 条") % {
        "this": exact(worst.counts[-1]),
        "last": exact(worst.counts[-2]),
    }
    more = ngettext("另外 %(n)s 个群也静下来了", "另外 %(n)s 个群也静下来了", others) % {"n": exact(others)}
    return [
        Need(
            key=f"quiet{worst.group_id}",
            what=_("一周安静了 %(share)s") % {"share": percent(-(worst.change or 0.0))},
            harm=0.1,
            action=_("看群"),
            name=worst.name,
            href=_group(worst.group_id),
            where=(said, more) if others else (said,),
            tone="hollow",
        )
    ]


def _of_capabilities(community_ids: Sequence[int], now: datetime) -> list[Need]:
    lines = [
        (capability.name, place, line)
        for capability in ROSTER
        if capability.today is not None
        for place, line in enumerate(capability.today(community_ids, now))
    ]
    return [_of_line(f"{name}{place}", line) for name, place, line in lines]


def _of_line(key: str, line: TodayLine) -> Need:
    return Need(
        key=key,
        what=line.what,
        harm=line.harm,
        action=line.action,
        href=line.href,
        where=(line.where,) if line.where else (),
        at=line.at,
        tone=line.tone or "hollow",
    )


def _where(row: Waiting, groups: Mapping[int, str], communities: Mapping[int, str]) -> tuple[str, ...]:
    names = (groups.get(row.group_id or 0, ""), communities.get(row.community_id, ""))
    return tuple(name for name in names if name)


def _group(group_id: int | None) -> str | Promise:
    return reverse_lazy("console:group", args=[group_id]) if group_id else ""


def _address(url_name: str, query: str = "") -> str:
    try:
        return reverse(url_name) + query
    except NoReverseMatch:  # the screen was taken out
        return ""

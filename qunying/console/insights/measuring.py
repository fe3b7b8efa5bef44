"""One metric measured for what an address asks, and laid out to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, npgettext, pgettext

from qunying.communities.queries import CountedGroup, find_counted_group, list_counted_groups, list_counted_homes
from qunying.console.choices import Choice, changed, choices
from qunying.console.insights.context import Figure, MetricLine, MetricPage, PartLine
from qunying.console.insights.narrowing import Within, ask_segment, find_segment, narrow, only_of, tell_only
from qunying.console.reasons import tell_capability
from qunying.insights.answers import Answered, Question, answer
from qunying.insights.asking import span_of_days
from qunying.insights.journeys.catalogue import Journey
from qunying.insights.journeys.steps import STEPS
from qunying.insights.metric import BY_TRAIT, Metric
from qunying.insights.scope import Scope, local_day
from qunying.insights.words import way
from qunying.insights.words_of_layers import name as layer_name
from qunying.kernel.errors import BadUse
from qunying.people.layers import Layer
from qunying.people.segments import SegmentLine
from qunying.ui.charts import Week, day_name, hour_name
from qunying.ui.dates import tell_date
from qunying.ui.figures import duration, exact, number, percent
from qunying.ui.pages import Pages, kept_query, read_page
from qunying.ui.plots import Plot, Series

PAGE_SIZE = 50
SHARE = "占比"
SECONDS = "秒"
TIMES = ("median", "p90")
COUNTED = {"人", "条", "单", "元，或订单上的货币"}
SPANS: Mapping[str, int] = MappingProxyType({"7": 7, "28": 28, "90": 90, "365": 365})
DEFAULT_SPAN = "28"
BY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "day": gettext_noop("按天"),
        "week": gettext_noop("按周"),
        "month": gettext_noop("按月"),
        "weekday": gettext_noop("按星期几"),
        "hour": gettext_noop("按几点"),
        "weekday_hour": gettext_noop("按星期几和几点"),
        "group": gettext_noop("按群"),
        "community": gettext_noop("按社群"),
        "source": gettext_noop("按来路"),
        "deed": gettext_noop("按做的事"),
        "capability": gettext_noop("按能力"),
        "inviter": gettext_noop("按谁带来的"),
        "city": gettext_noop("按城市"),
        "industry": gettext_noop("按行业"),
        "layer": gettext_noop("按层"),
        "segment": gettext_noop("按人群"),
    }
)
APART_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "recalled": gettext_noop("其中撤回的"),
        "by_staff": gettext_noop("同事说的"),
        "by_bots": gettext_noop("机器人和我们说的"),
        "staff": gettext_noop("同事"),
        "bots": gettext_noop("机器人"),
        "invited": gettext_noop("有人带来的"),
        "removed": gettext_noop("被移出的"),
        "joined": gettext_noop("进来的"),
        "gone": gettext_noop("离开的"),
        "speakers": gettext_noop("说过话的"),
        "members": gettext_noop("在群成员"),
        "by_three": gettext_noop("前三位说的"),
        "messages": gettext_noop("一共"),
        "orders": gettext_noop("订单"),
        "items": gettext_noop("件数"),
        "refunds": gettext_noop("退款笔数"),
        "gross": gettext_noop("没减退款"),
        "refunded": gettext_noop("退掉的"),
        "median": gettext_noop("中位数"),
        "p90": gettext_noop("九成不超过"),
        "highest": gettext_noop("最高"),
        "repeaters": gettext_noop("买过两天以上的"),
        "buyers": gettext_noop("买过的人"),
        "times": gettext_noop("次数"),
        "daily": gettext_noop("平均每天"),
        "monthly": gettext_noop("月活"),
        "approved": gettext_noop("照做"),
        "softened": gettext_noop("放轻"),
        "dismissed": gettext_noop("放过"),
        "acts": gettext_noop("处理了几次"),
        "again": gettext_noop("再犯的人"),
        "warned": gettext_noop("满 30 天的人"),
        "lifted": gettext_noop("撤销处理"),
        "upheld": gettext_noop("维持处理"),
        "waiting": gettext_noop("还在等答复"),
    }
)
RANKED = frozenset({"group", "community", "source", "deed", "capability", *BY_TRAIT})
OF_TIME = ("day", "week", "month", "weekday", "hour")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a metric, wrong wishes replaced by the usual."""

    query: Mapping[str, str]
    by: str
    span: str
    community: str
    group: CountedGroup | None
    scope: Scope
    only: SegmentLine | None = None


def describe(metric: Metric | Journey) -> MetricLine:
    """A metric in the reader's language."""
    return MetricLine(
        name=metric.name,
        title=_(metric.title),
        definition=_(metric.definition),
        unit=_(metric.unit),
        caveats=tuple(_(caveat) for caveat in metric.caveats),
        by=tuple(_(BY_WORDS[by]) for by in metric.by),
    )


def read_metric(metric: Metric, here: Within, query: QueryDict, now: datetime, *, may_wait: bool = False) -> MetricPage:
    """The metric for the communities somebody may see, as the address narrows them down.

    With ``may_wait`` what some people only did is not counted yet: that takes longer than a page may.
    """
    asked = _read(metric, here, query, now)
    is_waiting = may_wait and asked.only is not None
    error = ""
    try:
        found = Answered([], {}, None, now) if is_waiting else _measured(metric, asked, now)
    except BadUse as told:
        found, error = Answered([], {}, None, now), told.said(_)
    rows, total = _within(asked, found.rows), found.total
    is_ranked = asked.by in RANKED and not is_waiting
    amount = _total(metric, total, rows)
    page = read_page(asked.query.get("page"), -(-len(rows) // PAGE_SIZE))
    kept = {key: value for key, value in asked.query.items() if key not in {"group", "segment", "page"}}
    return MetricPage(
        as_of=found.as_of,
        metric=describe(metric),
        scope=_scope_words(asked, metric),
        total=Figure(
            _(metric.title), _figure(metric, amount), _unit(metric, total) if metric.unit in COUNTED and amount else ""
        ),
        apart=_apart(metric, total),
        plot=_plot(metric, asked, rows, _unit(metric, total), is_over=asked.scope.until < now)
        if asked.by in OF_TIME and not is_waiting
        else None,
        week=_week(metric, rows) if asked.by == "weekday_hour" and not is_waiting else None,
        parts=_parts(metric, asked, rows, page) if is_ranked else (),
        pages=Pages(
            page, PAGE_SIZE, len(rows), npgettext("parts", "项", "项", len(rows)), kept_query(dict(asked.query))
        )
        if is_ranked
        else None,
        bys=choices({**asked.query, "by": asked.by}, "by", [(by, _(BY_WORDS[by])) for by in metric.by]),
        spans=_spans(metric, asked),
        communities=_communities(asked, here.communities),
        kept=tuple(kept.items()),
        group=asked.query.get("group", ""),
        is_brought="deeds" in metric.sources,
        error=_("没有叫「%(name)s」的群。") % {"name": asked.query["group"]}
        if asked.query.get("group") and asked.group is None
        else error,
        title=tell_only(_(metric.title), asked.only),
        only=only_of(asked.query, asked.only),
        segments=ask_segment(asked.query, here) if here.segments else None,
        query=query.urlencode(),
        is_waiting=is_waiting,
    )


def _scope_words(asked: Asked, metric: Metric) -> str:
    since = asked.scope.until - metric.window if metric.window else None
    return tell_scope(asked.scope, since, asked.group.name if asked.group else "")


def _apart(metric: Metric, total: Mapping[str, Any]) -> tuple[Figure, ...]:
    """What stands beside the number: parts told apart, and other currencies, which are never added."""
    tell = {name: duration if metric.unit == SECONDS and name in TIMES else exact for name in total}
    parts = [Figure(_(APART_WORDS[name]), tell[name](total[name])) for name in total if name in APART_WORDS]
    return (*parts, *(Figure(currency or _("没写货币"), exact(value)) for currency, value in total.get("others", ())))


def _unit(metric: Metric, total: Mapping[str, Any]) -> str:
    """The metric's unit; of money, the currency."""
    return str(total.get("currency", "")) if metric.money else _(metric.unit)


def _measured(metric: Metric, asked: Asked, now: datetime) -> Answered:
    """The rows, and the total where the metric has one."""
    if not (asked.scope.groups or asked.scope.homes):
        return Answered([], {}, None, now)
    question = Question(metric.name, asked.by, SPANS.get(asked.span, 0), tuple(sorted(asked.scope.community_ids)))
    return answer(question, narrow(asked.scope, asked.only), now)


def _within(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Without the few hours of the day before with which the span begins in zones further west: no day of its own."""
    if asked.by != "day" or not asked.scope.zones:
        return rows
    first = local_day(asked.scope.since, asked.scope.zones[0]).isoformat()
    return [row for row in rows if row["day"] >= first]


def _read(metric: Metric, here: Within, query: QueryDict, now: datetime) -> Asked:
    asked = {key: value for key, value in query.dict().items() if isinstance(value, str) and value}
    ids = here.ids
    community = asked.get("community", "")
    if community in {str(pk) for pk in ids}:
        ids = [int(community)]
    else:
        community = ""
    named = asked.get("group", "")
    group = find_counted_group(named, ids) if named else None
    chosen = (group,) if group else tuple(list_counted_groups(community_ids=ids))
    homes = tuple(list_counted_homes(ids)) if "deeds" in metric.sources and group is None else ()
    span = asked.get("span", "")
    span = span if span in {*SPANS, "all"} else DEFAULT_SPAN
    by = asked.get("by", "")
    return Asked(
        query=asked,
        by=by if by in metric.by else _usual(metric),
        span=span,
        community=community,
        group=group,
        scope=Scope(chosen, *span_of_days(chosen, SPANS.get(span, 0), now, homes), homes),
        only=find_segment(asked, here),
    )


def _usual(metric: Metric) -> str:
    return metric.always_by or next(by for by in ("day", "group", "source") if by in metric.by)


def _spans(metric: Metric, asked: Asked) -> tuple[Choice, ...]:
    if metric.window:
        return ()
    labels = [
        *((key, ngettext("近 %(n)d 天", "近 %(n)d 天", n) % {"n": n}) for key, n in SPANS.items()),
        ("all", _("从头到尾")),
    ]
    return choices({**asked.query, "span": asked.span}, "span", labels)


def _communities(asked: Asked, communities: Sequence[tuple[int, str]]) -> tuple[Choice, ...]:
    if len(communities) < 2:
        return ()
    labels = [("", _("所有社群")), *((str(pk), name) for pk, name in communities)]
    query = {key: value for key, value in asked.query.items() if key not in {"group", "community"}}
    here = {**query, "community": asked.community}
    return tuple(Choice(label, changed(query, community=value), value == here["community"]) for value, label in labels)


def tell_scope(scope: Scope, since: datetime | None = None, which: str = "") -> str:
    """Of what and of which days a number is: «3 个群，2024-03-01 到 …»; ``which`` and ``since`` where they are narrower."""
    if not scope.zones:
        return _("还没有群")
    zone = scope.zones[0]
    first = local_day(since or scope.since, zone)
    last = local_day(scope.until - timedelta(microseconds=1), zone)
    return _("%(which)s，%(first)s 到 %(last)s") % {
        "which": which or _which(scope),
        "first": _told_day(first),
        "last": _told_day(last),
    }


def _which(scope: Scope) -> str:
    if scope.homes:
        return ngettext("%(n)d 个社群", "%(n)d 个社群", len(scope.homes)) % {"n": len(scope.homes)}
    return ngettext("%(n)d 个群", "%(n)d 个群", len(scope.groups)) % {"n": len(scope.groups)}


def _total(metric: Metric, total: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> float | None:
    """Messages add up over days; people do not, so where only days are known there is no total."""
    if total:
        return _value(total)
    if metric.grain != "message" or not rows:
        return None
    return sum(_value(row) or 0 for row in rows)


def _value(row: Mapping[str, Any]) -> float | None:
    value = row.get("value")
    return None if value is None else float(value) if isinstance(value, float) else int(value)


def _figure(metric: Metric, value: float | None) -> str:
    if metric.unit == SHARE:
        return percent(value, 1)
    if metric.unit == SECONDS:
        return duration(value)
    return exact(value) if isinstance(value, float) else number(value)


def _with_unit(metric: Metric, value: float | None) -> str:
    """«1,435 条»; a share carries its unit already, a coefficient has none."""
    told = _figure(metric, value)
    if metric.money:
        return told
    return f"{told} {_(metric.unit)}" if metric.unit in COUNTED and value is not None else told


def _drawn(metric: Metric, value: float | None) -> float | None:
    """Shares are drawn as percent."""
    if value is None:
        return None
    return round(value * 100, 1) if metric.unit == SHARE else round(value, 3)


def _plot(metric: Metric, asked: Asked, rows: Sequence[Mapping[str, Any]], unit: str, *, is_over: bool) -> Plot:
    by = asked.by
    values = tuple(_drawn(metric, _value(row)) for row in rows)
    labels = tuple(_label(by, row[by]) for row in rows)
    known = [(value, place) for place, value in enumerate(values) if value is not None]
    top = max(known, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
    title = _("这段时间里没有")
    if top[0]:
        title = _("%(label)s最多，%(value)s") % {
            "label": _long_label(by, rows[top[1]][by]),
            "value": _with_unit(metric, _value(rows[top[1]])),
        }
    is_bar = by in {"weekday", "hour", "month"} or len(rows) <= 14
    return Plot(
        "bar" if is_bar else "line",
        title,
        _plot_note(metric, by, is_over=is_over),
        "%" if metric.unit == SHARE else unit,
        labels,
        (Series(_(metric.title), values),),
        (top[1],) if is_bar and top[0] else (),
    )


def _plot_note(metric: Metric, by: str, *, is_over: bool) -> str:
    note = _("%(title)s，%(by)s") % {"title": _(metric.title), "by": _(BY_WORDS[by])}
    unfinished = {"day": _("，今天还没过完"), "week": _("，这一周还没过完"), "month": _("，这个月还没过完")}
    return note if is_over else note + unfinished.get(by, "")


def _label(by: str, slot: Any) -> str:
    if by == "weekday":
        return day_name(int(slot) - 1)
    if by == "hour":
        return hour_name(int(slot))
    day = date.fromisoformat(slot)
    return tell_date(day, pgettext("axis date", "Y/n") if by == "month" else pgettext("axis date", "n/j"))


def _told_day(day: date) -> str:
    return tell_date(day, pgettext("date format", "Y 年 n 月 j 日"))


def _long_label(by: str, slot: Any) -> str:
    if by in {"weekday", "hour"}:
        return _label(by, slot)
    day = date.fromisoformat(slot)
    if by == "month":
        return tell_date(day, pgettext("date format", "Y 年 n 月"))
    told = tell_date(day, pgettext("date format", "n 月 j 日"))
    return _("%(day)s那一周") % {"day": told} if by == "week" else told


def _week(metric: Metric, rows: Sequence[Mapping[str, Any]]) -> Week:
    grid = (
        tuple(tuple(float(row["value"] or 0) for row in rows[day * 24 : day * 24 + 24]) for day in range(7))
        if len(rows) == 168
        else ((0.0,) * 24,) * 7
    )
    top, day, hour = max((value, -d, -h) for d, row in enumerate(grid) for h, value in enumerate(row))
    title = _("%(day)s %(hour)s最多，%(n)s 条") % {"day": day_name(-day), "hour": hour_name(-hour), "n": exact(top)}
    return Week(title if top else _("这段时间里没有"), _("每小时消息数，按当地时间"), _(metric.unit), grid)


def _part(metric: Metric, by: str, row: Mapping[str, Any]) -> str:
    """What a part is called: a way of coming, a shop or platform, a thing people do, a layer, or its own name."""
    if by == "source":
        return (str(row["source"]) or _("没写来源")) if "deeds" in metric.sources else way(str(row["source"]))
    if by == "layer":
        return layer_name(Layer(row["layer"])) if row["layer"] else _("已经不在群里，或是同事、机器人")
    if by == "inviter":
        return str(row["inviter"]) or (f"#{row['inviter_id']}" if row["inviter_id"] else _("不知道谁带来的"))
    if by == "capability":
        return tell_capability(str(row[by]))
    if by in {"city", "industry"}:
        return str(row[by]) or _("名片上没写")
    return _(STEPS.get(row["deed"], row["deed"])) if by == "deed" else str(row[by])


def _where_to(by: str, row: Mapping[str, Any]) -> str:
    """The page of a part that has one."""
    if by == "group":
        return reverse("console:group", args=[row["group_id"]])
    return reverse("console:person", args=[row["inviter_id"]]) if by == "inviter" and row["inviter_id"] else ""


def _parts(metric: Metric, asked: Asked, rows: Sequence[Mapping[str, Any]], page: int) -> tuple[PartLine, ...]:
    ranked = sorted(rows, key=lambda row: -(_value(row) or 0.0))
    most = max((abs(_value(row) or 0.0) for row in ranked), default=0.0) or 1.0
    shown = ranked[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return tuple(
        PartLine(
            name=_part(metric, asked.by, row),
            value=_figure(metric, _value(row)),
            bar=max(0.0, (_value(row) or 0.0) / most),
            href=_where_to(asked.by, row),
        )
        for row in shown
    )

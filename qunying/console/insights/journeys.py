"""Funnels, retention and life cycle as pages: what is asked stands at once, the answer is counted when the page asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.communities.queries import find_counted_group, list_counted_groups, list_counted_homes
from qunying.console.choices import choices
from qunying.console.insights.churning import tell_churn
from qunying.console.insights.context import Ask, HeatCell, HeatRow, JourneyAnswer, JourneyPage, MetricLine, StageLine
from qunying.console.insights.measuring import tell_scope
from qunying.console.insights.pathing import tell_paths
from qunying.console.insights.replying import tell_replies
from qunying.deeds.queries import list_kinds_of_deeds
from qunying.insights.asking import record_of, span_of_days
from qunying.insights.journeys.catalogue import (
    CHURN,
    DEFAULT_WINDOW,
    FUNNEL,
    LIFE_CYCLE,
    PATHS,
    REPLIES,
    RETENTION,
    Journey,
    Wish,
    silent_days,
)
from qunying.insights.journeys.steps import CAME, SAID, STEPS, read_window
from qunying.insights.replies import read_replies
from qunying.insights.scope import Scope
from qunying.insights.words import way
from qunying.kernel.errors import BadUse
from qunying.ui.charts import heat_level
from qunying.ui.dates import tell_date
from qunying.ui.figures import duration, number, percent

SPANS = {"28": 28, "90": 90, "365": 365}
DEFAULT_SPAN = "90"
WINDOWS = {
    "1d": gettext_noop("1 天内"),
    "7d": gettext_noop("7 天内"),
    "30d": gettext_noop("30 天内"),
    "90d": gettext_noop("90 天内"),
}
EVERY = {"day": gettext_noop("按天"), "week": gettext_noop("按周"), "month": gettext_noop("按月")}
OF_TALK = (PATHS, CHURN, REPLIES)
MOST_GROUPS = 300  # whose talk is read while somebody waits; the command takes its time for more
SILENT_DAYS = {
    "": gettext_noop("自己离开的人"),
    "14": gettext_noop("14 天没再说话的人"),
    "30": gettext_noop("30 天没再说话的人"),
}
STEP_PLACES = 4
SHOWN = {"day": (1, 2, 3, 4, 5, 6, 7, 14, 21, 30), "week": tuple(range(1, 13)), "month": tuple(range(1, 13))}
COHORT = {"day": "week", "week": "week", "month": "month"}


def read_page(journey: Journey, communities: Sequence[tuple[int, str]], query: QueryDict, now: datetime) -> JourneyPage:
    """What is asked, without the answer."""
    asked = asked_of(query)
    ids = [pk for pk, _name in communities]
    homes = [("", _("所有社群")), *((str(pk), name) for pk, name in communities)] if len(ids) > 1 else []
    spans = [
        *((key, ngettext("近 %(n)d 天", "近 %(n)d 天", n) % {"n": n}) for key, n in SPANS.items()),
        ("all", _("从头到尾")),
    ]
    return JourneyPage(
        metric=MetricLine(
            name=journey.name,
            title=_(journey.title),
            definition=_(journey.definition),
            unit=_(journey.unit),
            caveats=tuple(_(caveat) for caveat in journey.caveats),
            by=(),
        ),
        asks=_asks(journey, asked, list_kinds_of_deeds(ids)),
        communities=choices({**asked, "community": _community(asked, ids)}, "community", homes),
        spans=choices({**asked, "span": _span(asked)}, "span", spans),
        kept=tuple((name, asked[name]) for name in ("community", "span") if name in asked),
        query=query.urlencode(),
        group=asked.get("group", ""),
    )


def read_answer(
    journey: Journey, communities: Sequence[tuple[int, str]], query: QueryDict, now: datetime
) -> JourneyAnswer:
    """The answer; a step that is none is said where it would stand."""
    asked = asked_of(query)
    scope, began_at = read_scope(asked, [pk for pk, _name in communities], now)
    words = tell_scope(scope, which=scope.groups[0].name if asked.get("group") and scope.groups else "")
    if not (scope.groups or scope.homes):
        if asked.get("group"):
            error = _("没有叫「%(name)s」的群。") % {"name": asked["group"]}
            return JourneyAnswer(title=_("这样问不出来"), scope=words, error=error)
        return JourneyAnswer(title=_("还没有社群"), scope=words)
    if journey in OF_TALK and len(scope.groups) > MOST_GROUPS:
        error = _("这样看要翻聊天记录，一次最多 %(n)d 个群：选一个社群，或者写一个群的备注。") % {"n": MOST_GROUPS}
        return JourneyAnswer(title=_("群太多了"), scope=words, error=error)
    if journey is PATHS:
        return tell_paths(scope, began_at, read_window(read_wish(journey, asked).window), words)
    if journey is CHURN:
        return tell_churn(scope, silent_days(read_wish(journey, asked)), words)
    if journey is REPLIES:
        return tell_replies(read_replies(scope), words)
    try:
        rows = journey.count(read_wish(journey, asked), scope, began_at)
    except BadUse as error:
        return JourneyAnswer(title=_("这样问不出来"), scope=words, error=error.said(_))
    here = reverse("console:insights-people", args=[journey.name])
    if journey is FUNNEL:
        return _funnel(rows, words, f"{here}?{urlencode(asked)}")
    if journey is RETENTION:
        wish = read_wish(journey, asked)
        return _retention(rows, words, wish.every, wish.by, f"{here}?{urlencode(asked)}")
    return _life_cycle(rows, words)


def asked_of(query: QueryDict) -> dict[str, str]:
    """What an address says, without what it leaves empty."""
    return {key: value for key, value in query.dict().items() if isinstance(value, str) and value}


def read_scope(asked: Mapping[str, str], ids: Sequence[int], now: datetime) -> tuple[Scope, datetime]:
    """The communities, or the one group, and the span asked for, and where their record begins."""
    community = _community(asked, ids)
    chosen = [int(community)] if community else list(ids)
    days = SPANS.get(_span(asked), 0)
    if asked.get("group"):
        group = find_counted_group(asked["group"], chosen)
        few = (group,) if group else ()
        scope = Scope(few, *span_of_days(few, days, now))
        return scope, record_of(scope, now)[0] if few else now
    groups, homes = tuple(list_counted_groups(community_ids=chosen)), tuple(list_counted_homes(chosen))
    scope = Scope(groups, *span_of_days(groups, days, now, homes), homes)
    return scope, record_of(scope, now)[0]


def read_wish(journey: Journey, asked: Mapping[str, str]) -> Wish:
    """What an address asks of a journey, wrong wishes replaced by the usual."""
    if journey is FUNNEL:
        steps = [asked[f"step{n}"] for n in range(1, STEP_PLACES + 1) if asked.get(f"step{n}")]
        return Wish(
            steps=",".join(steps) if len(steps) > 1 else "",
            window=_choice(asked, "window", WINDOWS, DEFAULT_WINDOW),
            in_any_order=asked.get("order") == "any",
        )
    every = _choice(asked, "every", EVERY, "week")
    if journey is RETENTION:
        return Wish(
            start=asked.get("start", CAME),
            back=asked.get("back", SAID),
            every=every,
            or_later=asked.get("mode") == "later",
            by="source" if asked.get("by") == "source" else COHORT[every],
        )
    if journey is PATHS:
        return Wish(window=_choice(asked, "window", WINDOWS, DEFAULT_WINDOW))
    if journey is CHURN:
        return Wish(silent=_choice(asked, "silent", SILENT_DAYS, ""))
    return Wish(every=every)


def _asks(journey: Journey, asked: Mapping[str, str], deeds: Sequence[str]) -> tuple[Ask, ...]:
    """What can be chosen, as drop-down lists."""
    steps = [(name, _(title)) for name, title in STEPS.items()] + [(kind, kind) for kind in deeds if kind not in STEPS]
    every = Ask("every", _("按"), tuple((v, _(w)) for v, w in EVERY.items()), _choice(asked, "every", EVERY, "week"))
    if journey is FUNNEL:
        given = {"step1": "joined", "step2": SAID} if not any(f"step{n}" in asked for n in range(1, 5)) else asked
        places = tuple(
            Ask(f"step{n}", _("第 %(n)d 步") % {"n": n}, (("", "—"), *steps), given.get(f"step{n}", ""))
            for n in range(1, STEP_PLACES + 1)
        )
        windows = tuple((value, _(words)) for value, words in WINDOWS.items())
        orders = (("", _("按先后")), ("any", _("不分先后")))
        chosen = _choice(asked, "window", WINDOWS, DEFAULT_WINDOW)
        return (
            *places,
            Ask("window", _("窗口"), windows, chosen),
            Ask("order", _("先后"), orders, asked.get("order", "")),
        )
    if journey is RETENTION:
        modes = (("", _("正好那一期")), ("later", _("那一期或以后")))
        return (
            Ask("start", _("第一次"), tuple(steps), asked.get("start", CAME)),
            Ask("back", _("再来"), tuple(steps), asked.get("back", SAID)),
            every,
            Ask("by", _("分成"), (("", _("哪天来的")), ("source", _("怎么来的"))), asked.get("by", "")),
            Ask("mode", _("回来算"), modes, asked.get("mode", "")),
        )
    if journey is PATHS:
        windows = tuple((value, _(words)) for value, words in WINDOWS.items())
        return (Ask("window", _("窗口"), windows, _choice(asked, "window", WINDOWS, DEFAULT_WINDOW)),)
    if journey is CHURN:
        kinds = tuple((value, _(words)) for value, words in SILENT_DAYS.items())
        return (Ask("silent", _("看谁"), kinds, _choice(asked, "silent", SILENT_DAYS, "")),)
    return (every,) if journey is LIFE_CYCLE else ()


def _funnel(rows: Sequence[Mapping[str, Any]], scope: str, people: str) -> JourneyAnswer:
    first, last = rows[0]["people"], rows[-1]["people"]
    title = _("还没有人做过第一步")
    if first:
        title = _("%(first)s 人里 %(last)s 人走到最后一步，%(share)s") % {
            "first": number(first),
            "last": number(last),
            "share": percent(last / first),
        }
    stages = tuple(
        StageLine(
            name=_(STEPS.get(row["step"], row["step"])),
            people=number(row["people"]),
            share=percent(row["of_first"]) if row["of_first"] is not None else "–",
            bar=row["of_first"] or 0.0,
            note=_stage_note(row),
            href=f"{people}&n={row['n']}" if row["people"] or (row["n"] > 1 and rows[row["n"] - 2]["people"]) else "",
        )
        for row in rows
    )
    return JourneyAnswer(title=title, scope=scope, stages=stages)


def _stage_note(row: Mapping[str, Any]) -> str:
    if row["of_previous"] is None:
        return ""
    told = _("上一步的 %(share)s") % {"share": percent(row["of_previous"])}
    if row["median_s"] is None:
        return told
    return _("%(told)s，一半人在 %(time)s里走到") % {"told": told, "time": duration(timedelta(seconds=row["median_s"]))}


def _retention(rows: Sequence[Mapping[str, Any]], scope: str, every: str, by: str, people: str) -> JourneyAnswer:
    shown = SHOWN[every]
    cohorts: dict[str, dict[int, Mapping[str, Any]]] = {}
    for row in rows:
        cohorts.setdefault(row[by], {})[row["n"]] = row
    longest = max((n for cells in cohorts.values() for n in cells), default=0)
    columns = [n for n in shown if n <= longest]
    lines = tuple(
        HeatRow(
            label=way(slot) if by == "source" else tell_period(slot, by),
            size=HeatCell(number(cells[0]["size"]), "", "", f"{people}&{urlencode({'slot': slot, 'n': 0})}"),
            cells=tuple(_cell(cells.get(n), f"{people}&{urlencode({'slot': slot, 'n': n})}") for n in columns),
        )
        for slot, cells in _in_order(cohorts, by)
    )
    after = 7 if every == "day" else 1
    known = [cells[after] for cells in cohorts.values() if after in cells]
    size = sum(row["size"] for row in known)
    title = _("还没有人来满一期")
    if size:
        title = {
            "day": _("7 天后那天还有 %(share)s 的人来"),
            "week": _("下一周还有 %(share)s 的人来"),
            "month": _("下个月还有 %(share)s 的人来"),
        }[every] % {"share": percent(sum(row["returned"] for row in known) / size)}
    return JourneyAnswer(title=title, scope=scope, columns=tuple(map(str, columns)), rows=lines, unit=_(EVERY[every]))


Cohort = tuple[str, dict[int, Mapping[str, Any]]]


def _in_order(cohorts: Mapping[str, dict[int, Mapping[str, Any]]], by: str) -> list[Cohort]:
    """The newest first; of ways of coming, the one that brought most."""
    if by == "source":
        return sorted(cohorts.items(), key=lambda pair: (-pair[1][0]["size"], pair[0]))
    return sorted(cohorts.items(), reverse=True)


def _cell(row: Mapping[str, Any] | None, href: str) -> HeatCell:
    if row is None or row["value"] is None:
        return HeatCell("", "")
    told = _("%(size)s 人里 %(n)s 人") % {"size": number(row["size"]), "n": number(row["returned"])}
    return HeatCell(percent(row["value"]), f"h{heat_level(row['value'], 1.0)}", told, href)


def _life_cycle(rows: Sequence[Mapping[str, Any]], scope: str) -> JourneyAnswer:
    columns = (_("来过的"), _("新来"), _("上期也在"), _("又回来的"), _("没再来"))
    lines = tuple(
        HeatRow(
            label=tell_period(row["first_day"], "week"),
            size=HeatCell("", ""),
            cells=tuple(
                HeatCell(number(row[name]), "") for name in ("there", "new", "returning", "resurrected", "dormant")
            ),
        )
        for row in reversed(rows)
    )
    title = _("这段时间没有人来过")
    if rows:
        last = rows[-1]
        title = _("最近一期来过 %(there)s 人，其中新来 %(new)s，没再来 %(gone)s") % {
            "there": number(last["there"]),
            "new": number(last["new"]),
            "gone": number(last["dormant"]),
        }
    return JourneyAnswer(title=title, scope=scope, columns=columns, rows=lines)


def tell_period(slot: str, by: str) -> str:
    """A day, week or month by its first day."""
    day = date.fromisoformat(slot)
    return tell_date(day, "Y-m" if by == "month" else "Y-m-d")


def _community(asked: Mapping[str, str], ids: Sequence[int]) -> str:
    community = asked.get("community", "")
    return community if community in {str(pk) for pk in ids} else ""


def _span(asked: Mapping[str, str]) -> str:
    return _choice(asked, "span", {**SPANS, "all": 0}, DEFAULT_SPAN)


def _choice(asked: Mapping[str, str], name: str, known: Mapping[str, object], default: str) -> str:
    value = asked.get(name, "")
    return value if value in known else default

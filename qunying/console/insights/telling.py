"""Funnels, retention and life cycle as sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.console.insights.asking import EVERY
from qunying.console.insights.context import HeatCell, HeatRow, JourneyAnswer, StageLine
from qunying.insights.journeys.catalogue import Wish
from qunying.insights.journeys.parting import OF_CARDS, SEGMENT
from qunying.insights.journeys.steps import STEPS
from qunying.insights.words import way
from qunying.insights.words_of_layers import name as layer_name
from qunying.people.layers import Layer
from qunying.ui.charts import heat_level
from qunying.ui.dates import tell_date
from qunying.ui.figures import duration, number, percent

SHOWN = {"day": (1, 2, 3, 4, 5, 6, 7, 14, 21, 30), "week": tuple(range(1, 13)), "month": tuple(range(1, 13))}
_HEADS: Mapping[str, str] = {"source": gettext_noop("怎么来的"), SEGMENT: gettext_noop("哪个人群")}


def tell_funnel(rows: Sequence[Mapping[str, Any]], scope: str, people: str) -> JourneyAnswer:
    """A funnel that is not broken down; ``people`` is the address of those behind its steps."""
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


def tell_retention(rows: Sequence[Mapping[str, Any]], scope: str, wish: Wish, people: str) -> JourneyAnswer:
    """Who came back, one row per part; ``people`` is the address of those behind its cells."""
    every, shown = wish.every, SHOWN[wish.every]
    cohorts: dict[str, dict[int, Mapping[str, Any]]] = {}
    for row in rows:
        cohorts.setdefault(slot_in(row, wish), {})[row["n"]] = row
    longest = max((n for cells in cohorts.values() for n in cells), default=0)
    columns = [n for n in shown if n <= longest]
    lines = tuple(
        HeatRow(
            label=tell_slot(slot, wish),
            size=HeatCell(number(cells[0]["size"]), "", "", f"{people}&{urlencode({'slot': slot, 'n': 0})}"),
            cells=tuple(_cell(cells.get(n), f"{people}&{urlencode({'slot': slot, 'n': n})}") for n in columns),
        )
        for slot, cells in _in_order(cohorts, wish)
    )
    after = 7 if every == "day" else 1
    known = {slot: cells[after] for slot, cells in cohorts.items() if after in cells and cells[after]["size"]}
    return JourneyAnswer(
        title=_among_title(known, wish) if wish.by == SEGMENT else _kept_title(known, every),
        scope=scope,
        columns=tuple(map(str, columns)),
        rows=lines,
        unit=_(EVERY[every]),
        head=_(_HEADS.get(wish.by, EVERY[every])),
    )


def _kept_title(known: Mapping[str, Mapping[str, Any]], every: str) -> str:
    size = sum(row["size"] for row in known.values())
    if not size:
        return _("还没有人来满一期")
    told = {
        "day": _("7 天后那天还有 %(share)s 的人来"),
        "week": _("下一周还有 %(share)s 的人来"),
        "month": _("下个月还有 %(share)s 的人来"),
    }[every]
    return told % {"share": percent(sum(row["returned"] for row in known.values()) / size)}


def _among_title(known: Mapping[str, Mapping[str, Any]], wish: Wish) -> str:
    """Which of the segments comes back most, and the rest beside it."""
    if not any(known):
        return _("这几个人群里还没有人来满一期")
    best = max(filter(None, known), key=lambda slot: known[slot]["value"])
    after = {"day": _("7 天后那天"), "week": _("下一周"), "month": _("下个月")}[wish.every]
    numbers = {"after": after, "best": tell_slot(best, wish), "share": percent(known[best]["value"])}
    if "" not in known:
        return _("%(after)s又来的，「%(best)s」最多，%(share)s") % numbers
    return _("%(after)s又来的，「%(best)s」最多，%(share)s，其余的人 %(rest)s") % {
        **numbers,
        "rest": percent(known[""]["value"]),
    }


def slot_in(row: Mapping[str, Any], wish: Wish) -> str:
    """The part of a breakdown that a row is of, as addresses name it."""
    if wish.by == SEGMENT:
        return str(row["segment_id"] or "")
    return str(row[wish.by])


def tell_slot(slot: str, wish: Wish) -> str:
    """What a part of a breakdown is called. Raises ``Http404`` for one that there cannot be."""
    if wish.by == "source":
        return way(slot)
    if wish.by == SEGMENT:
        names = {str(one.id): one.name for one in wish.among}
        return names.get(slot) or _("其余的人")
    if wish.by == "layer":
        return layer_name(Layer(slot)) if slot in list(Layer) else _("已经不在群里，或是同事、机器人")
    if wish.by in OF_CARDS:
        return slot or _("名片上没写")
    try:
        return tell_period(slot, wish.by)
    except ValueError as error:
        raise Http404 from error


Cohort = tuple[str, dict[int, Mapping[str, Any]]]


def _in_order(cohorts: Mapping[str, dict[int, Mapping[str, Any]]], wish: Wish) -> list[Cohort]:
    """The newest first; of ways of coming, the one that brought most; segments as they were chosen, the rest last."""
    if wish.by == SEGMENT:
        order = [*(str(one.id) for one in wish.among), ""]
        return [(slot, cohorts[slot]) for slot in order if slot in cohorts]
    if wish.by == "source":
        return sorted(cohorts.items(), key=lambda pair: (-pair[1][0]["size"], pair[0]))
    return sorted(cohorts.items(), reverse=True)


def _cell(row: Mapping[str, Any] | None, href: str) -> HeatCell:
    if row is None or row["value"] is None:
        return HeatCell("", "")
    told = _("%(size)s 人里 %(n)s 人") % {"size": number(row["size"]), "n": number(row["returned"])}
    return HeatCell(percent(row["value"]), f"h{heat_level(row['value'], 1.0)}", told, href)


def tell_life_cycle(rows: Sequence[Mapping[str, Any]], scope: str) -> JourneyAnswer:
    """Who was there, period by period."""
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

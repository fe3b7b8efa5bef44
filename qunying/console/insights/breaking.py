"""A funnel broken down: every part with its steps and the time it takes, beside the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from qunying.console.insights.context import FunnelParts, HeatCell, JourneyAnswer, PartRow
from qunying.console.insights.measuring import BY_WORDS
from qunying.console.insights.telling import tell_funnel, tell_slot
from qunying.insights.journeys.catalogue import Wish, funnel_of
from qunying.insights.journeys.funnel import Stage, count_funnel_with_total
from qunying.insights.journeys.parting import SEGMENT, parts_of_people
from qunying.insights.journeys.steps import STEPS
from qunying.insights.scope import Scope
from qunying.ui.charts import heat_level
from qunying.ui.figures import duration, number, percent
from qunying.ui.pages import Pages, kept_query, read_page

ROWS = 20
FEW = 20  # who did the first step: of fewer no share is held against another

Counted = Sequence[tuple[str, Sequence[Stage]]]


def tell_funnel_in_parts(wish: Wish, scope: Scope, words: str, people: str, asked: Mapping[str, str]) -> JourneyAnswer:
    """The whole funnel, and its parts in a table. Raises ``BadUse``."""
    parts = parts_of_people(wish.by, scope, wish.among)
    found, total = count_funnel_with_total(funnel_of(wish, scope), scope, wish.by, in_parts=parts)
    whole = tell_funnel([asdict(stage) for stage in total], words, _whole(people, asked))
    ranked = _ranked(found, wish)
    page = read_page(asked.get("page"), -(-len(ranked) // ROWS))
    panel = FunnelParts(
        title=_title(ranked, wish),
        head=_(BY_WORDS[wish.by]),
        columns=tuple(stage.name for stage in whole.stages),
        rows=tuple(_row(slot, stages, wish, people) for slot, stages in ranked[(page - 1) * ROWS : page * ROWS]),
        total=_row("", total, replace(wish, by=""), _whole(people, asked)),
        note=_("一个人可以在几个人群里，各行相加会多于总数。") if wish.by == SEGMENT else _("各行相加就是总数。"),
        pages=Pages(page, ROWS, len(ranked), npgettext("parts", "项", "项", len(ranked)), kept_query(dict(asked))),
    )
    return replace(whole, parts=panel)


def _whole(people: str, asked: Mapping[str, str]) -> str:
    """The address of the people of the funnel that is not broken down."""
    kept = {key: value for key, value in asked.items() if key not in {"by", "among"}}
    return f"{people.partition('?')[0]}?{urlencode(kept)}"


def _ranked(found: Mapping[str, Sequence[Stage]], wish: Wish) -> Counted:
    """Parts by people, most first; segments as they were chosen. Whoever stands in no part comes last."""
    order = [str(one.id) for one in wish.among]
    if wish.by == SEGMENT:
        return sorted(found.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    return sorted(found.items(), key=lambda pair: (not pair[0], -pair[1][0].people, pair[0]))


def _row(slot: str, stages: Sequence[Stage], wish: Wish, people: str) -> PartRow:
    last, first = stages[-1], stages[0].people
    where = f"&{urlencode({'slot': slot})}" if wish.by else ""
    steps = []
    for stage, before in zip(stages, [stages[0], *stages], strict=False):
        share = "" if stage.of_first is None else percent(stage.of_first)
        took = "" if stage.median_s is None else _("一半人 %(time)s") % {"time": _time(stage.median_s)}
        told = _("，").join(filter(None, (_(STEPS.get(stage.step, stage.step)), share, took)))
        css = f"h{heat_level(stage.of_first or 0.0, 1.0)}" if stage.n > 1 else ""
        steps.append(HeatCell(number(stage.people), css, told, f"{people}{where}&n={stage.n}" if before.people else ""))
    return PartRow(
        name=tell_slot(slot, wish) if wish.by else _("总的"),
        steps=tuple(steps),
        share=percent(last.of_first) if first and last.of_first is not None else "–",
        bar=last.of_first or 0.0,
        time="–" if last.median_s is None else _time(last.median_s),
        slow="" if last.p90_s is None else _("九成人 %(time)s") % {"time": _time(last.p90_s)},
    )


def _time(seconds: float) -> str:
    return duration(timedelta(seconds=seconds))


def _title(ranked: Counted, wish: Wish) -> str:
    """Which part goes furthest, and which least; nothing where people are too few to hold one against another."""
    known = [(stages[-1].of_first or 0.0, slot) for slot, stages in ranked if stages[0].people >= FEW]
    if len(known) < 2:
        return _("每一部分人还少，比不出高低")
    best, worst = max(known, key=lambda pair: pair[0]), min(known, key=lambda pair: pair[0])
    if best[0] == worst[0]:
        return _("每一部分走到最后的都是 %(share)s") % {"share": percent(best[0])}
    return _("「%(best)s」走到最后的最多，%(high)s；「%(worst)s」最少，%(low)s") % {
        "best": tell_slot(best[1], wish),
        "high": percent(best[0]),
        "worst": tell_slot(worst[1], wish),
        "low": percent(worst[0]),
    }

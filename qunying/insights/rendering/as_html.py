"""A report as one page that needs nothing else: styles inside, drawings as SVG, no script; it prints well."""

from __future__ import annotations

from functools import cache
from importlib import resources

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from qunying.insights import (
    words,
    words_of_carrying,
    words_of_dependency,
    words_of_kept,
    words_of_layers,
    words_of_talks,
    words_of_themes,
)
from qunying.insights.carrying import Carrying, Seed
from qunying.insights.layers import Layers
from qunying.insights.rendering.bars import lay_bars
from qunying.insights.rendering.buckets import Buckets, gather
from qunying.insights.rendering.laying import lay
from qunying.insights.report import THEMES, Report
from qunying.insights.words_of_peers import beside_report
from qunying.ui.charts import Layer, Week


def render_html(report: Report, language: str = "zh-hans") -> str:
    """The whole page."""
    with translation.override(language):
        return render_to_string("insights/report_page.html", {"style": style(), **context(report)})


def context(report: Report) -> dict[str, object]:
    """What ``insights/_report.html`` shows, in the active language."""
    buckets = gather(report)
    return {
        "report": report,
        "title": words.title(report),
        "kind": words.kind(report),
        "span": words.span(report),
        "headline": words.headline(report),
        "who_unknown": words.who_unknown() if report.now.is_by_nobody else "",
        "moves": words.moves(report.headcount),
        "sources": words.sources(report.headcount),
        "silence": words.silence(report),
        "bars": lay_bars(buckets),
        "bars_title": bars_title(buckets),
        "bars_words": buckets.words,
        "is_compared": any(bar.before is not None for bar in buckets.bars),
        "week": week_of(report),
        "pillars": words.pillars(report),
        "parts": pillar_parts(report),
        "layers": layer_parts(report.layers),
        "layers_told": words_of_layers.headline(report.layers),
        "layers_of": words_of_layers.told(report.layers),
        "kept": lay(words_of_kept.table(report.kept)) if report.kept and report.kept.cohorts else None,
        **beside_report(report.peers),
        **_carrying(report),
        **_dependency(report),
        "newcomers": words.newcomers(report),
        "themes": _themes(report),
        "themes_told": words_of_themes.headline(report.themes),
        "themes_week": words_of_themes.week(report.themes),
        "themes_looked_at": words_of_themes.looked_at(report.themes),
        "talked": words_of_talks.talked(report.talks),
        "openers": [(one.name, words_of_talks.opened(one)) for one in report.openers],
        "waiting": words_of_talks.waiting(report.talks),
        "questions": [(one, words_of_talks.asked_at(one, report.timezone)) for one in report.waiting],
        "looked_at": words_of_talks.looked_at(report.talks),
        "suggestions": [words.suggestion(one) for one in report.suggestions],
        "note": words.note(report),
    }


def week_of(report: Report) -> Week:
    """When people talk, as a picture of weekdays and hours."""
    return Week(words.peak(report), words.heat(report), words.unit_of_messages(), _by_week(report))


def _carrying(report: Report) -> dict[str, object]:
    """Who carries the group's community and sits here; nothing where nobody is known to."""
    found = report.carrying
    return {} if report.now.is_by_nobody or found is None or not found.seeds else seeds_shown(found)


def seeds_shown(found: Carrying) -> dict[str, object]:
    """What ``insights/_seeds.html`` shows."""
    told = [
        (one, words_of_carrying.score(one), words_of_carrying.points(one), _where(one, found)) for one in found.seeds
    ]
    return {
        "seeds_title": words_of_carrying.headline(found.seeds),
        "seeds_told": words_of_carrying.told(found),
        "seeds_how": words_of_carrying.how(found),
        "seeds": told,
    }


def _where(one: Seed, found: Carrying) -> str:
    rung = words_of_carrying.rung(one.rung, found.rungs) if one.rung else ""
    return " · ".join(filter(None, [rung, words_of_carrying.progress(one)]))


def _dependency(report: Report) -> dict[str, object]:
    """What hangs on a few people; nothing where it cannot be told."""
    found = report.dependency
    if report.now.is_by_nobody or not found.is_telling:
        return {}
    hangs_on = [
        (
            one,
            words_of_dependency.share(one),
            words_of_dependency.without(one, found),
            one.without.messages / found.whole.messages,
        )
        for one in found.pillars
    ]
    return {"dependency": words_of_dependency.headline(found), "hangs_on": hangs_on}


def layer_parts(layers: Layers) -> list[Layer]:
    """The layers as parts of one bar."""
    return [Layer(words_of_layers.name(one), len(people)) for one, people in layers.people.items()]


def _themes(report: Report) -> list[dict[str, object]]:
    return [
        {
            "title": one.theme.title,
            "trend": words_of_themes.name(one.theme.trend),
            "moved": words_of_themes.moved(one.theme),
            "quotes": one.quotes,
        }
        for one in report.themes.stories[:THEMES]
    ]


def bars_title(buckets: Buckets) -> str:
    """The answer the drawing gives: which bar is the highest."""
    total = sum(bar.messages for bar in buckets.bars)
    if not total:
        return words.nothing_said()
    best = max(buckets.bars, key=lambda bar: bar.messages)
    return words.best_bar(best.label, best.messages, best.messages / total)


def _by_week(report: Report) -> tuple[tuple[float, ...], ...]:
    """The hours of a week, each averaged over the weeks of the span, as the title tells the busiest."""
    weeks = report.peak.weeks if report.peak else 1
    return tuple(tuple(round(count / weeks, 1) for count in row) for row in report.heat)


def pillar_parts(report: Report) -> list[Layer]:
    """The three and everybody else, as parts of one bar."""
    layers = [Layer(one.name, one.messages) for one in report.pillars]
    others = report.now.known - report.now.by_three
    if others:
        layers.append(Layer(words.the_others(report.now.speakers - len(report.pillars)), others))
    return layers


@cache
def style() -> SafeString:
    """The console's style sheet, to stand inside the page."""
    sheet = resources.files("qunying.ui") / "static" / "qunying" / "qunying.css"
    return mark_safe(sheet.read_text(encoding="utf-8"))  # noqa: S308 - our own file

"""A report to paste into a chat or a document."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from qunying.insights import (
    words,
    words_of_carrying,
    words_of_dependency,
    words_of_kept,
    words_of_layers,
    words_of_talks,
    words_of_themes,
)
from qunying.insights.rendering.blocks import Points
from qunying.insights.rendering.blocks_of_peers import peers_of
from qunying.insights.rendering.buckets import gather
from qunying.insights.rendering.markup import lines_of_table, plain
from qunying.insights.report import THEMES, Report
from qunying.ui.figures import change, duration, exact, percent


def render_markdown(report: Report, language: str = "zh-hans") -> str:
    """Headings, two tables, lists. What people wrote cannot become markup."""
    with translation.override(language):
        return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {plain(words.title(report))}"
    yield ""
    yield f"{words.kind(report)} · {words.span(report)}"
    yield ""
    yield f"**{plain(words.headline(report))}**"
    yield from _activity(report)
    for block in peers_of(report.peers):
        if isinstance(block, Points):
            yield from _section(plain(block.title), [block.told, "", *(f"- {plain(point)}" for point in block.points)])
    yield from _people(report)
    yield from _themes(report)
    yield from _talk(report)
    yield from _section(_("下一步"), [f"- {plain(words.suggestion(one))}" for one in report.suggestions])
    yield ""
    yield f"*{words.note(report)}*"


def _section(name: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"## {name}", "", *lines)


def _activity(report: Report) -> Iterator[str]:
    count, now = report.headcount, report.now
    names = (_("成员"), _("说过话的"), _("消息"), _("比前一段"))
    table = [
        f"| {' | '.join(names)} |",
        "| ---: | ---: | ---: | ---: |",
        f"| {exact(report.members)} | {exact(now.heard)} | {exact(now.messages)} | {change(report.change)} |",
    ]
    yield from _section(_("人和话"), table)
    yield ""
    yield _("；").join(filter(None, [words.moves(count), words.sources(count), words.silence(report)]))
    buckets = gather(report)
    bars = [f"| {bar.label} | {exact(bar.messages)} |" for bar in buckets.bars]
    yield from _section(buckets.words, ["| | |", "| :--- | ---: |", *bars])
    yield from _section(_("活跃时段"), [words.peak(report)])


def _people(report: Report) -> Iterator[str]:
    speakers = [
        f"{place}. {plain(one.name)} — {exact(one.messages)} · {percent(one.share)}"
        for place, one in enumerate(report.pillars, start=1)
    ]
    yield from _section(_("谁在撑着这个群"), [plain(words.pillars(report)), "", *speakers])
    if report.layers.members:
        layers = [f"- {words_of_layers.name(one)}：{exact(len(who))}" for one, who in report.layers.people.items()]
        silence = words_of_layers.silence(report.layers)
        yield from _section(words_of_layers.headline(report.layers), [*layers, *(["", silence] if silence else [])])
    if report.kept and report.kept.cohorts:
        table = words_of_kept.table(report.kept)
        yield from _section(table.title, [table.told, "", *lines_of_table(table)])
    yield from _carrying(report)
    yield from _dependency(report)
    quotes = [
        _("- %(name)s（进群后 %(wait)s）：%(words)s")
        % {"name": plain(one.name), "wait": duration(one.waited), "words": plain(one.words)}
        for one in report.newcomers.quotes
    ]
    yield from _section(_("新人的第一句话"), [words.newcomers(report), "", *quotes])


def _carrying(report: Report) -> Iterator[str]:
    found = report.carrying
    if report.now.is_by_nobody or found is None or not found.seeds:
        return
    lines = [f"- {plain(words_of_carrying.line(one, found))}" for one in found.seeds]
    yield from _section(plain(words_of_carrying.headline(found.seeds)), [words_of_carrying.told(found), "", *lines])


def _dependency(report: Report) -> Iterator[str]:
    found = report.dependency
    if report.now.is_by_nobody or not found.is_telling:
        return
    lines = [
        f"- {plain(one.name)} — {words_of_dependency.share(one)}{_('；没有 TA：')}{words_of_dependency.without(one, found)}"
        for one in found.pillars
    ]
    yield from _section(_("离不开谁"), [plain(words_of_dependency.headline(found)) + _("。"), "", *lines])


def _themes(report: Report) -> Iterator[str]:
    themes = report.themes
    if report.now.is_by_nobody or not themes.is_known:
        return
    told = " · ".join(filter(None, [words_of_themes.week(themes), words_of_themes.looked_at(themes)]))
    lines = []
    for one in themes.stories[:THEMES]:
        trend, figures = words_of_themes.name(one.theme.trend), words_of_themes.moved(one.theme)
        lines += ["", f"- **{plain(one.theme.title)}** — {trend} · {figures}"]
        lines += [f"  - {plain(quote.name)}：{plain(quote.words)}" for quote in one.quotes]
    yield from _section(plain(words_of_themes.headline(themes)), [told, *lines])


def _talk(report: Report) -> Iterator[str]:
    if report.now.is_by_nobody:
        return
    talks = report.talks
    openers = [f"- {plain(one.name)} — {words_of_talks.opened(one)}" for one in report.openers]
    told = " ".join(filter(None, [words_of_talks.talked(talks), words_of_talks.looked_at(talks)]))
    yield from _section(_("聊了什么"), [told, *(["", *openers] if openers else [])])
    quotes = [
        _("- %(name)s（%(at)s）：%(words)s")
        % {"name": plain(one.name), "at": words_of_talks.asked_at(one, report.timezone), "words": plain(one.words)}
        for one in report.waiting
    ]
    waiting = words_of_talks.waiting(talks)
    yield from _section(_("没人答的问题"), [*([waiting] if waiting else []), *(["", *quotes] if quotes else [])])

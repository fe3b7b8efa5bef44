"""A report of groups cut into blocks, in the active language: all of it for paper, the most important for a phone."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from qunying.insights import (
    words,
    words_of_carrying,
    words_of_dependency,
    words_of_kept,
    words_of_layers,
    words_of_talks,
)
from qunying.insights.rendering.as_html import bars_title, layer_parts, week_of
from qunying.insights.rendering.blocks import (
    Bar,
    Bars,
    Block,
    Head,
    Hours,
    Note,
    Parts,
    Place,
    Points,
    Quote,
    Quotes,
    Ranking,
    Tile,
    Tiles,
)
from qunying.insights.rendering.blocks_of_carrying import dependency_of, seeds_of, theme_of_card, themes_of
from qunying.insights.rendering.blocks_of_peers import peers_of
from qunying.insights.rendering.buckets import gather
from qunying.insights.report import THEMES, Report
from qunying.insights.talks import Saying
from qunying.ui.figures import duration, number, percent

QUOTED = 3


def blocks_of_card(report: Report) -> Iterator[Block]:
    """What fits on a phone."""
    yield head_of(report)
    yield tiles_of(report)
    yield _bars(report)
    yield from _pillars(report, words.peak(report))
    yield from _people(report)
    yield from _waiting(report, QUOTED)
    yield from next_of(report)
    yield Note(words.note(report))


def blocks_of_paper(report: Report) -> Iterator[Block]:
    """Everything the report's page says."""
    yield head_of(report)
    yield tiles_of(report)
    yield _bars(report)
    if report.peak:
        yield Hours(week_of(report))
    yield from peers_of(report.peers)
    yield from _pillars(report, "")
    if report.layers.members and not report.now.is_by_nobody:
        yield Parts(
            words_of_layers.headline(report.layers), words_of_layers.told(report.layers), layer_parts(report.layers)
        )
    if not report.now.is_by_nobody:
        yield from seeds_of(report.carrying)
        yield from dependency_of(report.dependency, _("近 30 天；没有谁，就是去掉他说的话和他开头的对话再数一遍"))
        yield from themes_of(report.themes, THEMES)
    yield from _talk(report)
    yield from _waiting(report, len(report.waiting))
    yield from _newcomers(report)
    yield from kept_of(report)
    yield from next_of(report)
    yield Note(words.note(report))


def _people(report: Report) -> Iterator[Block]:
    """For a phone: a line of each thing known about the people, and the theme that has come up most in somebody's words."""
    lines = [words_of_kept.headline(report.kept)] if report.kept and report.kept.next_week is not None else []
    if not report.now.is_by_nobody:
        lines += [words_of_layers.headline(report.layers)] if report.layers.members else []
        found = report.carrying
        lines += [words_of_carrying.headline(found.seeds)] if found and found.seeds else []
        lines += [words_of_dependency.headline(report.dependency)] if report.dependency.is_risky else []
    if lines:
        yield Points(capfirst(_("人")), lines)
    if not report.now.is_by_nobody:
        yield from theme_of_card(report.themes)


def head_of(report: Report) -> Head:
    """What it is, of whom, and the answer."""
    return Head(f"{words.kind(report)} · {words.span(report)}", words.title(report), words.headline(report))


def tiles_of(report: Report) -> Tiles:
    """Members, who spoke, messages."""
    before = _("前一段 %(n)s") if report.before.messages else ""
    heard = before and before % {"n": number(report.before.heard)}
    heard = words.who_unknown() if report.now.is_by_nobody else heard
    messages = before and before % {"n": number(report.before.messages)}
    return Tiles(
        (
            Tile(_("成员"), report.members, words.moves(report.headcount)),
            Tile(_("说过话的"), report.now.heard, heard),
            Tile(_("消息"), report.now.messages, messages),
        )
    )


def _bars(report: Report) -> Bars:
    found = gather(report)
    bars = tuple(Bar(bar.label, bar.messages, bar.before) for bar in found.bars)
    is_compared = any(bar.before is not None for bar in bars)
    told = _("%(what)s，横线是前一段") % {"what": found.words} if is_compared else found.words
    return Bars(bars_title(found), told, bars)


def _pillars(report: Report, told: str) -> Iterator[Block]:
    if report.pillars:
        places = [
            Place(one.name, one.messages, f"{number(one.messages)} · {percent(one.share)}") for one in report.pillars
        ]
        yield Ranking(_("谁在撑着这个群"), told, places)


def _talk(report: Report) -> Iterator[Block]:
    if report.talks.lines and not report.now.is_by_nobody:
        talked = words_of_talks.talked(report.talks)
        openers = [f"{one.name} — {words_of_talks.opened(one)}" for one in report.openers]
        yield Points(_("聊了什么"), [talked, *openers])


def _waiting(report: Report, most: int) -> Iterator[Block]:
    if report.waiting:
        quotes = [_question(one, report) for one in report.waiting[:most]]
        yield Quotes(_("没人答的问题"), words_of_talks.waiting(report.talks), quotes)


def _question(one: Saying, report: Report) -> Quote:
    return Quote(one.name, words_of_talks.asked_at(one, report.timezone), one.words)


def _newcomers(report: Report) -> Iterator[Block]:
    told = " ".join(filter(None, [words.newcomers(report), words.silence(report)]))
    quotes = [
        Quote(one.name, _("进群后 %(wait)s") % {"wait": duration(one.waited)}, one.words)
        for one in report.newcomers.quotes
    ]
    yield Quotes(_("来的人和没说话的人"), told, quotes)


def kept_of(report: Report) -> Iterator[Block]:
    """Who stayed, where anybody came."""
    if report.kept and report.kept.cohorts:
        yield words_of_kept.table(report.kept)


def next_of(report: Report) -> Iterator[Block]:
    """What to do next, where anything is."""
    if report.suggestions:
        yield Points(_("下一步"), [words.suggestion(one) for one in report.suggestions], is_todo=True)

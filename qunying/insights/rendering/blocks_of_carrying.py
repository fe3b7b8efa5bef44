"""Who carries a community, who moved on its ladder, what hangs on a few and what has come up, as blocks in the active language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from qunying.insights import words_of_carrying as words
from qunying.insights import words_of_dependency, words_of_seeds, words_of_themes
from qunying.insights.carrying import Carrying, Climb
from qunying.insights.dependency import Dependency
from qunying.insights.rendering.blocks import Block, Column, Points, Quote, Quotes, Table, Value
from qunying.insights.themes import Stories, Story

MOVES = 8


def seeds_of(found: Carrying | None) -> Iterator[Block]:
    """Who carries, a line each, where anybody does."""
    if found and found.seeds:
        lines = [words.line(one, found) for one in found.seeds]
        yield Points(words.headline(found.seeds), lines, told=words.told(found))


def table_of_seeds(found: Carrying | None) -> Iterator[Block]:
    """The same with every part of the score, for whoever goes on counting."""
    if found is None or not found.seeds:
        return
    parts = list(found.seeds[0].score.points)
    names = (_("分"), *(words_of_seeds.part(name) for name in parts))
    columns = (Column(_("成员")), *(Column(name, "figure") for name in names), Column(_("阶梯")), Column(_("进展")))
    rows: list[tuple[Value, ...]] = [
        (
            one.name,
            round(one.score.total, 1),
            *(round(one.score.points[name], 1) for name in parts),
            words.rung(one.rung, found.rungs),
            words.progress(one),
        )
        for one in found.seeds
    ]
    yield Table(_("种子用户"), f"{words.headline(found.seeds)} · {words.told(found)}", columns, rows)


def ladder_of(found: Carrying | None, climbs: Sequence[Climb], told: str) -> Iterator[Block]:
    """Who rose and fell in a span, and who is about to fall; ``told`` says which span. Nothing before a ladder begins."""
    falling = found.falling if found else ()
    if not climbs and not falling:
        return
    rungs = found.rungs if found else ()
    lines = [words.climb(one, rungs) for one in climbs[:MOVES]]
    lines += [_("另有 %(n)d 人动了。") % {"n": len(climbs) - MOVES}] if len(climbs) > MOVES else []
    lines += [words.grace(one, rungs) for one in falling]
    yield Points(words.moves(climbs, found.falling_count if found else 0), lines, told=told)


def dependency_of(found: Dependency, told: str = "") -> Iterator[Block]:
    """What would be without each of the three, where enough was said to tell."""
    if found.is_telling:
        without = _("；没有 TA：")
        lines = [
            f"{one.name} — {words_of_dependency.share(one)}{without}{words_of_dependency.without(one, found)}"
            for one in found.pillars
        ]
        yield Points(words_of_dependency.headline(found), lines, told=told)


def table_of_moves(found: Carrying | None, climbs: Sequence[Climb], told: str) -> Iterator[Block]:
    """Who moved on the ladder in a span, a row each."""
    if climbs:
        rungs = found.rungs if found else ()
        rows = [(one.name, words.rung(one.before, rungs), words.rung(one.after, rungs)) for one in climbs]
        yield Table(_("升降级"), told, (Column(_("成员")), Column(capfirst(_("从"))), Column(capfirst(_("到")))), rows)


def table_of_dependency(found: Dependency) -> Iterator[Block]:
    """What each of the three holds, and what would be left; without enough to tell nothing."""
    if not found.is_telling:
        return
    whole = found.whole
    left = _("没有 TA 剩：%(what)s（共 %(n)s）")
    totals = {
        _("消息"): whole.messages,
        _("对话"): whole.conversations,
        _("有人答的问题"): whole.answered,
        _("说话的人"): whole.speakers,
    }
    names = (_("消息"), _("回答"), _("带起对话"))
    columns = (
        Column(_("成员")),
        Column(_("占比"), "share"),
        *(Column(name, "count") for name in names),
        *(Column(left % {"what": what, "n": n}, "count") for what, n in totals.items()),
    )
    rows: list[tuple[Value, ...]] = [
        (
            one.name,
            one.share,
            one.messages,
            one.answers,
            one.opened,
            without.messages,
            without.conversations,
            without.answered,
            without.speakers,
        )
        for one in found.pillars
        for without in [one.without]
    ]
    yield Table(_("离不开谁"), words_of_dependency.headline(found), columns, rows)


def table_of_themes(stories: Stories, most: int) -> Iterator[Block]:
    """Themes with their figures and a quote."""
    if not stories.stories:
        return
    names = (_("人次"), _("前四周人次"), _("人数"), _("消息"))
    columns = (Column(_("话题")), Column(_("走势")), *(Column(name, "count") for name in names), Column(_("有人说")))
    rows: list[tuple[Value, ...]] = [
        (one.title, words_of_themes.name(one.trend), one.voices, one.before, one.people, one.lines, _words(story))
        for story in stories.stories[:most]
        for one in [story.theme]
    ]
    told = " · ".join(filter(None, [words_of_themes.headline(stories), words_of_themes.week(stories)]))
    yield Table(_("话题"), told, columns, rows)


def _words(story: Story) -> str:
    return f"{story.quotes[0].name}：{story.quotes[0].words}" if story.quotes else ""


def themes_of(stories: Stories, most: int) -> Iterator[Block]:
    """What has come up, each with its first quote."""
    quotes = [_quote(one) for one in stories.stories[:most] if one.quotes]
    if quotes:
        told = " · ".join(filter(None, [words_of_themes.week(stories), words_of_themes.looked_at(stories)]))
        yield Quotes(words_of_themes.headline(stories), told, quotes)


def theme_of_card(stories: Stories) -> Iterator[Block]:
    """The theme that has come up most, in somebody's words; nothing where none has."""
    for one in stories.rising[:1]:
        if one.quotes:
            yield Quotes(words_of_themes.headline(stories), words_of_themes.week(stories), [_quote(one)])


def _quote(story: Story) -> Quote:
    return Quote(story.theme.title, words_of_themes.moved(story.theme), story.quotes[0].words)

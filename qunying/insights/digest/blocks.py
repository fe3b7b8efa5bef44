"""A digest cut into blocks, in the active language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.insights import words_of_kept, words_of_talks
from qunying.insights.digest import words
from qunying.insights.digest.blocks_beside import beside_of_book, beside_of_card, beside_of_page
from qunying.insights.digest.periods import Period
from qunying.insights.digest.telling import Digest, GroupLine
from qunying.insights.rendering.blocks import (
    Bar,
    Bars,
    Block,
    Column,
    Head,
    Note,
    Points,
    Quote,
    Quotes,
    Table,
    Tile,
    Tiles,
)
from qunying.insights.words import best_bar, note_of, nothing_said
from qunying.ui.charts import day_name, hour_name, short_day
from qunying.ui.dates import tell_date
from qunying.ui.figures import number

ON_PAPER = 40  # groups; a workbook has them all
ON_A_CARD = 3


def blocks_of_digest(digest: Digest) -> Iterator[Block]:
    """Everything, for a page and for paper."""
    yield from blocks_at_once(digest)
    yield from blocks_of_rest(digest)
    yield from blocks_at_end(digest)


def blocks_at_once(digest: Digest) -> Iterator[Block]:
    """What an outline tells."""
    yield from _beginning(digest)
    yield from _movers(digest)


def blocks_of_rest(digest: Digest) -> Iterator[Block]:
    """What only a whole digest tells."""
    yield from _kept(digest)
    yield from beside_of_page(digest)
    yield from _openers(digest)
    yield from _waiting(digest, len(digest.waiting))
    yield from _next(digest)


def blocks_at_end(digest: Digest) -> Iterator[Block]:
    """Every group, and how all of it was counted; an outline tells this too."""
    if len(digest.groups) <= ON_PAPER:
        yield _groups(digest)
    yield Note(note_of(digest.timezone, digest.made_at))


def blocks_of_card(digest: Digest) -> Iterator[Block]:
    """What fits on a phone."""
    yield from _beginning(digest)
    yield from beside_of_card(digest)
    yield from _waiting(digest, ON_A_CARD)
    yield from _next(digest)
    yield Note(note_of(digest.timezone, digest.made_at))


def blocks_of_book(digest: Digest) -> Iterator[Block]:
    """The figures, for whoever goes on counting."""
    yield _head(digest)
    yield _tiles(digest)
    yield from _next(digest)
    yield Note(note_of(digest.timezone, digest.made_at))
    columns = (Column(_("日期"), "day"), Column(_("消息"), "count"))
    yield Table(_("每天"), "", columns, list(digest.by_day.items()))
    yield _groups(digest)
    yield from _kept(digest)
    yield from beside_of_book(digest)


def _beginning(digest: Digest) -> Iterator[Block]:
    yield _head(digest)
    yield _tiles(digest)
    yield _hours(digest) if digest.period is Period.DAY else _days(digest)


def _head(digest: Digest) -> Head:
    return Head(f"{words.kind(digest.period)} · {words.span(digest)}", digest.community, words.headline(digest))


def _tiles(digest: Digest) -> Tiles:
    now, before = digest.now, digest.before
    net = now.joined - now.gone
    return Tiles(
        (
            Tile(_("成员"), digest.members, _("现在")),
            Tile(_("说过话的"), now.speakers, _was(before.speakers if before and before.messages else None)),
            Tile(_("消息"), now.messages, _was(before.messages if before and before.messages else None)),
            Tile(_("净增"), net, _("+%(joined)s −%(gone)s") % {"joined": number(now.joined), "gone": number(now.gone)}),
        )
    )


def _was(figure: int | None) -> str:
    return "" if figure is None else _("前一段 %(n)s") % {"n": number(figure)}


def _hours(digest: Digest) -> Bars:
    total, peak = sum(digest.hours), digest.peak_hour
    title = (
        nothing_said() if peak is None else best_bar(hour_name(peak), digest.hours[peak], digest.hours[peak] / total)
    )
    return Bars(title, _("每小时消息数"), [Bar(str(hour), count) for hour, count in enumerate(digest.hours)])


def _days(digest: Digest) -> Bars:
    total = sum(digest.by_day.values())
    is_week = digest.period is Period.WEEK
    shape = pgettext("date format", "n/j")
    bars = [Bar(short_day(day.weekday()) if is_week else tell_date(day, shape), n) for day, n in digest.by_day.items()]
    best = max(digest.by_day, key=lambda day: digest.by_day[day])
    name = day_name(best.weekday()) if is_week else tell_date(best, pgettext("date format", "n 月 j 日"))
    title = best_bar(name, digest.by_day[best], digest.by_day[best] / total) if total else nothing_said()
    return Bars(title, _("每天消息数"), bars)


def _movers(digest: Digest) -> Iterator[Block]:
    for title, lines in ((_("热起来的群"), digest.louder), (_("冷下来的群"), digest.quieter)):
        if lines:
            yield _lines(title, words.compared(digest), lines)


def _groups(digest: Digest) -> Table:
    return _lines(_("每个群"), words.compared(digest), digest.groups)


def _lines(title: str, told: str, lines: Sequence[GroupLine]) -> Table:
    names = (_("消息"), pgettext("compared", "之前"))
    moved = (Column(capfirst(_("进群")), "count"), Column(_("离开"), "count"))
    columns = (Column(_("群")), *(Column(name, "count") for name in names), Column(_("变化"), "change"), *moved)
    rows = [(one.name, one.messages, one.before, one.change, one.joined, one.gone) for one in lines]
    return Table(title, told, columns, rows, groups=[one.id for one in lines])


def _kept(digest: Digest) -> Iterator[Block]:
    if digest.kept.cohorts:
        yield words_of_kept.table(digest.kept)


def _openers(digest: Digest) -> Iterator[Block]:
    if digest.openers:
        told = [f"{one.name} — {words_of_talks.opened(one)}" for one in digest.openers]
        yield Points(_("谁带起话题"), told)


def _waiting(digest: Digest, most: int) -> Iterator[Block]:
    if digest.waiting:
        quotes = [
            Quote(one.name, f"{one.group} · {words_of_talks.asked_at(one, digest.timezone)}", one.words)
            for one in digest.waiting[:most]
        ]
        yield Quotes(_("没人答的问题"), words_of_talks.waiting(digest.talks), quotes)


def _next(digest: Digest) -> Iterator[Block]:
    steps = words.next_steps(digest)
    if steps:
        yield Points(_("下一步"), steps, is_todo=True)

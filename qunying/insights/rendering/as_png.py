"""A report as a card for phones: 1080 pixels wide, large letters, the first sentence first."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from qunying.insights import words, words_of_talks
from qunying.insights.rendering.as_html import bars_title
from qunying.insights.rendering.buckets import Buckets, gather
from qunying.insights.rendering.canvas import EDGE, INK, LINE, PALE_INK, SOFT, TEAL, WIDTH, Canvas
from qunying.insights.rendering.fonts import BRIGHT, find_fonts
from qunying.insights.report import Report
from qunying.ui.figures import number, percent

TITLE, SENTENCE, FIGURE, TEXT, SMALL = 60, 46, 64, 36, 30
PLOT = 260
LABELS = 8
QUOTED = 3


def render_png(report: Report, language: str = "zh-hans") -> bytes:
    """The picture. Raises ``QunyingError`` with what to do where no font here draws Chinese."""
    with translation.override(language):
        canvas = Canvas(find_fonts())
        _head(canvas, report)
        _tiles(canvas, report)
        _plot(canvas, gather(report))
        _pillars(canvas, report)
        _waiting(canvas, report)
        _next(canvas, report)
        canvas.skip(24)
        canvas.paragraph(words.note(report), SMALL, colour=PALE_INK, most_lines=2)
        return canvas.png()


def _head(canvas: Canvas, report: Report) -> None:
    canvas.paragraph(f"{words.kind(report)} · {words.span(report)}", SMALL, colour=PALE_INK, most_lines=1)
    canvas.paragraph(words.title(report), TITLE, weight=BRIGHT, most_lines=2)
    canvas.skip(8)
    canvas.paragraph(words.headline(report), SENTENCE, most_lines=4)
    canvas.skip(32)


def _tiles(canvas: Canvas, report: Report) -> None:
    canvas.line()
    before = _("前一段 %(n)s") if report.before.messages else ""
    heard = before and before % {"n": number(report.before.heard)}
    heard = words.who_unknown() if report.now.is_by_nobody else heard
    tiles = (
        (_("成员"), number(report.members), words.moves(report.headcount)),
        (_("说过话的"), number(report.now.heard), heard),
        (_("消息"), number(report.now.messages), before and before % {"n": number(report.before.messages)}),
    )
    room = canvas.room / len(tiles)
    for place, (name, figure, note) in enumerate(tiles):
        x = EDGE + place * room
        canvas.write(name, x, canvas.y + 56, SMALL, colour=PALE_INK)
        canvas.write(figure, x, canvas.y + 132, FIGURE, weight=BRIGHT)
        canvas.write(canvas.fit(note, SMALL, room - 16), x, canvas.y + 180, SMALL, colour=PALE_INK)
    canvas.skip(208)
    canvas.line()


def _plot(canvas: Canvas, buckets: Buckets) -> None:
    if not buckets.top:
        return
    canvas.skip(32)
    canvas.paragraph(bars_title(buckets), TEXT, weight=BRIGHT, most_lines=2)
    is_compared = any(bar.before is not None for bar in buckets.bars)
    told = _("%(what)s，横线是前一段") % {"what": buckets.words} if is_compared else buckets.words
    canvas.paragraph(told, SMALL, colour=PALE_INK, most_lines=1)
    base, every = canvas.y + PLOT, max(1, -(-len(buckets.bars) // LABELS))
    for place, bar in enumerate(buckets.bars):
        _bar(canvas, buckets, place, base)
        if place % every == 0:
            room = canvas.room / len(buckets.bars)
            canvas.write(bar.label, EDGE + (place + 0.5) * room, base + 44, SMALL, colour=PALE_INK, anchor="m")
    canvas.box(EDGE, base, WIDTH - EDGE, base + 2, LINE)
    canvas.skip(PLOT + 72)


def _bar(canvas: Canvas, buckets: Buckets, place: int, base: float) -> None:
    bar, room, pixels = buckets.bars[place], canvas.room / len(buckets.bars), (PLOT - 20) / buckets.top
    left = EDGE + place * room
    colour = TEAL if bar.messages == max(one.messages for one in buckets.bars) else SOFT
    canvas.box(left + 0.2 * room, base - pixels * bar.messages, left + 0.8 * room, base, colour)
    if bar.before is not None:
        mark = base - pixels * bar.before
        canvas.box(left + 0.1 * room, mark, left + 0.9 * room, mark + 3, INK)


def _pillars(canvas: Canvas, report: Report) -> None:
    if not report.pillars:
        return
    canvas.paragraph(_("谁在撑着这个群"), TEXT, weight=BRIGHT, most_lines=1)
    canvas.skip(8)
    most = report.pillars[0].messages
    for one in report.pillars:
        canvas.write(canvas.fit(one.name, TEXT, 300), EDGE, canvas.y + 40, TEXT)
        right = EDGE + 320 + (canvas.room - 520) * one.messages / most
        canvas.box(EDGE + 320, canvas.y + 12, right, canvas.y + 44, TEAL)
        figure = f"{number(one.messages)} · {percent(one.share)}"
        canvas.write(figure, WIDTH - EDGE, canvas.y + 40, SMALL, colour=PALE_INK, anchor="r")
        canvas.skip(60)
    canvas.paragraph(words.peak(report), SMALL, colour=PALE_INK, most_lines=1)
    canvas.skip(16)


def _waiting(canvas: Canvas, report: Report) -> None:
    if not report.waiting:
        return
    canvas.line()
    canvas.skip(24)
    canvas.paragraph(words_of_talks.waiting(report.talks), TEXT, weight=BRIGHT, most_lines=1)
    for one in report.waiting[:QUOTED]:
        told = _("%(name)s：%(words)s") % {"name": one.name, "words": one.words}
        canvas.paragraph(f"· {told}", TEXT, most_lines=2)
    canvas.skip(16)


def _next(canvas: Canvas, report: Report) -> None:
    if not report.suggestions:
        return
    canvas.line()
    canvas.skip(24)
    canvas.paragraph(_("下一步"), TEXT, weight=BRIGHT, most_lines=1)
    for one in report.suggestions:
        canvas.paragraph(f"· {words.suggestion(one)}", TEXT, most_lines=3)

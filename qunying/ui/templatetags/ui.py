"""The components' tags and filters; everything they print is escaped. The thinking is in the modules imported here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qunying.kernel import clock
from qunying.ui import charts, devices, faces, figures, marks, moments, preferences, toasts
from qunying.ui.pages import Pages
from qunying.ui.plots import Plot

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An outline icon of the sprite, silent for screen readers: a word must stand beside it. ``size``: ``s`` for 14 px."""
    css = f"i {size}".strip()
    sprite = static("qunying/icons.svg")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        sprite,
        name,
    )


@register.simple_tag
def face(name: str, key: object = "", size: str = "", kind: str = "person") -> SafeString:
    """The round initial of a person, the square one when ``kind`` is ``group``; ``key`` (an id) chooses the colour."""
    css = ["face", size, "group" if kind == "group" else "", faces.tone(key or name)]
    return format_html(
        '<i class="{}" aria-hidden="true">{}</i>',
        " ".join(filter(None, css)),
        faces.initial(name),
    )


@register.simple_tag
def chip(text: object, tone: str = "") -> SafeString:
    """A small label. ``tone``: ``teal``, ``look``, ``act``, ``plain`` or none."""
    return format_html('<span class="{}">{}</span>', f"chip {tone}".strip(), text)


@register.simple_tag
def dot(tone: str = "") -> SafeString:
    """A coloured dot. ``tone``: ``on``, ``look``, ``act``, ``hollow``; a word must stand beside it."""
    return format_html('<span class="{}"></span>', f"dot {tone}".strip())


@register.simple_tag
def spark(values: Sequence[float | None], label: str, tone: str = "") -> SafeString:
    """A word-sized line; ``look`` for one that falls and should not."""
    return charts.draw_spark(values, label, tone)


@register.simple_tag
def gauge(score: float, tone: str = "") -> SafeString:
    """A short bar for a score of 0…1."""
    return charts.draw_gauge(score, tone)


@register.simple_tag(name="range")
def range_tag(among: charts.Range) -> SafeString:
    """A figure among those of others, with their median and quartiles."""
    return charts.draw_range(among)


@register.simple_tag(name="marks")
def marks_tag(lower: int, upper: int, words: str) -> SafeString:
    """Two marks on one bar from 0 to 100."""
    return marks.draw_marks(lower, upper, words)


@register.simple_tag
def weeks(kept: Sequence[bool | None], label: str) -> SafeString:
    """One mark per week, oldest first."""
    return charts.draw_weeks(kept, label)


@register.simple_tag
def when(at: datetime | None) -> SafeString:
    """How long ago or which day, with the exact time as title."""
    return moments.show_moment(at, clock.now())


@register.simple_tag
def clocked(at: datetime) -> SafeString:
    """Hour and minute, with the exact moment as title."""
    return moments.show_clock(at)


@register.inclusion_tag("ui/parts/bars24.html")
def bars24(hours: charts.Hours) -> dict[str, Any]:
    """Messages by hour with a tick for the comparison, and the table behind it."""
    table = [(charts.hour_name(bar.hour), (bar.value, bar.past)) for bar in charts.lay_bars(hours)]
    names = [hours.name, *([hours.past_name] if hours.past else [])]
    marks = [
        (place, charts.hour_name(hour)) for place, hour in (("2.08", 0), ("27.08", 6), ("52.08", 12), ("77.08", 18))
    ]
    return {
        "hours": hours,
        "bars": charts.lay_bars(hours),
        "grid": charts.lay_gridline(hours),
        "marks": [*marks, ("97.92", charts.hour_name(23))],
        "names": names,
        "rows": [(label, values[: len(names)]) for label, values in table],
    }


@register.inclusion_tag("ui/parts/heat.html")
def heat(week: charts.Week) -> dict[str, Any]:
    """Weekday × hour, the peak outlined, and the table behind it."""
    return {
        "week": week,
        "rows": charts.lay_week(week),
        "top": max(max(row) for row in week.grid),
        "marks": [charts.hour_name(hour) for hour in range(0, 24, 3)],
        "names": [charts.day_name(day) for day in range(7)],
        "table": [(charts.hour_name(hour), [row[hour] for row in week.grid]) for hour in range(24)],
    }


@register.simple_tag
def squares(cells: Sequence[charts.Cell]) -> SafeString:
    """One day's hours of a heat map, each with its figure in words; in one go, because there are 168 of them."""
    return format_html_join("", '<i class="{}" title="{}"></i>', ((cell.css, cell.words) for cell in cells))


@register.simple_tag
def table_rows(rows: Iterable[tuple[str, Sequence[figures.Number | None]]]) -> SafeString:
    """The rows of the table behind a plot, every digit of their figures; in one go, because such tables have hundreds."""
    return format_html_join(
        "", '<tr><th scope="row">{}</th>{}</tr>', ((label, _cells(values)) for label, values in rows)
    )


def _cells(values: Sequence[figures.Number | None]) -> SafeString:
    return SafeString("".join(f'<td class="n">{figures.exact(value)}</td>' for value in values))  # figures are digits


@register.inclusion_tag("ui/parts/layers.html")
def layers(parts: Sequence[charts.Layer], of: str = "people") -> dict[str, Any]:
    """One stacked bar with figures and a link to the people behind each part; ``of`` people or messages."""
    return {"parts": charts.lay_layers(parts), "are_messages": of == "messages"}


@register.inclusion_tag("ui/parts/plot.html")
def plot(plot: Plot) -> dict[str, Any]:
    """A plot drawn by the script, with its title, key and table."""
    return {"plot": plot, "names": [row.name for row in plot.series]}


@register.simple_tag
def how(name: str, definition: str, href: str = "") -> SafeString:
    """A figure's name as a button; asked, it tells how the figure is counted. No template: a list has one per row."""
    key = blake2s(f"{name}\0{definition}".encode(), digest_size=6).hexdigest()
    more = format_html('<footer><a class="btn small" href="{}">{}</a></footer>', href, _("看明细")) if href else ""
    return format_html(
        '<button class="how" type="button" popovertarget="how-{}">{}</button>'
        '<div id="how-{}" popover class="tip" aria-label="{}"><h3>{}</h3><p>{}</p>{}</div>',
        key,
        name,
        key,
        _("怎么算的"),
        name,
        definition,
        more,
    )


@register.inclusion_tag("ui/parts/pager.html")
def pager(pages: Pages) -> dict[str, Any]:
    """Page numbers under a list."""
    return {"pages": pages}


@register.inclusion_tag("ui/parts/empty.html")
def empty(icon: str, title: str, text: str, href: str = "", action: str = "") -> dict[str, Any]:
    """What stands where nothing is yet: what will appear, and proof of silence."""
    return {"icon": icon, "title": title, "text": text, "href": href, "action": action}


@register.simple_block_tag
def notice(content: str, tone: str = "", icon_name: str = "") -> SafeString:
    """A note within a page. ``tone``: none, ``look`` or ``act``."""
    sign = icon(icon_name or ("incidents" if tone else "help"))
    return format_html('<p class="{}">{}<span>{}</span></p>', f"notice {tone}".strip(), sign, content)


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, label: str = "", placeholder: str = "", help_text: str | None = None) -> dict[str, Any]:
    """One form field: label, control, help, or in its place the error. ``label``, ``help_text`` replace the form's own."""
    shown_help = bound.help_text if help_text is None else help_text
    bound.help_text = shown_help  # else Django lets the control point at a help that stands nowhere
    help_id, error_id = f"{bound.auto_id}_help", f"{bound.auto_id}_errors"
    attrs: dict[str, str | bool] = {}
    if placeholder or "placeholder" in bound.field.widget.attrs:
        # an example is welcome; a form's own placeholder only repeats the label
        attrs["placeholder"] = placeholder
    if bound.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": error_id}
    elif shown_help:
        attrs["aria-describedby"] = help_id
    return {
        "field": bound,
        "label": label or bound.label,
        "control": bound.as_widget(attrs=attrs),
        "help_text": shown_help,
        "help_id": help_id,
        "error_id": error_id,
    }


@register.simple_tag(takes_context=True)
def reader_attributes(context: Context) -> SafeString:
    """The reader's choices as attributes of ``<html>``, known before anything is painted."""
    request = context.get("request")
    return preferences.html_attributes(request.COOKIES) if request is not None else SafeString("")


@register.simple_tag(takes_context=True)
def other_theme(context: Context) -> str:
    """The theme that the switch leads to when no script decides."""
    return preferences.other_theme(context["request"].COOKIES)


@register.filter
def undo_url(message: Message) -> str:
    """Where a toast's «撤销» posts to."""
    return toasts.undo_url(message)


@register.filter
def device(user_agent: str) -> str:
    """Browser and system in words."""
    return devices.tell_device(user_agent)


@register.filter
def number(value: figures.Number | None) -> str:
    """Thousands; in Chinese from 100,000 on in 万."""
    return figures.number(value)


@register.filter
def exact(value: figures.Number | None) -> str:
    """Every digit, with thousands separators."""
    return figures.exact(value)


@register.filter
def percent(share: figures.Number | None, places: int = 0) -> str:
    """A share of one as percent."""
    return figures.percent(share, places)


@register.filter
def change(share: figures.Number | None) -> str:
    """A relative difference with its sign."""
    return figures.change(share)


@register.filter
def duration(length: timedelta | figures.Number | None) -> str:
    """A length of time in words."""
    return figures.duration(length)

"""Charts drawn on the server as SVG: no script, no style attribute, readable in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qunying.ui.figures import exact

SPARK_WIDTH, SPARK_TOP, SPARK_BOTTOM = 64, 2, 24
HEAT_STEPS = (0.05, 0.16, 0.3, 0.5, 0.75)
BARS_TOP, BARS_BASE, BARS_HEIGHT = 8.6, 116.0, 136
HOUR_SHARE = 100 / 24
LAYER_GAP = 0.5


@dataclass(frozen=True, slots=True)
class Hours:
    """24 bars with a tick for the period compared with. ``title`` is the answer, ``sub`` says what is counted and where.

    ``highlighted``: hours in full colour; empty = the highest one.
    """

    title: str
    sub: str
    unit: str
    values: tuple[float, ...]
    name: str
    past: tuple[float, ...] = ()
    past_name: str = ""
    highlighted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour as drawn: percentages across, pixels down."""

    hour: int
    value: float
    past: float | None
    css: str
    x: str
    y: str
    height: str
    tick_from: str
    tick_to: str
    tick_y: str


@dataclass(frozen=True, slots=True)
class Gridline:
    """A round figure to read heights by."""

    value: float
    y: str
    text_y: str


@dataclass(frozen=True, slots=True)
class Week:
    """Messages per weekday (Monday first) and hour; ``title`` is the answer, ``sub`` says what is counted."""

    title: str
    sub: str
    unit: str
    grid: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday."""

    hour: int
    value: float
    css: str
    words: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One part of the stacked bar and the people behind it."""

    name: str
    count: int
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A layer as drawn."""

    layer: Layer
    css: str
    x: str
    width: str


def draw_spark(values: Sequence[float | None], label: str, tone: str = "") -> SafeString:
    """A word-sized line of ``values``, oldest first; nothing at all when none of them is known.

    Unknown values (``None``, NaN) are left out of the line. ``tone`` ``look`` marks a line that falls and should not.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None and isfinite(value)]
    if not known:
        return SafeString("")
    points = _spark_points(known, len(values))
    words = _("%(label)s：从 %(first)s 到 %(last)s")
    return format_html(
        '<svg class="spark{}" viewBox="0 0 64 26" role="img" aria-label="{}"><path d="M{}"/>'
        '<circle cx="{}" cy="{}" r="2.5"/></svg>',
        f" {tone}" if tone else "",
        words % {"label": label, "first": exact(known[0][1]), "last": exact(known[-1][1])},
        " ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


@dataclass(frozen=True, slots=True)
class Range:
    """A figure among those of others: their extremes, their quartiles (``low``, ``middle``, ``high``), and ``words``."""

    value: float
    smallest: float
    low: float
    middle: float
    high: float
    largest: float
    words: str


def draw_range(among: Range) -> SafeString:
    """A line as long as the others reach, a band over their middle half, a tick at their median, a dot for the figure."""
    first, last = min(among.smallest, among.value), max(among.largest, among.value)
    room = (last - first) or 1.0

    def across(value: float) -> str:
        return f"{2 + 96 * (value - first) / room:.2f}"

    return format_html(
        '<svg class="range" role="img" aria-label="{}"><line x1="{}%" x2="{}%" y1="6" y2="6"/>'
        '<rect x="{}%" width="{}%" y="3.5" height="5" rx="2"/><line class="tick" x1="{}%" x2="{}%" y1="1" y2="11"/>'
        '<circle cx="{}%" cy="6" r="3.5"/></svg>',
        among.words,
        across(among.smallest),
        across(among.largest),
        across(among.low),
        f"{96 * (among.high - among.low) / room:.2f}",
        across(among.middle),
        across(among.middle),
        across(among.value),
    )


def draw_gauge(score: float, tone: str = "") -> SafeString:
    """A short bar for a score of 0…1; silent for screen readers because the figure stands beside it."""
    width = min(1.0, max(0.0, score)) * 100
    css = f"gauge {tone}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><rect width="{}%" height="5"/></svg>',
        css,
        f"{width:.0f}",
    )


def draw_weeks(kept: Sequence[bool | None], label: str) -> SafeString:
    """One mark per week, oldest first; ``None`` = nothing was promised that week."""
    marks = format_html_join("", "<i{}></i>", ((_week_class(week),) for week in kept))
    return format_html('<span class="weeks" role="img" aria-label="{}">{}</span>', label, marks)


def lay_bars(hours: Hours) -> tuple[Bar, ...]:
    """The 24 bars and ticks, scaled so that the highest of both fits. ``ValueError`` unless there are 24 of each."""
    if len(hours.values) != 24 or len(hours.past) not in {0, 24}:
        raise ValueError("a day has 24 hours")
    top = _top(hours)
    lit = set(hours.highlighted) or {hours.values.index(max(hours.values))}
    return tuple(_bar(hour, hours, top, "now" if hour in lit and hours.values[hour] else "soft") for hour in range(24))


def lay_gridline(hours: Hours) -> Gridline | None:
    """The one line across the bars, at a round figure; none over an empty day."""
    top = _top(hours)
    value = round_below(top * 0.75)
    if not value:
        return None
    y = _height_y(value, top)
    return Gridline(value, f"{y:.0f}", f"{y - 4:.0f}")


def lay_week(week: Week) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """Seven named rows of 24 cells; the single highest cell is the peak. ``ValueError`` for any other shape."""
    if len(week.grid) != 7 or any(len(row) != 24 for row in week.grid):
        raise ValueError("a week has 7 days of 24 hours")
    top = max(max(row) for row in week.grid)
    peak = next(
        ((d, h) for d, row in enumerate(week.grid) for h, value in enumerate(row) if value == top > 0),
        None,
    )
    hours = tuple(map(hour_name, range(24)))
    return tuple((short_day(day), _cells(day, row, top, week.unit, peak, hours)) for day, row in enumerate(week.grid))


def heat_level(value: float, top: float) -> int:
    """0 (next to nothing) … 5 (close to the highest)."""
    if top <= 0 or value <= 0:
        return 0
    return sum(value / top > step for step in HEAT_STEPS)


def lay_layers(layers: Sequence[Layer]) -> tuple[Part, ...]:
    """Up to four parts side by side, in proportion, with hairline gaps. Empty layers keep their name but no width."""
    total = sum(layer.count for layer in layers)
    filled = sum(layer.count > 0 for layer in layers)
    room = 100 - LAYER_GAP * max(0, filled - 1)
    parts: list[Part] = []
    x = 0.0
    for place, layer in enumerate(layers, start=1):
        width = room * layer.count / total if total else 0.0
        parts.append(Part(layer, f"l{place}", f"{x:.2f}", f"{width:.2f}"))
        x += width + LAYER_GAP if width else 0.0
    return tuple(parts)


def round_below(value: float) -> float:
    """The largest of 1, 2, 3, 5 × a power of ten that is not above ``value``; 0 for nothing or less."""
    if value <= 0:
        return 0
    power = 10.0 ** floor(log10(value))
    # the quotient of a power of ten may fall a hair short of it
    found = next(step for step in (5, 3, 2, 1) if step <= value / power + 1e-9) * power
    return int(found) if found >= 1 else found


def day_name(day: int) -> str:
    """«周一» … «周日», Monday is 0."""
    return (
        _("周一"),
        _("周二"),
        _("周三"),
        _("周四"),
        _("周五"),
        _("周六"),
        _("周日"),
    )[day]


def short_day(day: int) -> str:
    """«一» … «日» for narrow rows, Monday is 0."""
    name = day_name(day)
    return name[1:] if name.startswith("周") else str(WEEKDAYS_ABBR[day])


def hour_name(hour: int) -> str:
    """«20 点»; in English «20:00»."""
    return _("%(hour)d 点") % {"hour": hour}


def _spark_points(known: Sequence[tuple[int, float]], length: int) -> list[tuple[float, float]]:
    low = min(value for _place, value in known)
    span = max(value for _place, value in known) - low
    step = SPARK_WIDTH / max(1, length - 1)
    height = SPARK_BOTTOM - SPARK_TOP
    middle = (SPARK_BOTTOM + SPARK_TOP) / 2
    return [(place * step, SPARK_BOTTOM - (value - low) / span * height if span else middle) for place, value in known]


def _week_class(kept: object) -> SafeString:
    if kept is None:
        return SafeString(' class="none"')
    return SafeString(' class="h5"' if kept else "")


def _bar(hour: int, hours: Hours, top: float, css: str) -> Bar:
    value, past = hours.values[hour], hours.past[hour] if hours.past else None
    left = hour * HOUR_SHARE
    y = _height_y(value, top)
    return Bar(
        hour=hour,
        value=value,
        past=past,
        css=css,
        x=f"{left + 0.67:.2f}",
        y=f"{y:.1f}",
        height=f"{BARS_BASE - y:.1f}",
        tick_from=f"{left + 0.25:.2f}",
        tick_to=f"{left + 3.92:.2f}",
        tick_y=f"{_height_y(past or 0, top):.1f}",
    )


def _top(hours: Hours) -> float:
    return max(0, *hours.values, *hours.past)


def _height_y(value: float, top: float) -> float:
    return BARS_BASE - (BARS_BASE - BARS_TOP) * value / top if top else BARS_BASE


def _cells(
    day: int, row: Sequence[float], top: float, unit: str, peak: tuple[int, int] | None, hours: Sequence[str]
) -> tuple[Cell, ...]:
    """The hours of one day; what is the same for all of them is said once."""
    words, name = _("%(day)s %(hour)s：%(value)s %(unit)s"), day_name(day)
    return tuple(
        Cell(
            hour,
            value,
            f"h{heat_level(value, top)}" + (" peak" if (day, hour) == peak else ""),
            words % {"day": name, "hour": hours[hour], "value": exact(value), "unit": unit},
        )
        for hour, value in enumerate(row)
    )

"""Bars side by side as SVG: percent across, pixels down."""

from __future__ import annotations

from dataclasses import dataclass

from qunying.insights.rendering.buckets import Bucket, Buckets

BASE, TOP, HEIGHT = 120.0, 10.0, 140
LABELS = 12
FIGURES_UP_TO = 14


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar as drawn: percent across, pixels down. An empty ``label`` or ``figure`` is not written."""

    css: str
    x: str
    width: str
    y: str
    height: str
    middle: str
    label: str
    figure: str
    figure_y: str
    is_inside: bool
    tick_from: str
    tick_to: str
    tick_y: str


def lay_bars(buckets: Buckets) -> list[Bar]:
    """The bars side by side, scaled so that the highest bar or mark fits."""
    count, top = len(buckets.bars), buckets.top
    best = max((bar.messages for bar in buckets.bars), default=0)
    every = max(1, -(-count // LABELS))
    return [
        _bar(bar, place, count, top, is_best=bar.messages == best > 0, has_label=place % every == 0)
        for place, bar in enumerate(buckets.bars)
    ]


def _bar(bar: Bucket, place: int, count: int, top: int, *, is_best: bool, has_label: bool) -> Bar:
    share = 100 / count
    y = _height(bar.messages, top)
    tick = None if bar.before is None else _height(bar.before, top)
    figure_y = _figure_y(y, tick)
    return Bar(
        css="now" if is_best else "soft",
        x=f"{(place + 0.2) * share:.2f}",
        width=f"{0.6 * share:.2f}",
        y=f"{y:.1f}",
        height=f"{BASE - y:.1f}",
        middle=f"{(place + 0.5) * share:.2f}",
        label=bar.label if has_label else "",
        figure=str(bar.messages) if count <= FIGURES_UP_TO else "",
        figure_y=f"{figure_y:.0f}",
        is_inside=figure_y > y,
        tick_from=f"{(place + 0.12) * share:.2f}",
        tick_to=f"{(place + 0.88) * share:.2f}",
        tick_y="" if tick is None else f"{tick:.1f}",
    )


def _figure_y(y: float, tick: float | None) -> float:
    """Where a figure stands: inside its bar, else above it, and never under the mark of the stretch before."""
    inside, above = y + 15, y - 4
    if tick is None:
        return inside if inside < BASE else above
    inside = max(inside, tick + 14) if tick < inside + 3 else inside
    return inside if inside < BASE else min(above, tick - 4 if tick > above - 14 else above)


def _height(value: int, top: int) -> float:
    return BASE - (BASE - TOP) * value / top if top else BASE
